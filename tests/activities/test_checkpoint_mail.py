"""A mailed checkpoint is kept by whoever gets it, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from activities.checkpoint_mail import Mailing, TooSoon
from activities.letters import read_address
from activities.smtp import MailSettings
from activities.target import NotPublished
from evidence.checkpoint import verify_checkpoint
from servers import MailServer
from storage.publications import note_published
from tests.activities.checkpoints import Journal, journal

__all__ = ["journal"]


def mailing(mail: MailServer, to: str = "archief@waterdam.example") -> Mailing:
    """An address that gets one letter a day."""
    address = read_address(to)
    assert address is not None
    settings = MailSettings.read(mail.address, "Polder <polder@waterdam.example>")
    return Mailing(address, settings, every=timedelta(days=1))


def letters(mail: MailServer) -> list[EmailMessage]:
    """What the mail server took, oldest first."""
    return [
        message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
        for path in mail.messages()
    ]


async def test_the_attachment_is_the_note(journal: Journal, mail: MailServer) -> None:
    """Not one byte differs after the mail's own line ends, so the signature holds."""
    newest = await journal.grow(3)
    await mailing(mail).publish(journal.pool, newest)
    [letter] = letters(mail)
    [attached] = letter.iter_attachments()
    assert attached.get_filename() == f"checkpoint-{newest.size}.txt"
    assert attached.get_content_type() == "text/plain"
    note = attached.get_payload(decode=True)
    assert note == newest.note
    assert verify_checkpoint(newest.note, [journal.key.vkey])
    assert letter["To"] == "archief@waterdam.example"
    assert f"Checkpoint {newest.size}" in letter["Subject"]
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert f"--since checkpoint-{newest.size}.txt" in text
    assert "Bewaar dit bericht" in text
    assert "Please keep this message" in text


async def test_a_repeat_has_the_same_message_id(
    journal: Journal, mail: MailServer
) -> None:
    """A worker that died after sending sends again, and the receiver sees that."""
    first = await journal.grow()
    for _ in range(2):
        await mailing(mail).publish(journal.pool, first)
    await mailing(mail, "elders@waterdam.example").publish(journal.pool, first)
    await mailing(mail).publish(journal.pool, await journal.grow())
    ids = [letter["Message-ID"] for letter in letters(mail)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


async def test_an_address_gets_one_letter_a_day(
    journal: Journal, mail: MailServer
) -> None:
    """A newer checkpoint speaks for all older ones, so none is lost by waiting."""
    archive, newest = mailing(mail), await journal.grow()
    await archive.publish(journal.pool, newest)
    await note_published(journal.pool, archive.id, newest.size)
    with pytest.raises(TooSoon):
        await archive.publish(journal.pool, await journal.grow())
    address = read_address("archief@waterdam.example")
    assert address is not None
    settings = MailSettings.read(mail.address, "Polder <polder@waterdam.example>")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    later = Mailing(address, settings, every=timedelta(days=1), now=lambda: tomorrow)
    await later.publish(journal.pool, await journal.grow())
    assert len(letters(mail)) == 2


@pytest.mark.parametrize(
    ("address", "why"),
    [("zoe@gone.example", "refuses this address"), ("zoe@busy.example", "put off")],
)
async def test_what_the_mail_server_refuses_is_tried_again(
    journal: Journal, mail: MailServer, address: str, why: str
) -> None:
    """And the message names no person."""
    with pytest.raises(NotPublished, match=why) as refused:
        await mailing(mail, address).publish(journal.pool, await journal.grow())
    assert "zoe" not in str(refused.value)
    assert "zoe" not in mailing(mail, address).id
