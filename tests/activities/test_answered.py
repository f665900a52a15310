"""Whoever gave a response gets its answer, once, with the reason from the vault."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from temporalio.testing import ActivityEnvironment

from activities.contracts import Notice, Sent
from activities.notify import Messenger
from evidence.event import ZERO_HASH, Sealed, seal
from servers import MailServer
from storage.batch import Batch
from storage.keys import Keys
from storage.pool import Pool
from storage.record import append
from storage.respondents import respondents
from storage.vault import PrivateField, put
from tests.activities.notices import STREAM, notice, settings

WINDOW = "verslag.reactie"
OTHER = "verslag.nakomers"
REASON = "De bomen blijven staan.\nDe bank komt er ook."
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Record:
    """A dialogue that grows event by event."""

    def __init__(self, pool: Pool, keys: Keys) -> None:
        self._pool, self._keys = pool, keys
        self._sealed: list[Sealed] = []

    async def happens(self, kind: str, subject: str, **data: object) -> int:
        """Put an event on record; texts go to the vault. Gives its seq."""
        texts = {n: v for n, v in data.items() if n in {"name", "address", "reason"}}
        fields = [PrivateField(f"/{n}", subject, str(v)) for n, v in texts.items()]
        command = f"c-{len(self._sealed) + 1}"
        made = await put(self._pool, self._keys, STREAM, command, fields)
        before = self._sealed[-1].hash if self._sealed else ZERO_HASH
        event = seal(
            stream=STREAM,
            seq=len(self._sealed) + 1,
            prev=before,
            cause=command,
            position=0,
            type=kind,
            at=AT,
            actor={"id": "p-0", "role": "process_director", "via": "update"},
            mandate=None,
            data=cast("dict[str, Any]", {**data, **dict.fromkeys(texts)}),
            private=made,
        )
        after = len(self._sealed)
        await append(self._pool, Batch(STREAM, 0, after, before, (event.body,)))
        self._sealed.append(event)
        return after + 1

    async def responds(self, who: str, window: str = WINDOW, **more: object) -> None:
        """Put a response on record, without a number as earlier builds did."""
        given = {"window": window, "respondent": who, **more}
        await self.happens("response_recorded", who, **given)


async def answered(pool: Pool, keys: Keys) -> tuple[Record, int]:
    """Three people respond, one of them twice; their responses are answered."""
    record = Record(pool, keys)
    for who, address in (("p-1", "zoe@example.org"), ("p-2", "bram@example.org")):
        contact = {"name": who.upper(), "address": address}
        await record.happens("role_assigned", who, role="panel", actor=who, **contact)
    await record.responds("p-1")
    await record.responds("p-9", OTHER)
    for who in ("p-2", "p-3", "p-1"):
        await record.responds(who)
    seq = await record.happens("response_answered", "p-0", window=WINDOW, reason=REASON)
    return record, seq


def answer(seq: int, numbers: str, effect: str = "e12-1") -> Notice:
    """The notice of an answer to these responses."""
    return notice(
        effect=effect,
        notice="answer_given",
        closes=None,
        closes_local=None,
        subject=f"answers {WINDOW}",
        responses={"window": WINDOW, "numbers": numbers},
        facts=[{"name": "answer", "value": "partly"}],
        enclosed=[{"name": "reason", "place": [seq, "/reason"]}],
    )


async def send(pool: Pool, keys: Keys, mail: MailServer, what: Notice) -> Sent:
    """Carry out a notice as a worker does."""
    messenger = Messenger(pool, keys, settings(mail.address))
    return await ActivityEnvironment().run(messenger.notify, what)


def mailbox(mail: MailServer) -> list[EmailMessage]:
    """What the server accepted."""
    files = mail.messages()
    return [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]


async def test_each_respondent_gets_the_answer_with_its_reason(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """One letter each, however many responses; without an address there is none."""
    _, seq = await answered(pool, keys)
    sent = await send(pool, keys, mail, answer(seq, "1-4"))
    assert sent == Sent(sent=(), undeliverable=(), told="1-2,4", untold="3")
    letters = {str(each["Delivered-To"]): each for each in mailbox(mail)}
    assert set(letters) == {"zoe@example.org", "bram@example.org"}
    zoe = letters["zoe@example.org"].get_content().replace("\r\n", "\n")
    assert "Nummer van uw reactie: 1,4" in zoe
    assert "Wat wij ermee doen: Wij nemen een deel van uw reactie over" in zoe
    assert "De bomen blijven staan.\nDe bank komt er ook." in zoe
    assert "Nummer van uw reactie: 2" in letters["bram@example.org"].get_content()


async def test_an_answer_goes_to_those_it_is_for_and_no_others(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """Numbers count in their own window, in the order of the record."""
    _, seq = await answered(pool, keys)
    assert await respondents(pool, STREAM, WINDOW, [2, 3, 9]) == {2: "p-2", 3: "p-3"}
    assert await respondents(pool, STREAM, OTHER, [1, 2]) == {1: "p-9"}
    sent = await send(pool, keys, mail, answer(seq, "2"))
    assert (sent.told, sent.untold) == ("2", "")
    assert [str(each["Delivered-To"]) for each in mailbox(mail)] == ["bram@example.org"]


async def test_an_answer_that_is_sent_again_reaches_nobody_twice(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """A repeat gives the same outcome; a changed answer is a letter of its own."""
    record, seq = await answered(pool, keys)
    first = await send(pool, keys, mail, answer(seq, "1-2"))
    assert await send(pool, keys, mail, answer(seq, "1-2")) == first
    assert len(mailbox(mail)) == 2
    why = "Wij hebben ons bedacht."
    more = await record.happens("response_answered", "p-0", window=WINDOW, reason=why)
    await send(pool, keys, mail, answer(more, "2", effect="e13-1"))
    last = mailbox(mail)[-1]
    assert why in last.get_content()
    assert last["References"] == mailbox(mail)[1]["References"]


async def test_the_address_that_came_with_a_response_is_where_its_answer_goes(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """But not in the place of one that the dialogue knows: anybody can send one in."""
    record, seq = await answered(pool, keys)
    await record.responds("r-1", address="ria@example.org")
    await record.responds("p-1", address="somebody@example.org")
    sent = await send(pool, keys, mail, answer(seq, "4-6"))
    assert (sent.told, sent.untold) == ("4-6", "")
    came_with = {str(each["Delivered-To"]) for each in mailbox(mail)}
    assert came_with == {"ria@example.org", "zoe@example.org"}
