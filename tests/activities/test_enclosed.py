"""Private texts are opened for those who get the letter, and only what is on record."""

from __future__ import annotations

from datetime import UTC, datetime

from activities.contracts import Sent
from domain.notices import Enclosed
from evidence.event import Sealed, seal
from servers import MailServer
from storage.batch import Batch
from storage.contacts import texts_at
from storage.keys import Keys
from storage.pool import Pool
from storage.record import append, head
from storage.vault import PrivateField, put
from tests.activities.notices import STREAM, notice, register
from tests.activities.test_notify import ZOE, mailbox, send

PLACE = "Keukentafel van de familie Jansen"
"""Where people meet, which is nobody else's business."""


async def scheduled(pool: Pool, keys: Keys, *, recorded: bool = True) -> int:
    """Put where a meeting is in the vault, and the event that commits to it on record.

    Gives the event's seq.
    """
    fields = [PrivateField("/place", "d-1", PLACE)]
    made = await put(pool, keys, STREAM, "schedule-1", fields)
    last = await head(pool, STREAM)
    assert last is not None
    event: Sealed = seal(
        stream=STREAM,
        seq=last.seq + 1,
        prev=last.head,
        cause="schedule-1",
        position=0,
        type="meeting_scheduled",
        at=datetime(2026, 11, 23, 10, tzinfo=UTC),
        actor={"id": "d-1", "role": "process_director", "via": "update"},
        mandate=None,
        data={"meeting": "start", "place": None},
        private=made,
    )
    if recorded:
        batch = Batch(STREAM, 0, last.seq, last.head, (event.body,))
        await append(pool, batch)
    return last.seq + 1


async def test_a_letter_has_the_texts_that_it_encloses(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """They come from the vault when it is sent; the notice itself has none of them."""
    await register(pool, keys, {"p-1": ZOE})
    seq = await scheduled(pool, keys)
    place = Enclosed(name="place", place=(seq, "/place"))
    what = notice("p-1", notice="meeting_invited", enclosed=(place,))
    assert PLACE not in what.model_dump_json()
    assert await send(pool, keys, mail.address, what) == Sent(
        sent=("p-1",), undeliverable=()
    )
    letter = mailbox(mail)["zoe@example.org"]
    assert f"Waar: {PLACE}" in letter.get_content()


async def test_what_is_not_on_record_is_not_opened(pool: Pool, keys: Keys) -> None:
    """A text of a command that was never obeyed, a place where no text stands."""
    await register(pool, keys, {"p-1": ZOE})
    seq = await scheduled(pool, keys, recorded=False)
    places = [(seq, "/place"), (1, "/place"), (99, "/name")]
    assert await texts_at(pool, keys, STREAM, places) == {}


async def test_each_place_gives_its_own_text(pool: Pool, keys: Keys) -> None:
    """By event and pointer, and nothing of another stream."""
    await register(pool, keys, {"p-1": ZOE})
    seq = await scheduled(pool, keys)
    asked = [(seq, "/place"), (1, "/address")]
    found = await texts_at(pool, keys, STREAM, asked)
    assert found == {(seq, "/place"): PLACE, (1, "/address"): ZOE[1]}
    assert await texts_at(pool, keys, "elsewhere:park", asked) == {}


async def test_a_text_that_lost_its_key_is_left_out(
    pool: Pool, keys: Keys, mail: MailServer
) -> None:
    """Erased means gone from letters too; the letter itself still goes out."""
    await register(pool, keys, {"p-1": ZOE})
    seq = await scheduled(pool, keys)
    assert await keys.destroy("gemeente-waterdam", "d-1") is not None
    place = Enclosed(name="place", place=(seq, "/place"))
    what = notice("p-1", notice="meeting_invited", enclosed=(place,))
    sent = await send(pool, keys, mail.address, what)
    assert sent.sent == ("p-1",)
    assert "Waar" not in mailbox(mail)["zoe@example.org"].get_content()
