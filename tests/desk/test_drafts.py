"""What somebody began to write is theirs, lies encrypted, and goes by itself."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from desk import drafts
from desk.errors import Refused
from desk.executing import execute
from storage.drafts import sweep
from tests.desk.town_hall import OFFICER, ORGANISATION, TownHall

STEP = "kennismaken"
WINDOW, OTHER = f"{STEP}.vraag", f"{STEP}.nog-een"
TEXT = "Ik twijfel nog over de lindebomen"


async def asked(hall: TownHall) -> str:
    """Start a dialogue with two open windows; give its name."""
    stream = await hall.dialogue()
    changes = [
        {
            "change": "add_window",
            "step": STEP,
            "window": {
                "id": name.partition(".")[2],
                "title": {"nl": "Wat vindt u?", "en": "What do you think?"},
                "audience": "parties",
                "duration": {"working_days": 10},
                "may_close_early": True,
            },
        }
        for name in (WINDOW, OTHER)
    ]
    await hall.does(stream, "amend_plan", changes=changes, reason="Meer horen")
    await hall.does(stream, "start_step", step=STEP)
    for window in (WINDOW, OTHER):
        await hall.does(stream, "open_window", window=window)
    return stream


async def texts(hall: TownHall, stream: str, who: str = "anna") -> dict[str, str]:
    """Give what somebody's drafts say, by window."""
    found = await drafts.kept(hall.desk, stream, who)
    return {window: draft.text for window, draft in found.items()}


async def as_owner(hall: TownHall, query: str, *given: Any) -> list[Any]:  # noqa: ANN401
    """Run a statement as whoever owns the database."""
    async with await psycopg.AsyncConnection.connect(
        hall.database, autocommit=True
    ) as conn:
        cursor = await conn.execute(query.encode(), given)
        return await cursor.fetchall() if cursor.description else []


async def test_a_draft_is_its_writers_and_is_no_event(hall: TownHall) -> None:
    """It is there for who wrote it, the last one alone, and in no history."""
    stream = await asked(hall)
    await hall.quiet(stream)
    before = (await hall.desk.dialogue(stream)).version
    await drafts.keep(hall.desk, stream, WINDOW, "anna", "eerst dit")
    await drafts.keep(hall.desk, stream, WINDOW, "anna", TEXT)
    assert await texts(hall, stream) == {WINDOW: TEXT}
    assert await texts(hall, stream, "bram") == {}
    assert (await hall.desk.dialogue(stream)).version == before
    history = hall.client.get_workflow_handle(stream).fetch_history_events()
    assert TEXT.encode() not in b"".join(
        [event.SerializeToString() async for event in history]
    )


async def test_it_lies_there_encrypted(hall: TownHall) -> None:
    """Who has the table alone reads nothing; moved to another, it opens nothing."""
    stream = await asked(hall)
    await drafts.keep(hall.desk, stream, WINDOW, "anna", TEXT)
    where = "FROM vault.draft WHERE stream = %s"
    [(value,)] = await as_owner(hall, f"SELECT value {where}", stream)
    assert TEXT.encode() not in value
    moved = "UPDATE vault.draft SET subject = 'bram' WHERE stream = %s"
    await as_owner(hall, moved, stream)
    assert await texts(hall, stream, "bram") == {}


async def test_it_goes_with_the_closing_of_its_window(hall: TownHall) -> None:
    """At once, and those of other windows stay until the dialogue ends."""
    stream = await asked(hall)
    for window in (WINDOW, OTHER):
        await drafts.keep(hall.desk, stream, window, "anna", TEXT)
    await hall.does(stream, "close_window", window=WINDOW, reason="Genoeg")
    assert await texts(hall, stream) == {OTHER: TEXT}
    with pytest.raises(Refused, match="not open"):
        await drafts.keep(hall.desk, stream, WINDOW, "anna", TEXT)
    await hall.does(stream, "cancel_dialogue", reason="Het gaat niet door")
    assert await texts(hall, stream) == {}


async def test_nothing_typed_is_no_draft(hall: TownHall) -> None:
    """An empty text takes away what was there, and so does its writer."""
    stream = await asked(hall)
    await drafts.keep(hall.desk, stream, WINDOW, "anna", TEXT)
    assert await drafts.keep(hall.desk, stream, WINDOW, "anna", "  \n") is None
    assert await texts(hall, stream) == {}
    await drafts.keep(hall.desk, stream, WINDOW, "anna", TEXT)
    assert await drafts.drop(hall.desk, stream, WINDOW, "anna")
    assert not await drafts.drop(hall.desk, stream, WINDOW, "anna")


async def test_what_can_not_be_kept_is_refused(hall: TownHall) -> None:
    """Too long, or with a sign that no text of ours has."""
    stream = await asked(hall)
    for text in ("x" * 20_001, "a\x00b", "\ud800"):
        with pytest.raises(Refused):
            await drafts.keep(hall.desk, stream, WINDOW, "anna", text)
    assert await texts(hall, stream) == {}


async def test_who_is_erased_leaves_no_draft(hall: TownHall) -> None:
    """A draft counts as something that is kept about somebody, and goes too."""
    stream = await asked(hall)
    for who in ("anna", "bram"):
        await drafts.keep(hall.desk, stream, WINDOW, who, TEXT)
    await hall.granted("wissing-concept")
    done = await execute(hall.desk, ORGANISATION, "wissing-concept", OFFICER)
    assert done.proof is not None
    assert done.proof.nothing_left
    assert await texts(hall, stream) == {}
    assert await texts(hall, stream, "bram") == {WINDOW: TEXT}


async def test_what_came_just_after_the_closing_is_swept(hall: TownHall) -> None:
    """No event will take it away any more; what has an open window is spared."""
    stream = await asked(hall)
    await drafts.keep(hall.desk, stream, WINDOW, "anna", TEXT)
    await drafts.keep(hall.desk, stream, OTHER, "anna", TEXT)
    aged = (
        "UPDATE vault.draft SET saved_at = saved_at - interval '1 hour',"
        " feedback_window = CASE feedback_window WHEN %s THEN 'kennismaken.over'"
        " ELSE feedback_window END WHERE stream = %s"
    )
    await as_owner(hall, aged, WINDOW, stream)
    assert await sweep(hall.desk.pool) == 1
    assert await texts(hall, stream) == {OTHER: TEXT}


async def test_what_was_sent_is_no_draft_any_more(hall: TownHall) -> None:
    """Nor where it arrived after what was sent; a letter that came takes none away."""
    stream = await asked(hall)
    said = {"window": WINDOW, "respondent": "bram", "response": TEXT}
    await drafts.keep(hall.desk, stream, WINDOW, "bram", TEXT, after=0)
    await hall.does(stream, "record_response", **said, channel="post")
    assert await texts(hall, stream, "bram") == {WINDOW: TEXT}
    await hall.does(stream, "record_response", **said, channel="web")
    assert await texts(hall, stream, "bram") == {}
    with pytest.raises(Refused) as refused:
        await drafts.keep(hall.desk, stream, WINDOW, "bram", TEXT, after=0)
    assert refused.value.name == "SentSince"
    last = (await hall.desk.dialogue(stream)).version
    await drafts.keep(hall.desk, stream, WINDOW, "bram", "En nog dit", after=last)
    assert await texts(hall, stream, "bram") == {WINDOW: "En nog dit"}


async def test_what_arrived_late_is_swept(hall: TownHall) -> None:
    """Nobody reads it, and within the hour it lies there no more."""
    stream = await asked(hall)
    said = {"window": WINDOW, "respondent": "bram", "response": TEXT}
    await drafts.keep(hall.desk, stream, WINDOW, "bram", TEXT, after=0)
    await hall.does(stream, "record_response", **said)
    where = "vault.draft WHERE stream = %s"
    await as_owner(
        hall,
        "UPDATE vault.draft SET saved_at = saved_at - interval '1 hour' "
        "WHERE stream = %s",
        stream,
    )
    await sweep(hall.desk.pool)
    assert await as_owner(hall, f"SELECT * FROM {where}", stream) == []
