"""`polder today` says of each thing what it is, until when, and the one act to copy."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest

from cli.page import Page
from cli.showing import NEEDS
from cli.today import document, show
from desk.advice import Advice
from desk.in_words.standings import KINDS
from desk.today import ORDER, Task, Today
from domain.asks import ELSE, Ask, falls_due
from tests.domain.story import STREAM

TASK = Task(STREAM, "Parkzicht", "to_reconfirm", "brief", "De opdracht")
AGREED = TASK._replace(kind="agreement_due", target="bomen", what="bomen (k-1)")


def shown(*tasks: Task, as_: str | None = None, after: str | None = None) -> str:
    """Give the page that lists these tasks."""
    out = StringIO()
    counts = dict.fromkeys((task.kind for task in tasks), 7)
    show(Page(out), Today(tasks, counts, after), as_, "polder today --as p-1")
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
    never = Ask("agreement_due", "bomen", "bomen", {ELSE: "bomen"})
    later = never._replace(day=date(2026, 12, 9))
    sooner = never._replace(closes=datetime(2026, 12, 1, 23, tzinfo=UTC))
    assert sorted([never, later, sooner], key=falls_due) == [sooner, later, never]


def test_a_list_that_goes_on_says_so() -> None:
    """With how much there is, and the command for the next page."""
    told = shown(TASK, as_="p-1", after="abc")
    assert "7" in told
    assert "polder today --as p-1 --after abc" in told
    assert "--after" not in shown(TASK, as_="p-1")


def test_nothing_is_said_to_be_nothing() -> None:
    """Where nothing is urgent there may still be something to go on with."""
    assert "polder" not in shown()
    assert "polder" in shown(TASK._replace(kind="go_on"))


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


def test_a_suspension_is_answered_where_it_is_ended() -> None:
    """It is the organisation's: in the dialogue nothing can be done about it."""
    told = document(TASK._replace(kind="suspended"), None)
    organisation = STREAM.partition(":")[0]
    assert told["command"] == f"polder organisation suspensions {organisation}"
