"""Each check fails when what it looks for is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from desk.errors import Refused
from desk.history import Past
from desk.sending import Answer
from domain.clock import Clock
from examples.acts import Do
from examples.checks import once_is_once, survived
from examples.found import Check, Found
from examples.played import Played, Sent
from examples.scenario import read
from examples.stage import Death, Stage
from examples.traces import letters
from storage.folding import Moment
from tests.examples.scenarios import SHORT

SCENARIO = read(SHORT, "short.yaml")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NO_MOMENT = cast("Moment", None)


def past(seq: int, kind: str, cause: str, **data: Any) -> Past:  # noqa: ANN401
    """Give an event as the record has it."""
    return Past(seq, f"hash-{seq}", {"type": kind, "cause": cause, "data": data})


def sent(name: str, *events: Past, **more: Any) -> Sent:  # noqa: ANN401
    """Give a command that was answered with these events."""
    told = [{"seq": e.seq, "type": e.members["type"], "hash": e.hash} for e in events]
    answer = Answer(events[-1].seq, recorded=True, events=told) if events else None
    return Sent(name, "complete_items", NOW, answer=answer, **more)


def found(events: list[Past], *commands: Sent) -> Found:
    """Give a dialogue with these events, made by these commands."""
    played = Played(SCENARIO, Clock(real_start=NOW, start=NOW), sent=[*commands])
    return Found(played, events, NO_MOMENT)


ONE = past(1, "items_completed", "a")
TWO = past(2, "step_completed", "b")
CLOCK = past(3, "window_closed", "polder:close")


def test_exactly_the_answered_events_hold() -> None:
    """Events of answered commands and of the clock are all there may be."""
    check = once_is_once([found([ONE, TWO, CLOCK], sent("a", ONE), sent("b", TWO))])
    assert check.held
    assert check.facts == {"clock": 1, "answered": 2, "again": 0}


@pytest.mark.parametrize(
    ("events", "commands"),
    [
        ([ONE], [sent("a", ONE), sent("b", TWO)]),
        ([ONE, past(2, "items_completed", "a")], [sent("a", ONE)]),
        ([ONE, TWO], [sent("a", ONE)]),
        ([ONE], [sent("a", refusal=Refused("NothingToDo", "no"))]),
    ],
    ids=["lost", "twice", "a stranger's", "refused and recorded"],
)
def test_an_event_too_many_or_too_few_is_found(
    events: list[Past], commands: list[Sent]
) -> None:
    """A lost, doubled or foreign event does not hold, nor one of a refused command."""
    assert not once_is_once([found(events, *commands)]).held


def stage_with(*deaths: Death) -> Stage:
    """Give what the checks read of a stage."""
    quiet = SimpleNamespace(deaths=[*deaths], restarts=[], left=list[int])
    return cast("Stage", quiet)


DEATH = Death(1, 2, NOW, NOW + timedelta(seconds=2), orderly=False)
STRUCK = Do.model_validate(
    {"do": "complete_step", "by": "p-1", "with": {"step": "belangen"}}
    | {"records": ["step_completed"], "worker_killed": True}
)


def struck(**more: Any) -> Found:  # noqa: ANN401
    """Give a dialogue in which the worker was killed during a command."""
    return found([TWO], sent("b", TWO, act=STRUCK, **more))


def test_a_death_under_way_holds() -> None:
    """A worker that died disorderly during a command that was answered: it held."""
    assert survived(stage_with(DEATH), [struck(in_flight=1)]).problems == []


@pytest.mark.parametrize(
    ("stage", "one"),
    [
        (stage_with(), struck(in_flight=1)),
        (stage_with(replace(DEATH, orderly=True)), struck(in_flight=1)),
        (stage_with(replace(DEATH, successor=1)), struck(in_flight=1)),
        (stage_with(DEATH), struck(in_flight=0)),
        (stage_with(DEATH), found([], sent("b", act=STRUCK, in_flight=1))),
    ],
    ids=["nobody died", "in order", "same process", "too late", "not answered"],
)
def test_a_death_that_was_none_is_found(stage: Stage, one: Found) -> None:
    """No death, an orderly end, or a command that was not under way does not hold."""
    assert not survived(stage, [one]).held


def write(directory: Path, second: float, effect: str, to: str, name: str) -> Path:
    """Write a letter as the mail server keeps it."""
    letter = EmailMessage()
    letter["Delivered-To"] = to
    letter["Message-ID"] = name
    letter["Polder-Dialogue"] = SCENARIO.stream
    letter["Polder-Effect"] = effect
    moment = NOW + timedelta(seconds=second)
    number = len([*directory.iterdir()])
    file = directory / f"{int(moment.timestamp() * 1e9):020d}-{number}.eml"
    file.write_bytes(letter.as_bytes())
    return file


SENDING = past(
    4, "effect_completed", "polder:effect", effect="e1", notice="window_opened"
)
SENDING.members["data"]["sent"] = ["p-2", "p-3"]


def looked_at(directory: Path, *deaths: Death) -> Check:
    """Check the letters of a directory against a record that says p-2 and p-3."""
    files = sorted(directory.glob("*.eml"))
    return letters(files, stage_with(*deaths), [found([SENDING])])


def test_letters_that_are_on_record_hold(tmp_path: Path) -> None:
    """Each recipient's letter, once: it held."""
    write(tmp_path, 0, "e1", "bob@example.org", "<1@x>")
    write(tmp_path, 1, "e1", "cleo@example.org", "<2@x>")
    assert looked_at(tmp_path).held


def test_a_letter_that_never_went_is_found(tmp_path: Path) -> None:
    """The record says two, the mail server has one."""
    write(tmp_path, 0, "e1", "bob@example.org", "<1@x>")
    assert "never went" in looked_at(tmp_path).problems[0]


def test_a_letter_that_is_not_on_record_is_found(tmp_path: Path) -> None:
    """The mail server has one for somebody whom the record does not name."""
    write(tmp_path, 0, "e1", "bob@example.org", "<1@x>")
    write(tmp_path, 1, "e1", "cleo@example.org", "<2@x>")
    write(tmp_path, 2, "e1", "anna@example.org", "<3@x>")
    assert "unrecorded" in looked_at(tmp_path).problems[0]


def test_a_shared_message_id_is_found(tmp_path: Path) -> None:
    """Two letters to two people with one Message-ID could hide each other."""
    write(tmp_path, 0, "e1", "bob@example.org", "<1@x>")
    write(tmp_path, 1, "e1", "cleo@example.org", "<1@x>")
    assert "Message-IDs" in looked_at(tmp_path).problems[0]


def test_a_letter_may_go_twice_only_around_a_death(tmp_path: Path) -> None:
    """A repeat is explained by a worker that died in between, and by nothing else."""
    write(tmp_path, -1, "e1", "bob@example.org", "<1@x>")
    write(tmp_path, 5, "e1", "bob@example.org", "<1@x>")
    write(tmp_path, 6, "e1", "cleo@example.org", "<2@x>")
    assert looked_at(tmp_path, DEATH).held
    assert looked_at(tmp_path, DEATH).facts["twice"] == 1
    assert "without a death" in looked_at(tmp_path).problems[0]
