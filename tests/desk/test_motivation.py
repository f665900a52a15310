"""The motivation of participation with real servers: read, proven, and written."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from desk import reads
from desk.desk import Sender
from desk.errors import DeskError, NotFound, Refused
from desk.history import whole_history
from desk.motivation.document import Motivation
from desk.motivation.making import Asked, motivation, told, write
from tests.desk.town_hall import ANNA, DIRECTOR, WORDS, TownHall

STRANGER = Sender("x-1", "parties")
MADE = datetime(2026, 12, 24, 9, tzinfo=UTC)
WHY = "Er kwam een nieuw plan voor het plein"

_numbers = count(1)


@pytest.fixture
async def stream(hall: TownHall) -> str:
    """Start a dialogue in which Anna said something, and the brief was done."""
    made = await hall.dialogue()
    await hall.does(
        made,
        "note_fact",
        type="homes",
        value="ongeveer 8.000 woningen",
        happened="2020-06",
        source="rapport S3",
    )
    return made


def asked(stream: str, lang: str = "nl", by: Sender = DIRECTOR) -> Asked:
    """Ask for the document without private texts."""
    return Asked(stream, lang, by, "uit/motivering.html")


async def made(hall: TownHall, question: Asked) -> Motivation:
    """Make the document."""
    return await motivation(hall.desk, question, MADE)


def words_of(document: Motivation) -> str:
    """Give all that it says."""
    return " ".join(each.text for each in document.sentences())


async def test_every_event_it_points_to_is_on_record(
    hall: TownHall, stream: str
) -> None:
    """With the hash that the record has for it."""
    document = await made(hall, asked(stream))
    hashes = {e.seq: e.hash for e in await whole_history(hall.desk, stream)}
    listed = {each.seq: each.hash for each in document.cited}
    assert listed
    assert listed.items() <= hashes.items()
    assert all(set(each.events) <= set(listed) for each in document.sentences())
    assert "ongeveer 8.000 woningen" in words_of(document)


async def test_names_and_reasons_are_for_who_may_read_them(
    hall: TownHall, stream: str
) -> None:
    """Not asked for, they are not there; a stranger who asks is refused."""
    public = words_of(await made(hall, asked(stream)))
    assert ANNA["name"] not in public
    assert WORDS not in public
    private = asked(stream)._replace(private=True)
    steering = words_of(await made(hall, private))
    assert ANNA["name"] in steering
    assert WORDS in steering
    with pytest.raises(Refused):
        await made(hall, private._replace(by=STRANGER))


async def test_a_moment_of_before_is_told_as_it_was(
    hall: TownHall, stream: str
) -> None:
    """By an event's number: what came after it is not in the document."""
    before = await made(hall, asked(stream)._replace(moment="1"))
    assert {each.seq for each in before.cited} == {1}
    assert "8.000" not in words_of(before)
    assert "--seq 1 " in dict(before.provenance)["Opnieuw te maken met"]


async def test_it_is_made_again_by_the_command_it_names(
    hall: TownHall, stream: str
) -> None:
    """Asked for up to the event that the command names, it says the same."""
    first = await made(hall, asked(stream, "en"))
    command = dict(first.provenance)["Made again by"]
    seq = re.search(r"--seq (\d+)", command)
    assert seq is not None
    assert "--lang en" in command
    await hall.does(stream, "pause_dialogue", reason=WHY)
    again = await made(hall, asked(stream, "en")._replace(moment=seq[1]))
    assert again.sections == first.sections
    later = await made(hall, asked(stream, "en"))
    assert later.sections != first.sections


async def test_that_it_was_made_is_in_the_log_of_reads(
    hall: TownHall, stream: str
) -> None:
    """Who asked, for what, and whether private texts were opened."""
    await made(hall, asked(stream)._replace(private=True))
    logged = await reads.reads(hall.desk, target=stream)
    ours = [read for read in logged if read.what == "motivation"]
    assert [(read.who, read.opened) for read in ours] == [("p-1", True)]


@pytest.mark.parametrize("ending", ["md", "html"])
async def test_it_is_written_whole_or_not_at_all(
    hall: TownHall, stream: str, ending: str, tmp_path: Path
) -> None:
    """The file has every sentence; nothing else is left in the directory."""
    document = await made(hall, asked(stream))
    path = write(document, str(tmp_path / f"motivering.{ending}"))
    assert [each.name for each in tmp_path.iterdir()] == [f"motivering.{ending}"]
    text = path.read_text(encoding="utf-8")
    assert "ongeveer 8.000 woningen" in text
    assert all(each.hash in text for each in document.cited)
    with pytest.raises(DeskError):
        write(document, str(tmp_path / "nowhere" / f"motivering.{ending}"))


async def test_as_json_it_says_the_same(hall: TownHall, stream: str) -> None:
    """Each sentence with its events."""
    document = await made(hall, asked(stream))
    every = [s for section in told(document)["sections"] for s in section["sentences"]]
    assert [s["text"] for s in every] == [s.text for s in document.sentences()]
    assert all(s["events"] for s in every)


async def test_of_a_dialogue_that_is_not_there_nothing_is_made(hall: TownHall) -> None:
    """It is not found."""
    with pytest.raises(NotFound):
        await made(hall, asked(f"gemeente-waterdam:nergens{next(_numbers)}"))
