"""A checkpoint in somebody's mailbox is out of reach for good.

One letter for a checkpoint and an address, with the note as an attachment whose bytes
are the note's own. Its Message-ID follows from both, so a repeat can be seen. By
default an address gets at most one a day: a newer checkpoint speaks for all older ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from activities.letters import MESSAGE_DOMAIN
from activities.smtp import MailServerFailing, MailSettings, Post, PutOff, Refused
from activities.target import Newest, NotPublished, short_hash, told_of
from language import mark, translator
from storage.pool import Pool
from storage.publications import publication

LANGUAGES: Final = ("nl", "en")
"""An address says nothing of its reader's language, so the letter is in both."""

_SUBJECT: Final = mark("Checkpoint {size} of {origin}")
_TEXTS: Final = (
    mark(
        "This message holds a checkpoint of the log {origin}: {size} events, up to "
        "{at} (UTC). It is in the attachment, signed by the log."
    ),
    mark(
        "Please keep this message. With the checkpoint anybody can check later that "
        "nothing of those events was changed, left out or put back."
    ),
    mark("You do that with an evidence pack of a later date:"),
)
_COMMAND: Final = "python verify.py PACK --key VKEY --since {name}"


def _now() -> datetime:
    return datetime.now(UTC)


class Mailing:
    """One address that checkpoints are mailed to."""

    def __init__(
        self,
        address: Address,
        settings: MailSettings,
        *,
        every: timedelta,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """``every`` is the least time between two letters."""
        self.id = f"mail:{address.domain}#{short_hash(address.addr_spec)}"
        self._address = address
        self._settings = settings
        self._every = every
        self._now = now

    async def publish(self, pool: Pool, newest: Newest) -> bool:
        """Send it, unless a letter went not long ago. Raises `NotPublished`."""
        if await self._is_soon(pool):
            raise TooSoon
        letter = checkpoint_letter(
            newest, self._address, sender=self._settings.sender, date=self._now()
        )
        try:
            async with Post(self._settings) as post:
                await post.send(letter)
        except Refused:
            raise NotPublished("the mail server refuses this address") from None
        except (PutOff, MailServerFailing) as error:
            raise NotPublished(str(error)) from None
        # At this point the mail server has the letter. Killed before that is noted, a
        # worker sends it once more, with the same Message-ID.
        return False

    async def _is_soon(self, pool: Pool) -> bool:
        known = await publication(pool, self.id)
        if known is None or known.published_at is None:
            return False
        return self._now() - known.published_at < self._every


class TooSoon(Exception):
    """The address had a letter not long ago; the next checkpoint may go."""


def checkpoint_letter(
    newest: Newest, to: Address, *, sender: Address, date: datetime
) -> EmailMessage:
    """Return the letter that brings a checkpoint to an address."""
    name = f"checkpoint-{newest.size}.txt"
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = message_id(newest, to)
    message["Date"] = date
    message["From"] = sender
    message["To"] = to
    message["Subject"] = " / ".join(
        dict.fromkeys(_said(_SUBJECT, lang, newest) for lang in LANGUAGES)
    )
    message["Auto-Submitted"] = "auto-generated"
    body = "\n\n-- \n\n".join(_body(newest, name, lang) for lang in LANGUAGES)
    message.set_content(body + "\n", cte="quoted-printable")
    # As bytes: text would get the line ends of mail, and the signature would not hold.
    message.add_attachment(
        newest.note,
        maintype="text",
        subtype="plain",
        cte="base64",
        filename=name,
        params={"charset": "utf-8"},
    )
    return message


def message_id(newest: Newest, to: Address) -> str:
    """Return the Message-ID of a checkpoint to an address (RFC 5322, 3.6.4)."""
    return f"<{told_of(newest, to.addr_spec)[:40]}@{MESSAGE_DOMAIN}>"


def _body(newest: Newest, name: str, lang: str) -> str:
    told = [_said(text, lang, newest) for text in _TEXTS]
    return "\n\n".join([*told, "    " + _COMMAND.format(name=name)])


def _said(text: str, lang: str, newest: Newest) -> str:
    at = newest.at.strftime("%Y-%m-%d %H:%M")
    return translator(lang)(text).format(origin=newest.origin, size=newest.size, at=at)
