"""Who was sent what is on record, nobody gets it twice, and no address leaks."""

from __future__ import annotations

import logging
import traceback
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from structlog.testing import capture_logs
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import Notice, Sent
from activities.letters import message_id
from activities.notify import PUT_OFF, UNFORESEEN, UNREACHABLE, Messenger
from servers import Home, MailServer
from storage.delivery import messages
from storage.keys import Keys
from storage.pool import Pool, make_pool
from tests.activities.notices import STREAM, notice, register, settings
from tests.storage.planting import plant

ZOE = ("Zoë de Vries", "zoe@example.org")
BRAM = ("Bram", "bram@example.org")
GONE = ("Gerda", "gerda@gone.example")
BUSY = ("Bea", "bea@busy.example")


async def send(pool: Pool, keys: Keys, address: str, what: Notice) -> Sent:
    """Carry out a notice as a worker does."""
    messenger = Messenger(pool, keys, settings(address))
    return await ActivityEnvironment().run(messenger.notify, what)


def mailbox(mail: MailServer) -> dict[str, EmailMessage]:
    """What the server accepted, by the address it was delivered to."""
    found = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in mail.messages()
    ]
    by_address = {str(message["Delivered-To"]): message for message in found}
    assert len(by_address) == len(found), "somebody got two"
    return by_address


async def outcomes(pool: Pool) -> dict[str, str]:
    """What is noted, by recipient."""
    return {noted.recipient: noted.outcome for noted in await messages(pool, STREAM)}


async def test_each_gets_a_letter_of_their_own(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """Name and address come from the vault; nobody sees who else was written to."""
    await register(pool, keys, {"p-1": ZOE, "p-2": BRAM})
    what = notice("p-1", "p-2")
    assert await send(pool, keys, mail.address, what) == Sent(
        sent=("p-1", "p-2"), undeliverable=()
    )
    letters = mailbox(mail)
    assert set(letters) == {"zoe@example.org", "bram@example.org"}
    zoe = letters["zoe@example.org"]
    assert zoe.get_content().startswith("Beste Zoë de Vries,")
    assert "bram" not in zoe.as_string().lower()
    assert zoe["Message-ID"] == message_id(what, "p-1")
    assert zoe["Return-Path"] == "<polder@waterdam.example>"
    assert await outcomes(pool) == {"p-1": "sent", "p-2": "sent"}


async def test_a_notice_carried_out_again_sends_nothing(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """A repeat gives the same answer without a letter, even with the server gone."""
    await register(pool, keys, {"p-1": ZOE, "p-2": GONE})
    first = await send(pool, keys, mail.address, notice("p-1", "p-2"))
    await mail.stop()
    again = await send(pool, keys, mail.address, notice("p-1", "p-2", attempt=2))
    assert again == first == Sent(sent=("p-1",), undeliverable=("p-2",))
    assert len(mail.messages()) == 1


async def test_a_recipient_named_twice_gets_one_letter(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """The same person in two roles is written to once."""
    await register(pool, keys, {"p-1": ZOE})
    sent = await send(pool, keys, mail.address, notice("p-1", "p-1"))
    assert sent.sent == ("p-1",)
    assert len(mail.messages()) == 1


async def test_another_effect_is_another_letter(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """What was sent for one effect does not stand in the way of the next."""
    await register(pool, keys, {"p-1": ZOE})
    await send(pool, keys, mail.address, notice("p-1"))
    await send(
        pool, keys, mail.address, notice("p-1", effect="e15", notice="window_closed")
    )
    assert len(mail.messages()) == 2


async def test_one_refused_for_good_is_undeliverable(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """A 550 for one is on record, and those before and after get theirs."""
    await register(pool, keys, {"p-1": ZOE, "p-2": GONE, "p-3": BRAM})
    sent = await send(pool, keys, mail.address, notice("p-1", "p-2", "p-3"))
    assert sent == Sent(sent=("p-1", "p-3"), undeliverable=("p-2",))
    assert set(mailbox(mail)) == {"zoe@example.org", "bram@example.org"}
    assert await outcomes(pool) == {
        "p-1": "sent",
        "p-2": "undeliverable",
        "p-3": "sent",
    }


async def test_without_an_address_nothing_can_be_sent(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """No address, no such person, or no e-mail address: undeliverable, no failure."""
    await register(
        pool,
        keys,
        {
            "p-1": ("Zoë", None),
            "p-2": (None, "geen adres"),
            "p-3": (None, "a@example.org\r\nRCPT TO:<b@example.org>"),
            "p-4": (None, "bram@example.org"),
        },
    )
    sent = await send(
        pool, keys, mail.address, notice("p-0", "p-1", "p-2", "p-3", "p-4")
    )
    assert sent == Sent(sent=("p-4",), undeliverable=("p-0", "p-1", "p-2", "p-3"))
    assert mailbox(mail)["bram@example.org"].get_content().startswith("Goedendag,")


async def test_whose_address_was_erased_can_not_be_sent_anything(
    url: str, pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """With or without the row, once the key is gone: undeliverable, no failure."""
    await register(pool, keys, {"p-1": ZOE, "p-2": BRAM, "p-3": BRAM})
    for gone in ("p-1", "p-2"):
        assert await keys.destroy("gemeente-waterdam", gone) is not None
    await plant(url, "DELETE FROM vault.value WHERE subject = 'p-2'")
    sent = await send(pool, keys, mail.address, notice("p-1", "p-2", "p-3"))
    assert sent == Sent(sent=("p-3",), undeliverable=("p-1", "p-2"))


async def test_while_the_keys_are_away_nobody_is_given_up(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """The attempt fails and is made again: an address may be there after all."""
    await register(pool, keys, {"p-1": ZOE})
    where = "postgresql://polder@127.0.0.1:1/polder"
    async with Keys(where, timeout=0.2) as away:
        with pytest.raises(ApplicationError, match="KeysUnavailable") as caught:
            await send(pool, away, mail.address, notice("p-1"))
    assert (caught.value.type, caught.value.non_retryable) == (UNFORESEEN, False)
    assert await messages(pool, STREAM) == ()
    sent = await send(pool, keys, mail.address, notice("p-1"))
    assert sent.sent == ("p-1",)


async def test_one_put_off_is_tried_again_and_the_others_are_not(
    pool: Pool, keys: Keys, mail: MailServer, home: Home
) -> None:
    """A 451 fails the attempt after all others got theirs; the next sends just it."""
    await register(pool, keys, {"p-1": BUSY, "p-2": BRAM})
    with pytest.raises(ApplicationError) as caught:
        await send(pool, keys, mail.address, notice("p-1", "p-2"))
    assert caught.value.type == PUT_OFF
    assert not caught.value.non_retryable
    assert caught.value.message == "the mail server put off 1 of 2 messages (451)"
    assert await outcomes(pool) == {"p-2": "sent"}
    async with MailServer(home.path / "later") as later:
        sent = await send(pool, keys, later.address, notice("p-1", "p-2"))
        assert sent == Sent(sent=("p-1", "p-2"), undeliverable=())
        assert set(mailbox(later)) == {"bea@busy.example"}
    assert set(mailbox(mail)) == {"bram@example.org"}


async def test_a_server_that_is_away_is_a_failure_to_repeat(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """With no mail server nothing is noted, and the next attempt sends it all."""
    await register(pool, keys, {"p-1": ZOE})
    await mail.stop()
    with pytest.raises(ApplicationError) as caught:
        await send(pool, keys, mail.address, notice("p-1"))
    assert (caught.value.type, caught.value.non_retryable) == (UNREACHABLE, False)
    assert await outcomes(pool) == {}
    await mail.start()
    assert (await send(pool, keys, mail.address, notice("p-1"))).sent == ("p-1",)


async def test_without_the_record_nothing_is_sent(
    url: str, mail: MailServer, keys: Keys
) -> None:
    """Who can't be looked up is not written to, and the attempt can be repeated."""
    nowhere = f"{url}_that_is_not_there"
    async with make_pool(nowhere, timeout=0.5) as pool:
        with pytest.raises(ApplicationError) as caught:
            await send(pool, keys, mail.address, notice("p-1"))
    assert (caught.value.type, caught.value.non_retryable) == (UNFORESEEN, False)
    assert mail.messages() == []


async def test_a_hostile_name_arrives_as_a_name(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """Over the real wire there is one recipient, and no header that was not ours."""
    name = 'Eve", <eve@example.org>\r\nBcc: bram@example.org\r\n\r\n.\r\nQUIT'
    await register(pool, keys, {"p-1": (name, "eva@example.org")})
    await send(pool, keys, mail.address, notice("p-1"))
    letter = mailbox(mail)["eva@example.org"]
    assert [to.addr_spec for to in letter["To"].addresses] == ["eva@example.org"]
    assert "Bcc" not in letter
    assert letter.get_content().splitlines()[0].startswith("Beste Eve")


async def test_an_address_in_another_script_is_written_to(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """Where the server takes such addresses (RFC 6531), they get their letter."""
    await register(pool, keys, {"p-1": ("Ζωή", "ζωή@example.org")})
    sent = await send(pool, keys, mail.address, notice("p-1"))
    assert sent.sent == ("p-1",)
    assert len(mail.messages()) == 1


async def test_temporal_hears_that_the_worker_lives(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """While letters go out there are heartbeats, and they carry nothing."""
    await register(pool, keys, {"p-1": ZOE})
    beats: list[tuple[object, ...]] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: beats.append(details)
    messenger = Messenger(pool, keys, settings(mail.address))
    await environment.run(messenger.notify, notice("p-1"))
    assert beats
    assert set(beats) == {()}


async def test_no_name_and_no_address_leaves(
    pool: Pool,
    keys: Keys,
    mail: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Sent, refused, put off and unreachable: no mark in answers, errors or logs."""
    caplog.set_level(logging.DEBUG)
    mark = "geheimmerk"
    people = {
        "p-1": (f"Zoë {mark}", f"zoe-{mark}@example.org"),
        "p-2": (f"Gerda {mark}", f"gerda-{mark}@gone.example"),
        "p-3": (f"Bea {mark}", f"bea-{mark}@busy.example"),
        "p-4": (f"Odd {mark}", f"{mark} is no address"),
    }
    await register(pool, keys, people)
    said: list[str] = []
    with capture_logs() as logs:
        sent = await send(pool, keys, mail.address, notice("p-1", "p-2", "p-4"))
        for last in (mail.address, "smtp://127.0.0.1:1"):
            with pytest.raises(ApplicationError) as caught:
                await send(pool, keys, last, notice("p-3"))
            said += traceback.format_exception(caught.value)
            assert caught.value.__cause__ is None
    said += [sent.model_dump_json(), str(logs), caplog.text]
    said += [str(noted) for noted in await messages(pool, STREAM)]
    assert any(mark in file.read_text() for file in mail.messages())
    assert mark not in "\n".join(said)
    assert {log["event"] for log in logs} == {"mail_sent", "mail_server_failing"}
    assert all(log["dialogue"] == STREAM for log in logs)
