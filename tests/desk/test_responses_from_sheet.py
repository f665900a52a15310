"""Responses on paper come from a sheet: each once, and each with its own outcome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from desk.answering import answers
from desk.desk import Sender
from desk.history import private_words
from desk.methods import publish_method
from desk.response_sheet import Row, read
from desk.responses_from_sheet import Done, bring_in, rehearse
from desk.spreadsheet import Unreadable
from domain.clock import to_dialogue_time
from domain.facts import written
from storage.queries import counts
from tests.desk.town_hall import DIRECTOR, ORGANISATION, TownHall
from tests.domain.story import given

TRIAL = Path(__file__).parents[1] / "domain" / "method.yaml"
IDEAS = "brief.ideas"
STEERS = Sender("d-1", "director")
LETTERS = (
    "Wie;Reactie;Poststempel;Hoe het kwam;Adres;Kleur\r\n"
    'r-1;"Meer; bomen";;Post;een@example.org;rood\r\n'
    "r-2;Minder auto’s;;;;\r\n"
)

_numbers = count(1)


def rows(text: str) -> list[Row]:
    """Read a sheet for a window of a dialogue that has begun."""
    return read(text, IDEAS, given().state).rows


def test_a_dutch_sheet_is_read() -> None:
    """By its Dutch headings and words; what is not read is named."""
    sheet = read(LETTERS, IDEAS, given().state, {"channel": "meeting"})
    first, second = sheet.rows
    assert first.body == {
        "window": IDEAS,
        "respondent": "r-1",
        "response": "Meer; bomen",
        "channel": "post",
        "address": "een@example.org",
    }
    assert second.body["channel"] == "meeting", "what holds for all rows"
    assert sheet.ignored == ["Kleur"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (";Anoniem;;;", "does not say whose"),
        ("r-1;;;;", "neither a response nor a reference"),
        ("r-1;Ja;31-02-2026;;", "31-02-2026 can't be read as: received"),
        ("r-1;Ja;;gisteren;", "gisteren can't be read as: posted on"),
        ("r-1;Ja;;;duif", "duif can't be read as: how it came"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_of_that_row(row: str, words: str) -> None:
    """And the rows around it are read."""
    head = "wie;reactie;ontvangen;poststempel;kanaal\n"
    before, wrong, after = rows(f"{head}r-0;A;;;\n{row}\nr-9;B;;;\n")
    assert (before.problem, after.problem) == (None, None)
    assert words in str(wrong.problem)


def test_a_sheet_that_names_nobody_is_refused() -> None:
    """Nothing of it could be recorded."""
    with pytest.raises(Unreadable, match="no column respondent"):
        rows("reactie\nJa\n")


def test_a_letter_keeps_its_id_wherever_it_stands() -> None:
    """By the column with letters, else by how many of somebody's come before it."""
    first, second = rows("wie;reactie;brief\nr-1;A;12\nr-1;B;13\n")
    assert [row.name for row in rows("wie;reactie;brief\nr-1;B;13\nr-1;A;12\n")] == [
        second.name,
        first.name,
    ]
    plain = rows("wie;reactie\nr-1;A\nr-2;B\n")
    assert [r.name for r in rows("wie;reactie\nr-2;B\nr-1;A\nr-1;C\n")[:2]] == [
        plain[1].name,
        plain[0].name,
    ]
    again = rows("wie;reactie;brief\nr-1;A;12\nr-2;B;12\n")[1]
    assert "line 2 was about the same letter" in str(again.problem)


def test_a_day_is_its_last_moment_or_now_while_it_lasts() -> None:
    """Whoever was in time on that day is in time; nothing came in the future."""
    state = given().state
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    past, today, coming = rows(
        "wie;reactie;ontvangen\n"
        "r-1;A;1-2-2026\n"
        f"r-2;B;{now.astimezone():%Y-%m-%d}\n"
        f"r-3;C;{now + timedelta(days=40):%d-%m-%Y}\n"
    )
    assert past.body["received_at"].startswith("2026-02-01T22:59:59")
    assert today.body["received_at"] <= written(now + timedelta(minutes=1))
    assert coming.body["received_at"] > written(now)


async def asked(hall: TownHall, window: str) -> str:
    """Start a dialogue in which a window is open."""
    await publish_method(hall.desk, TRIAL, DIRECTOR.id)
    stream = f"{ORGANISATION}:paper{next(_numbers)}"
    start = {"method": "proefmethode", "title": "Parkzicht", "language": "en"}
    roles = {"director": ["d-1"], "panel": ["r-1", "r-2"]}
    await hall.desk.start(stream, start | {"roles": roles}, STEERS)
    step = {"step": window.partition(".")[0]}
    await hall.desk.send(stream, "start_step", step, STEERS)
    return stream


async def brought(hall: TownHall, stream: str, text: str) -> list[Done]:
    """Bring a sheet to the public window of a dialogue."""
    state = await hall.desk.dialogue(stream)
    found = read(text, IDEAS, state).rows
    return [done async for done in bring_in(hall.desk, stream, found, STEERS)]


async def test_the_same_sheet_twice_records_nothing_twice(hall: TownHall) -> None:
    """Words and addresses are in the vault, and a row added later is recorded."""
    stream = await asked(hall, IDEAS)
    first = await brought(hall, stream, LETTERS)
    assert [(done.outcome, done.number) for done in first] == [
        ("recorded", 1),
        ("recorded", 2),
    ]
    again = await brought(hall, stream, f"{LETTERS}r-3;Later gevonden;;;;\r\n")
    assert [done.outcome for done in again] == ["known", "known", "recorded"]
    assert (await counts(hall.desk.pool, stream))["response_recorded"] == len(again)
    state = await hall.desk.dialogue(stream)
    words = await private_words(hall.desk, stream, state, STEERS)
    assert {"Meer; bomen", "een@example.org", "Later gevonden"} <= set(words.values())
    listed = await answers(hall.desk, stream, "en")
    assert [view.channel for view in listed.responses] == ["post", None, None]
    assert await hall.findings() == []


async def test_a_letter_with_another_text_is_not_passed_over(hall: TownHall) -> None:
    """Who mends a sheet hears that the record says something else."""
    stream = await asked(hall, IDEAS)
    await brought(hall, stream, LETTERS)
    changed, same = await brought(hall, stream, LETTERS.replace("Meer", "Geen"))
    assert (changed.outcome, changed.number) == ("refused", 1)
    assert "another text" in str(changed.problem)
    assert same.outcome == "known"


async def test_a_row_that_is_refused_stops_no_other(hall: TownHall) -> None:
    """Who writes a name for an id is told so; the rest goes on record."""
    stream = await asked(hall, IDEAS)
    text = "wie;reactie\nJan de Vries;A\nr-2;B\n"
    found = read(text, IDEAS, await hall.desk.dialogue(stream)).rows
    told = [done async for done in rehearse(hall.desk, stream, found, STEERS)]
    assert [done.outcome for done in told] == ["refused", "recorded"]
    assert "response_recorded" not in await counts(hall.desk.pool, stream)
    done = await brought(hall, stream, text)
    assert [(each.outcome, each.number) for each in done] == [
        ("refused", None),
        ("recorded", 1),
    ]
