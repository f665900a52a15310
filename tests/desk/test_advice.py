"""Advice can be followed, and the work list puts first what can't wait."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from desk.names import full_item, full_step, full_window
from desk.overview import seen
from desk.today import Task
from domain.advice import Advice, for_need, next_acts
from domain.commands import (
    COMMANDS,
    CancelDialogue,
    CompleteDialogue,
    Deadline,
    OpenWindow,
    PauseDialogue,
    ReleaseRole,
    RevisitStep,
    StartStep,
)
from domain.progress import needs_attention
from domain.state import Handled, thick, thin
from tests.desk.listed import tasks
from tests.domain.story import (
    CLIENT,
    DIRECTOR,
    FACILITATOR,
    SAID,
    STREAM,
    Story,
    all_done,
    brief_done,
    given,
    invite_done,
    nothing,
    start,
)


def failing() -> Story:
    """A story with two messages that failed, and a compensation too."""
    story = invite_done(brief_done(given()))
    for effect in [*story.state.effects]:
        story.world(effect, succeeds=False)
    story.and_(RevisitStep(step="invite", reason=SAID))
    first = next(
        c.id for c in story.state.compensations.values() if c.status == "started"
    )
    return story.world(first, succeeds=False)


STORIES = {
    "begun": given(),
    "first step": given(StartStep(step="brief")),
    "second step": brief_done(given()),
    "all done": all_done(),
    "gone back": all_done().mail_goes_out().and_(RevisitStep(step="meet", reason=SAID)),
    "paused": given(PauseDialogue(reason=SAID)),
    "cancelled": given(CancelDialogue(reason=SAID)),
    "complete": all_done().mail_goes_out().and_(CompleteDialogue()),
    "failing": failing(),
    "nobody there": brief_done(given()).and_(
        StartStep(step="invite"),
        OpenWindow(window="invite.draft"),
        ReleaseRole(role="panel", actor="k-1"),
        ReleaseRole(role="panel", actor="k-2"),
    ),
}


def obeyed(story: Story, advice: Advice) -> bool:
    """Whether following the advice, blanks filled in, is not refused."""
    blanks = {"reason": SAID, "note": SAID, "actor": "k-9", "address": SAID}
    body = {name: value or blanks[name] for name, value in advice.body.items()}
    model = COMMANDS[advice.kind]
    if "reason" in model.model_fields and model.model_fields["reason"].is_required():
        body["reason"] = SAID
    for actor in (DIRECTOR, CLIENT, FACILITATOR):
        trial = Story()
        trial.__dict__.update(story.__dict__)
        trial.events = [*story.events]
        trial.when(model.model_validate(body), by=actor)
        if trial.refusal is None:
            return True
    return False


@pytest.mark.parametrize("name", STORIES)
def test_advice_can_be_followed(name: str) -> None:
    """What is said to be next is never refused."""
    story = STORIES[name]
    needs = (for_need(story.state, need) for need in needs_attention(story.state))
    advised = [*next_acts(story.state), *(advice for advice in needs if advice)]
    assert advised
    assert [advice for advice in advised if not obeyed(story, advice)] == []


@pytest.mark.parametrize("name", STORIES)
def test_needs_come_in_the_same_order_from_every_store(name: str) -> None:
    """A database keeps the members of an object in an order of its own."""
    state = STORIES[name].state
    kept = json.loads(json.dumps(thin(state), sort_keys=True))
    other = thick(kept, state.plan, state.calendar, Handled())
    assert needs_attention(other) == needs_attention(state)


def listed(story: Story, **later: float) -> list[Task]:
    """The work list of one dialogue, most urgent first."""
    now = story.now + timedelta(**later)
    return tasks(STREAM, story.state, now, "en")


def test_what_failed_comes_first_and_going_on_comes_last() -> None:
    """Nothing that failed is behind something that merely waits."""
    kinds = [task.kind for task in listed(STORIES["failing"])]
    assert kinds[0] == "compensation_failed"
    assert kinds == sorted(kinds, key=lambda kind: kind == "go_on")


def test_a_window_is_pressing_in_its_last_week_and_wrong_after_its_end() -> None:
    """Before that only its silence shows."""
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    kinds = [listed(story, days=days)[0].kind for days in (0, 8, 30)]
    assert kinds == ["silent", "window_closes_soon", "window_overdue"]
    assert listed(story)[0].silent == ("k-1", "k-2")


def test_a_date_of_the_organisation_shows_with_its_days() -> None:
    """A week ahead, and when it has passed."""
    story = nothing().and_(
        start(deadlines=(Deadline(title="Vote", date="2026-12-01"),))
    )
    told = [
        (listed(story, days=d)[0].kind, listed(story, days=d)[0].days) for d in (5, 12)
    ]
    assert told == [("deadline_soon", 5), ("deadline_passed", -2)]


def test_nobody_is_told_to_do_what_is_for_others() -> None:
    """Who may only respond has nothing to go on with; who steers has."""
    story = given(StartStep(step="brief"))
    view = seen(STREAM, story.state, story.now)
    assert view.next_for("k-1") == ()
    assert view.next_for(None) == view.next
    assert view.next_for(DIRECTOR.id)


def test_one_thing_is_asked_once() -> None:
    """What has to be reconfirmed is not also what can be gone on with."""
    advised = [task.advice for task in listed(STORIES["gone back"]) if task.advice]
    assert len(advised) == len(set(advised))


def test_a_part_is_known_by_what_people_call_it_where_that_is_clear() -> None:
    """By number, or without its step; what is not clear stays as it was."""
    plan = given().state.plan
    assert full_step(plan, "2") == "invite"
    assert full_step(plan, "nowhere") == "nowhere"
    assert (
        full_item(plan, "letters") == full_item(plan, "2.letters") == "invite.letters"
    )
    assert full_item(plan, "lettrs") == "lettrs"
    assert full_window(plan, "1") == full_window(plan, "ideas") == "brief.ideas"
    assert full_window(plan, "invite") == "invite"  # it has two
