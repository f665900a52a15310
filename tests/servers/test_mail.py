"""What the local mail server accepts is a file; what it refuses is not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from email import message_from_bytes, policy
from email.message import EmailMessage

import aiosmtplib
import pytest

from servers import Home, MailServer


@pytest.fixture
async def mail(home: Home) -> AsyncGenerator[MailServer]:
    """A server that knows nobody at `gone.example`, and is busy at `busy.example`."""
    server = MailServer(home.mail, refuse=["*@gone.example"], defer=["*@busy.example"])
    async with server:
        yield server


def message(to: str, text: str = "Beste lezer,\n.\nDag!\n") -> EmailMessage:
    """A letter with a line that is a dot, which SMTP has to double."""
    letter = EmailMessage()
    letter["From"] = "polder@example.org"
    letter["To"] = to
    letter["Subject"] = "De reactietermijn is open"
    letter["Message-ID"] = "<1@polder.example>"
    letter.set_content(text)
    return letter


async def send(server: MailServer, letter: EmailMessage) -> str:
    """Send a letter; returns the server's last answer."""
    port = int(server.address.rpartition(":")[2])
    _, answer = await aiosmtplib.send(letter, hostname="127.0.0.1", port=port)
    return answer


async def test_a_message_is_kept_as_it_came(mail: MailServer) -> None:
    """The file holds the message with its envelope, and nothing else lies there."""
    await send(mail, message("lezer@example.org"))
    (file,) = mail.messages()
    kept = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert kept["Return-Path"] == "<polder@example.org>"
    assert kept["Delivered-To"] == "lezer@example.org"
    assert kept["Message-ID"] == "<1@polder.example>"
    assert kept.get_content().replace("\r\n", "\n") == "Beste lezer,\n.\nDag!\n"


async def test_names_sort_in_order_of_arrival(mail: MailServer) -> None:
    """Messages sent one after another are listed in that order, each by itself."""
    for number in range(5):
        await send(mail, message(f"lezer{number}@example.org"))
    texts = [file.read_text() for file in mail.messages()]
    numbers = [text.split("Delivered-To: lezer")[1][0] for text in texts]
    assert numbers == ["0", "1", "2", "3", "4"]


async def test_many_at_once_lose_nothing(mail: MailServer) -> None:
    """Twenty senders at the same time make twenty files."""
    letters = [message(f"lezer{number}@example.org") for number in range(20)]
    await asyncio.gather(*(send(mail, letter) for letter in letters))
    assert len(mail.messages()) == 20


@pytest.mark.parametrize(
    ("to", "code"), [("Anna@Gone.example", 550), ("anna@busy.example", 451)]
)
async def test_a_refused_recipient_gets_nothing(
    mail: MailServer, to: str, code: int
) -> None:
    """A refusal has its code, for good or for now, and leaves no file."""
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(mail, message(to))
    assert [refusal.code for refusal in caught.value.recipients] == [code]
    assert mail.messages() == []


async def test_messages_survive_a_kill(mail: MailServer) -> None:
    """What was accepted is there after a kill -9, and the address stays the same."""
    await send(mail, message("lezer@example.org"))
    first = mail.address
    await mail.kill()
    assert await mail.start() == first
    assert len(mail.messages()) == 1


async def test_a_taken_port_is_replaced(home: Home) -> None:
    """When somebody listens on the wanted port, another one serves."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = int(other.getsockname()[1])
        async with MailServer(home.mail, port=taken) as server:
            assert not server.address.endswith(f":{taken}")
            await send(server, message("lezer@example.org"))
