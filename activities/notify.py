"""Messages reach people at least once, and twice only when a worker died in between.

Name and address come from the vault at the moment of sending; nothing that leaves
here, result, error, heartbeat or log, holds either. Each letter is noted as sent right
after the mail server took it, and a letter that is noted is never sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.answered import Answered
from activities.contracts import NOTIFY, Notice, Sent
from activities.heartbeats import heartbeats
from activities.letters import Addressee, letter, message_id, read_address
from activities.smtp import MailServerFailing, MailSettings, Post, PutOff, Refused
from observing.faults import frames
from storage.contacts import Contact, contacts, texts_at
from storage.delivery import Note, Outcome, already_sent, note_sent
from storage.keys import Keys
from storage.pool import Pool

UNREACHABLE: Final = "MailServerFailing"
"""Error type: nobody can be sent anything now."""

PUT_OFF: Final = "MailPutOff"
"""Error type: some have to wait; all others were sent theirs."""

UNFORESEEN: Final = "MailNotSent"
"""Error type: something else, such as a record that can't be reached."""

_NOTE_PAUSES: Final = (0.1, 0.2, 0.5, 1, 2, *(5,) * 40)
"""Seconds between attempts to note what was sent: over three minutes in all."""

_LAST_LETTER: Final = 30.0
"""Seconds that an orderly stop leaves for the letter under way."""

_Result = TypeVar("_Result")

_log: structlog.stdlib.BoundLogger = structlog.get_logger("polder.notify")


def _now() -> datetime:
    return datetime.now(UTC)


class Messenger:
    """Carries out notices: looks up addresses, sends letters, notes what went out."""

    def __init__(
        self,
        pool: Pool,
        keys: Keys,
        settings: MailSettings,
        *,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Take the writer's ``pool`` and the vault's ``keys``.

        ``now`` gives the real time, with an offset.
        """
        self._pool = pool
        self._keys = keys
        self._settings = settings
        self._now = now

    @activity.defn(name=NOTIFY)
    async def notify(self, notice: Notice) -> Sent:
        """Send a notice to each recipient who did not get it yet.

        Raises `ApplicationError` to be tried again: `UNREACHABLE`, `PUT_OFF` or
        `UNFORESEEN`. Those who were sent theirs by then are not sent it again.
        """
        log = _log.bind(dialogue=notice.stream, effect=notice.effect)
        try:
            async with heartbeats(), Post(self._settings) as post:
                sent, codes, people = await self._send_all(notice, post)
        except MailServerFailing as error:
            log.warning("mail_server_failing", problem=str(error))
            raise ApplicationError(str(error), type=UNREACHABLE) from None
        except Exception as error:  # noqa: BLE001 (its text may quote an address)
            # Only its type and the place leave.
            kind = type(error).__name__
            log.error("mail_not_sent", problem=kind, frames=frames(error))  # noqa: TRY400
            raise ApplicationError(
                f"messages could not be sent ({kind})", type=UNFORESEEN
            ) from None
        log.info(
            "mail_sent",
            notice=notice.notice,
            sent=people - len(codes) - len(sent.undeliverable),
            undeliverable=len(sent.undeliverable),
            put_off=len(codes),
        )
        if codes:
            raise _put_off(codes, people)
        return sent

    async def _send_all(
        self, notice: Notice, post: Post
    ) -> tuple[Sent, list[int], int]:
        """Send to each in turn; one who has to wait does not hold up the next.

        Returns what came of it, the SMTP codes with which some were put off, and how
        many it is for.
        """
        # Whose name and address were erased, or have lost their key, is no failure:
        # there is nobody to write to. Keys that can't be asked for are one, for a
        # while: a letter that is not delivered for that would be a lie.
        answered = await Answered.of(self._pool, notice)
        people = answered.recipients
        known = await contacts(self._pool, self._keys, notice.stream, people)
        texts = await self._open(notice)
        outcomes: dict[str, Outcome] = {}
        codes: list[int] = []
        for recipient in people:
            mine, contact = answered.to(recipient), known.get(recipient)
            one = self._send_once(mine, recipient, contact, texts, post)
            try:
                outcomes[recipient] = await _unbroken(one)
            except PutOff as error:
                codes.append(error.code)
        return answered.sent(_result(outcomes)), codes, len(people)

    async def _open(self, notice: Notice) -> dict[str, str]:
        """Give the private texts that a notice encloses; not what was erased."""
        places = [enclosed.place for enclosed in notice.enclosed]
        found = await texts_at(self._pool, self._keys, notice.stream, places)
        return {e.name: found[e.place] for e in notice.enclosed if e.place in found}

    async def _send_once(
        self,
        notice: Notice,
        recipient: str,
        contact: Contact | None,
        texts: Mapping[str, str],
        post: Post,
    ) -> Outcome:
        """Send one letter unless it is noted, and note it."""
        identity = message_id(notice, recipient)
        # Asked for each letter anew: an attempt that Temporal gave up may still run
        # on a worker that it can't reach. To Temporal that worker is dead; what it
        # noted by now is not sent again.
        noted = await already_sent(self._pool, [identity])
        if identity in noted:
            return noted[identity]
        outcome = await self._send(notice, recipient, contact, texts, post)
        # At this point the mail server has the letter, and only this process knows.
        # If it is killed here the letter goes out once more, with the same Message-ID.
        await self._note(
            Note(identity, notice.stream, notice.effect, recipient, outcome)
        )
        # At this point the letter is noted: no retry sends it again.
        return outcome

    async def _send(
        self,
        notice: Notice,
        recipient: str,
        contact: Contact | None,
        texts: Mapping[str, str],
        post: Post,
    ) -> Outcome:
        name = contact.name if contact else None
        address = read_address(contact.address if contact else None, name or "")
        if address is None:
            return "undeliverable"
        to = Addressee(recipient, name, address)
        sender, date = self._settings.sender, self._now()
        written = letter(notice, to, sender=sender, date=date, texts=texts)
        try:
            await post.send(written)
        except Refused:
            return "undeliverable"
        return "sent"

    async def _note(self, note: Note) -> None:
        """Note what became of a letter, however long the record is away."""
        for pause in _NOTE_PAUSES:
            try:
                return await note_sent(self._pool, [note])
            except Exception as error:  # noqa: BLE001 (giving up means sending twice)
                problem = type(error).__name__
            _log.warning(
                "mail_not_noted",
                dialogue=note.stream,
                effect=note.effect,
                problem=problem,
            )
            await asyncio.sleep(pause)
        return await note_sent(self._pool, [note])


def _result(outcomes: dict[str, Outcome]) -> Sent:
    return Sent(
        sent=tuple(who for who, how in outcomes.items() if how == "sent"),
        undeliverable=tuple(
            who for who, how in outcomes.items() if how == "undeliverable"
        ),
    )


def _put_off(codes: list[int], total: int) -> ApplicationError:
    said = ", ".join(str(code) for code in sorted(set(codes)))
    return ApplicationError(
        f"the mail server put off {len(codes)} of {total} messages ({said})",
        type=PUT_OFF,
    )


async def _unbroken(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Do ``work`` to its end, also when this activity is told to stop meanwhile."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_LAST_LETTER)
        if not task.cancel():
            task.exception()  # looked at, so that asyncio does not complain of it
        raise
