"""Progress says where a dialogue stands and what needs somebody."""

from __future__ import annotations

from datetime import timedelta

from domain.commands import (
    CompleteDialogue,
    CompleteItems,
    Deadline,
    OpenWindow,
    PauseDialogue,
    ReleaseRole,
    RevisitStep,
    StartStep,
)
from domain.need import Need
from domain.progress import needs_attention, progress
from tests.domain.story import (
    SAID,
    START,
    all_done,
    brief_done,
    given,
    invite_done,
    nothing,
    start,
)


def test_progress_counts_steps_and_items_of_the_current_round() -> None:
    """Phase, steps under way and ready, items done, windows open, what comes next."""
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    told = progress(story.state)
    assert told["phase"] == "before"
    assert told["steps"] == {
        "underWay": ["invite"],
        "ready": ["extra", "meet"],
        "done": 1,
        "total": 6,
    }
    assert told["items"] == {"done": 3, "total": 10}
    assert (told["openWindows"], told["nextDeadline"]) == (0, None)


def test_the_next_deadline_is_when_a_window_closes_and_none_in_a_pause() -> None:
    """A window that stands still has no closing to promise."""
    story = given(StartStep(step="brief"))
    assert progress(story.state)["nextDeadline"] == "2026-11-30T23:00:00.000000Z"
    told = progress(story.and_(PauseDialogue(reason=SAID)).state)
    assert (told["openWindows"], told["nextDeadline"], told["nextAlarm"]) == (
        1,
        None,
        None,
    )


def test_to_reconfirm_names_only_what_can_be_worked_on_now() -> None:
    """The report waits for the meeting, so it needs nobody yet."""
    story = all_done().mail_goes_out().and_(RevisitStep(step="invite", reason=SAID))
    assert [n.target for n in needs_attention(story.state)] == ["invite", "meet"]


def test_failures_and_an_audience_of_nobody_need_somebody() -> None:
    """They can't go on by themselves."""
    story = brief_done(given()).and_(
        StartStep(step="invite"),
        OpenWindow(window="invite.draft"),
        ReleaseRole(role="panel", actor="k-1"),
        ReleaseRole(role="panel", actor="k-2"),
    )
    story.world("e8", succeeds=False)
    assert needs_attention(story.state) == (
        Need("message_failed", "e8"),
        Need("nobody_invited", "invite.draft"),
    )
    story = invite_done(brief_done(given())).mail_goes_out()
    story.and_(RevisitStep(step="invite", reason=SAID))
    first = next(iter(story.state.compensations))
    story.world(first, succeeds=False)
    assert needs_attention(story.state)[0] == Need("compensation_failed", first)


def test_an_organisations_deadline_shows_a_week_ahead_and_when_it_has_passed() -> None:
    """Its day counts in the dialogue's zone; after the end it needs nobody."""
    vote = Deadline(title="Council votes", date="2026-12-01")
    story = nothing().and_(start(deadlines=(vote,)))
    assert needs_attention(story.state) == ()
    assert needs_attention(story.state, START) == ()
    soon = START.replace(day=23, hour=23)
    assert needs_attention(story.state, soon) == (Need("deadline_soon", vote.title),)
    last_minute = soon.replace(month=12, day=1, hour=22)
    assert needs_attention(story.state, last_minute)[0].kind == "deadline_soon"
    over = last_minute + timedelta(hours=1)
    assert progress(story.state, over)["needsAttention"] == [
        {"kind": "deadline_passed", "target": "Council votes"}
    ]
    far = START.replace(year=2050)
    assert needs_attention(story.state, far)[0].kind == "deadline_passed"
    ended = all_done().and_(CompleteDialogue()).mail_goes_out().state
    assert needs_attention(ended.model_copy(update={"deadlines": (vote,)}), far) == ()
