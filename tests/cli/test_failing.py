"""Every failure has a message in the reader's language and the exit code it should."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import typer

from calendars.compilation import UnknownZone
from cli import acting, speech
from cli.failing import Trouble, tell, understood
from cli.settings import Usage
from desk.demo_clock import BadDay, day_ms
from desk.errors import NotFound, Refused, Unreachable
from desk.saying import said
from desk.starting import NO_DIALOGUE
from domain.calendar import BeforeCalendar
from domain.errors import (
    DomainError,
    MalformedCommand,
    NotEntitled,
    NothingToDo,
    UnknownItem,
    WindowOpen,
)
from domain.terms import TermOver
from servers import HomeInUse, NotRunning, ServerFailed
from tests.domain.story import given

BROUGHT = (BeforeCalendar, TermOver, UnknownZone)


def refused(error: DomainError) -> Refused:
    """The refusal as the desk passes it on."""
    return Refused.of(error)


@pytest.mark.parametrize(
    ("error", "name", "code"),
    [
        (Usage("say more"), "Usage", 2),
        (typer.BadParameter("no"), "Usage", 2),
        (BadDay("{told} is no day", told="x"), "BadDay", 2),
        (NotFound(NO_DIALOGUE, stream="a:b"), "NotFound", 3),
        (refused(NothingToDo(because="nobody is silent")), "NothingToDo", 4),
        (Refused("SomethingNew", "no"), "SomethingNew", 4),
        (HomeInUse("x"), "HomeInUse", 4),
        (Unreachable("gone"), "Unreachable", 5),
        (NotRunning("x"), "NotRunning", 5),
        (ServerFailed("PostgreSQL", "it did not start"), "ServerFailed", 5),
    ],
)
def test_each_failure_has_its_exit_code(error: Exception, name: str, code: int) -> None:
    """As the contract says: 2 usage, 3 not found, 4 refused, 5 unreachable."""
    trouble = understood(error)
    assert (trouble.name, trouble.code) == (name, code)
    assert trouble.message


def test_a_server_that_fails_is_told_in_the_reader_s_language() -> None:
    """What it logged last is in its own words."""
    failure = ServerFailed("Worker", "it did not start", "POLDER_X takes a path")
    before = speech.lang()
    speech.choose(["--lang", "nl"], {})
    try:
        message = understood(failure).message
    finally:
        speech.choose(["--lang", before], {})
    assert message == (
        "Worker: start niet\nHet laatste wat die meldde:\nPOLDER_X takes a path"
    )


def test_what_nobody_foresaw_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours has a code of its own, and shows where it is when asked."""
    trouble = understood(ZeroDivisionError("by zero"))
    assert (trouble.name, trouble.code) == ("Unforeseen", 70)
    assert "ZeroDivisionError: by zero" in trouble.message
    monkeypatch.setenv("POLDER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        understood(ZeroDivisionError())


@pytest.mark.parametrize("name", sorted(DomainError.kinds))
def test_every_refusal_is_said_in_dutch(name: str) -> None:
    """By its name and facts, not by its English message."""
    template = DomainError.kinds[name].template()
    names = {part.split("}")[0] for part in template.replace("{{", "").split("{")[1:]}
    error = DomainError.kinds[name](**dict.fromkeys(names, "xyz"))
    dutch = said(refused(error), "nl")
    assert dutch != str(error)
    assert "{" not in dutch.replace('{"commitment": hex}', "")
    assert said(refused(error), "en") == str(error)


def test_the_words_inside_a_refusal_are_translated_too() -> None:
    """A hint names ids, and its other words are in the reader's language."""
    error = UnknownItem(item="a.x", hint="Did you mean a.b or a.c?")
    assert said(refused(error), "nl").endswith("Bedoelde u a.b of a.c?")
    error = NothingToDo(because="step invite has started already")
    assert said(refused(error), "nl").endswith("stap invite is al begonnen.")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            "respondent: String should match pattern '^[A-Za-z0-9._:-]{1,200}$'",
            "respondent: een id: letters, cijfers",
        ),
        (
            "goal_reached: Input should be 'yes', 'partly' or 'no'",
            "een van deze: 'yes', 'partly' of 'no'",
        ),
        (
            "duration.working_days: Input should be greater than or equal to 1",
            "duration.working_days: minstens 1",
        ),
        (
            "title: Field required; a member: Extra inputs are not permitted",
            "dit hoort",
        ),
        ("begins: Input should be a valid date or datetime, too short", "een dag"),
    ],
)
def test_what_is_off_in_a_command_is_said_in_the_readers_language(
    problem: str, words: str
) -> None:
    """Not in that of the library that found it, nor as an expression."""
    error = refused(MalformedCommand(kind="x", problem=problem))
    dutch = said(error, "nl")
    assert words in dutch
    assert "should" not in dutch
    assert "Field required" not in dutch


def test_roles_in_a_refusal_are_called_by_their_titles() -> None:
    """Where the desk knows the dialogue; who holds no role is told that."""
    state = given().state
    error = refused(NotEntitled(role="panel", entitled="director or assistant"))
    plain = said(error, "nl")
    told = said(error.about(state), "nl")
    assert "panel" in plain
    assert "Als Panel mag u dit niet doen. Het mag als: Director of" in told
    nobody = refused(NotEntitled(role="-", entitled="director")).about(state)
    assert said(nobody, "nl").startswith("U hebt hier geen rol")


def test_a_refusal_names_commands_as_they_are_typed() -> None:
    """Whoever reads it can do what would help."""
    error = refused(NothingToDo(because="do it with leave_unanswered"))
    assert "polder dialogue leave" in understood(error).message


def test_wrong_use_is_answered_with_an_example() -> None:
    """The shortest way to see what was meant."""
    assert acting.COMMANDS, "they register themselves"
    ctx = SimpleNamespace(command_path="polder dialogue evaluate")
    error = typer.BadParameter("no")
    error.ctx = ctx  # type: ignore[assignment]
    message = understood(error).message
    assert (
        "Bijvoorbeeld: polder dialogue evaluate gemeente-waterdam:parkzicht" in message
    )
    assert message.endswith("polder dialogue evaluate --help")


def test_a_sentence_ends_once() -> None:
    """What another program says may end in a full stop of its own."""
    error = Unreachable("Temporal says: {problem}. Try again.", problem="no room.")
    assert said(error, "en") == "Temporal says: no room. Try again."


def test_moments_in_a_refusal_follow_the_dialogues_wall_clock() -> None:
    """Nobody is told an instant in UTC."""
    refusal = refused(WindowOpen(window="a.w", closes="2026-12-04T23:00:00Z"))
    refusal.zone = "Europe/Amsterdam"
    assert "open tot zaterdag 5 december 2026, 00.00 uur" in said(refusal, "nl")


def test_an_error_is_a_json_document_where_json_was_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On standard output, with name, message and facts; else text on the other."""
    trouble = Trouble("NotFound", "er is niets", 3, {"stream": "a:b"})
    tell(trouble, as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "error": {
            "name": "NotFound",
            "message": "er is niets",
            "facts": {"stream": "a:b"},
        }
    }
    tell(trouble, as_json=False)
    assert capsys.readouterr().err == "er is niets\n"


@pytest.mark.parametrize("told", ["0.5", "nan", "-1", "vandaag", "1e9", ""])
def test_a_day_of_the_demo_clock_lasts_at_least_a_second(told: str) -> None:
    """Shorter, or no number at all, is refused."""
    with pytest.raises(BadDay):
        day_ms(told)
    assert [day_ms("1"), day_ms("2.5")] == [1_000, 2_500]
