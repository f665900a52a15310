"""`polder today` says of each thing what it is, until when, and the one act to copy."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest

from cli.page import Page
from cli.showing import NEEDS
from cli.today import KINDS, document, show
from desk.advice import Advice
from desk.today import ORDER, Task, urgency
from tests.domain.story import STREAM

TASK = Task(STREAM, "Parkzicht", "to_reconfirm", "brief", "De opdracht")
AGREED = TASK._replace(kind="agreement_due", target="bomen", what="bomen (k-1)")


def shown(*tasks: Task, as_: str | None = None) -> str:
    """Give the page that lists these tasks."""
    out = StringIO()
    show(Page(out), tasks, as_)
    return out.getvalue()


def test_every_kind_of_task_has_words_and_a_place() -> None:
    """No need goes without a sentence, and none comes where it does not belong."""
    assert set(NEEDS) <= set(ORDER)
    assert set(ORDER) - {""} == set(KINDS) | set(NEEDS)


@pytest.mark.parametrize("kind", [kind for kind in ORDER if kind])
def test_every_kind_can_be_shown(kind: str) -> None:
    """With its dialogue, and with a line to copy."""
    told = shown(TASK._replace(kind=kind))
    assert "Parkzicht: " in told
    assert "polder " in told


def test_a_promise_is_told_with_its_day() -> None:
    """When it is due, and how far away that is."""
    told = shown(AGREED._replace(date=date(2026, 12, 1), days=4))
    assert "di 1 dec 2026 (over 4 dagen)" in told


def test_what_is_due_first_comes_first() -> None:
    """Also where it is due on a day, and not at an instant of a window."""
    later = AGREED._replace(date=date(2026, 12, 9))
    sooner = AGREED._replace(date=date(2026, 12, 1))
    never = AGREED
    assert sorted([never, later, sooner], key=urgency) == [sooner, later, never]


def test_a_role_that_has_to_be_named_is_in_the_command() -> None:
    """Who acts in another role than the usual one copies that as well."""
    advice = Advice("start_step", {"step": "brief"})
    task = TASK._replace(kind="go_on", advice=advice, role="facilitator")
    assert document(task, "k-1")["command"].endswith("--as k-1/facilitator")
    usual = task._replace(role=None)
    assert document(usual, "k-1")["command"].endswith("--as k-1")


def test_an_answer_can_be_typed_at_once() -> None:
    """Who is silent gets the line with their own id, and a place for their words."""
    said = {"window": "brief.ideas", "respondent": "k-1", "response": ""}
    task = TASK._replace(kind="respond", advice=Advice("record_response", said))
    command = document(task, "k-1")["command"]
    assert "respond gemeente-waterdam:parkzicht brief.ideas" in command
    assert '--respondent k-1 --text "WAT U ZEGT"' in command
