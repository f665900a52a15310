"""One dialogue that gives trouble keeps no other from it; a lost record keeps all."""

from __future__ import annotations

import json

import pytest
from temporalio.exceptions import TemporalError

from cli.failing import understood
from desk.catching_up import Outcome, tried
from desk.errors import DeskError, Refused, Unreachable
from desk.histories import Held, take_events
from evidence.errors import EvidenceError
from storage.errors import (
    Forked,
    KeyMissing,
    KeysUnavailable,
    NotSound,
    Unavailable,
    UnknownContent,
    UnknownStream,
)
from tests.storage.streams import STREAM, events

BLANK = Outcome(STREAM, "record_behind")


async def fails(error: Exception) -> Outcome:
    """Bring a dialogue up to date, and fail in it."""
    raise error


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (NotSound(), "NotSound"),
        (Forked(STREAM, 2, "0" * 64, "another", "i-1"), "Forked"),
        (UnknownContent("the method is not there"), "UnknownContent"),
        (UnknownStream(), "UnknownStream"),
        (KeyMissing(), "KeyMissing"),
        (json.JSONDecodeError("no json", "x", 0), "Damaged"),
        (KeyError("private"), "Damaged"),
        (EvidenceError("not canonical"), "Damaged"),
        (TemporalError("not found"), "Unreachable"),
        (Unreachable("it is silent"), "Unreachable"),
        (Refused("DialogueRuns", "it runs"), "DialogueRuns"),
    ],
)
async def test_a_fault_of_one_dialogue_is_its_own(error: Exception, name: str) -> None:
    """It is told as that dialogue's trouble, in words."""
    outcome = await tried(fails(error), BLANK)
    assert (outcome.stream, outcome.went_on) == (STREAM, "stays")
    assert isinstance(outcome.trouble, DeskError)
    told = understood(outcome.trouble)
    assert told.name == name
    assert told.message


@pytest.mark.parametrize("error", [Unavailable("gone"), KeysUnavailable("gone")])
async def test_a_record_out_of_reach_stops_all(error: Exception) -> None:
    """There is no use in going on, and the desk says why (`desk.desk.open_desk`)."""
    with pytest.raises(type(error)):
        await tried(fails(error), BLANK)


async def test_a_fault_of_the_program_is_no_dialogue_s_trouble() -> None:
    """It is not hidden among them."""
    with pytest.raises(AssertionError):
        await tried(fails(AssertionError()), BLANK)


def test_what_can_t_be_read_in_a_history_is_missing() -> None:
    """The rest of it is taken all the same."""
    past = [one.body.decode() for one in events(3)]
    held = Held()
    damaged = ["no json", "[]", "{}", '{"seq":"x","prev":""}', '"seq"']
    take_events([past[0], *damaged, past[2]], 1, held)
    assert sorted(one.seq for one in held.events.values()) == [1, 3]
