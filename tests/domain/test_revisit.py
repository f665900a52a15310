"""Going back voids what was built on a step, and undoes outward acts, last first."""

from __future__ import annotations

import pytest

from domain.commands import (
    AssignRole,
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    PauseDialogue,
    ReconfirmItems,
    ReleaseRole,
    ReopenItems,
    ReportEffect,
    RetryCompensation,
    RevisitStep,
    SkipStep,
    StartStep,
    WaiveCompensation,
)
from domain.errors import (
    DialoguePaused,
    NothingToDo,
    StepNotCompleted,
    UnknownCompensation,
    UnknownStep,
)
from domain.events import (
    CompensationCompleted,
    CompensationFailed,
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    StepRevisited,
    StepVoided,
    WindowVoided,
)
from domain.revisit import preview_revisit
from domain.state import Compensation
from methods.load import shipped
from tests.domain.story import (
    CLIENT,
    SAID,
    Story,
    all_done,
    brief_done,
    given,
    has,
    invite_done,
    meet_done,
    nothing,
    start,
)

BACK = RevisitStep(step="invite", reason=SAID)


def undone(story: Story) -> list[str]:
    """What was undone, in the order in which its compensations were first started."""
    plans = {
        event.data.compensation: event.data.undoes
        for event in story.events
        if isinstance(event.data, CompensationPlanned)
    }
    return [
        plans[event.data.compensation]
        for event in story.events
        if isinstance(event.data, CompensationStarted) and event.data.attempt == 1
    ]


def test_a_revisit_voids_what_was_built_on_the_step_and_nothing_else() -> None:
    """The meeting and the report depend on the invitations; the brief does not."""
    story = all_done().when(BACK)
    voided = [e.data.step for e in story.new if isinstance(e.data, StepVoided)]
    assert voided == ["report", "meet"]
    assert story.new[0].data == StepRevisited(
        step="invite", round=2, voids=("report", "meet"), reason=SAID
    )
    assert story.round("brief").number == 1
    assert story.round("extra").number == 1
    assert [story.round(s).status for s in ("invite", "meet", "report")] == [
        "started",
        "voided",
        "voided",
    ]


def test_a_revisit_touches_a_parallel_step_only_if_it_depends_on_it() -> None:
    """Steps of overlapping phases that need another step go on."""
    story = brief_done(given(StartStep(step="brief"), StartStep(step="meet")))
    story.and_(CompleteStep(step="extra", note=SAID))
    story.when(RevisitStep(step="extra", reason=SAID)).then(StepRevisited)
    assert story.round("meet").status == "started"
    assert story.run("meet.check").status != "voided"


def test_both_rounds_lie_side_by_side() -> None:
    """What round one completed stays visible, with what ended it."""
    story = all_done().when(BACK)
    first, second = story.state.steps["meet"]
    assert {mark.status for mark in first.marks.values()} == {"completed"}
    assert first.status == "completed"
    assert first.voided_by == story.new[0].seq + 2
    assert {mark.status for mark in second.marks.values()} == {"to_reconfirm"}
    assert {mark.was for mark in second.marks.values()} == {"completed"}


def test_what_is_taken_back_later_stays_in_the_round_before() -> None:
    """Nobody rewrites what was completed then."""
    story = all_done().and_(BACK)
    first = story.state.steps["invite"][0]
    story.and_(ReopenItems(items=("invite.list",), reason=SAID))
    assert "invite.list" not in story.round("invite").marks
    assert story.state.steps["invite"][0] == first
    assert first.marks["invite.list"].status == "completed"


def test_windows_of_what_is_voided_no_longer_count() -> None:
    """Those that were open are closed by it; those that were closed count no more."""
    story = invite_done(brief_done(given())).and_(StartStep(step="meet"))
    story.when(BACK)
    voids = {
        e.data.window: e.data.was_open
        for e in story.new
        if isinstance(e.data, WindowVoided)
    }
    assert voids == {"invite.draft": False, "invite.echo": True, "meet.check": True}
    assert story.state.open_windows() == {}
    story.clock_strikes().then_nothing()


def test_what_was_done_last_is_undone_first() -> None:
    """One compensation at a time, each started when the one before has ended."""
    story = all_done().mail_goes_out().and_(BACK)
    running = [
        c.undoes for c in story.state.compensations.values() if c.status == "started"
    ]
    assert running == ["report.printed"]
    story.mail_goes_out()
    assert undone(story) == [
        "report.printed",
        "meet.promises",
        "meet.check",
        "invite.echo",
        "invite.draft",
        "invite.letters",
    ]
    assert {c.status for c in story.state.compensations.values()} == {"completed"}


def test_what_is_taken_back_is_taken_back_from_all_who_were_told() -> None:
    """Also from somebody who has left, and from the roles that the method names."""
    story = invite_done(brief_done(given()))
    story.and_(ReleaseRole(role="panel", actor="k-1"))
    story.and_(AssignRole(role="client", actor="c-2")).when(BACK)
    planned = {
        e.data.undoes: e.data
        for e in story.new
        if isinstance(e.data, CompensationPlanned)
    }
    assert planned["invite.draft"].recipients == ("k-1", "k-2", "c-1", "c-2")
    assert planned["invite.draft"].act == "retract_report"
    assert planned["invite.letters"].recipients == ("k-2",)
    assert planned["invite.echo"].act == "void_window"


def test_the_preview_says_what_the_revisit_then_does() -> None:
    """Steps, windows, compensations in order, items to reconfirm, and who is told."""
    story = all_done()
    before = story.state
    preview = preview_revisit(before, "invite")
    assert story.state is before
    story.and_(BACK)
    assert preview["voids"] == ["report", "meet"]
    planned = [e.data for e in story.new if isinstance(e.data, CompensationPlanned)]
    assert [c["undoes"] for c in preview["compensations"]] == [
        c.undoes for c in planned
    ]
    assert [tuple(c["recipients"]) for c in preview["compensations"]] == [
        c.recipients for c in planned
    ]
    assert set(preview["reopens"]) == {
        item
        for step in ("invite", "meet", "report")
        for item in story.round(step).to_reconfirm
    }
    assert set(preview["tells"]) == {"k-1", "k-2", "c-1"}


def test_a_preview_of_what_can_not_be_says_why() -> None:
    """In the words of the refusal."""
    story = brief_done(given())
    assert preview_revisit(story.state, "report") == {
        "step": "report",
        "possible": False,
        "because": str(StepNotCompleted(step="report", status="not started")),
    }
    with pytest.raises(UnknownStep):
        preview_revisit(story.state, "nowhere")


def test_only_a_completed_step_is_returned_to() -> None:
    """Not one that is under way, waits, or is unknown; and not during a pause."""
    story = given().when(RevisitStep(step="brief", reason=SAID))
    story.then_refused(StepNotCompleted, "not started")
    story.and_(StartStep(step="brief")).when(RevisitStep(step="brief", reason=SAID))
    story.then_refused(StepNotCompleted, "under way")
    story = all_done().and_(BACK).when(RevisitStep(step="meet", reason=SAID))
    story.then_refused(StepNotCompleted, "waiting to be started again")
    story.when(RevisitStep(step="nowhere", reason=SAID)).then_refused(UnknownStep)
    story.and_(PauseDialogue(reason=SAID)).when(RevisitStep(step="brief", reason=SAID))
    story.then_refused(DialoguePaused)


def test_a_skipped_step_can_be_returned_to() -> None:
    """Leaving it out is no reason never to do it."""
    story = brief_done(given()).and_(SkipStep(step="extra", reason=SAID))
    story.when(RevisitStep(step="extra", reason=SAID)).then(StepRevisited)
    assert story.round("extra").status == "started"


def test_a_revisit_after_completion_reopens_the_dialogue() -> None:
    """A court may undo what was finished."""
    story = all_done().and_(CompleteDialogue(), BACK)
    assert story.state.status == "running"
    story.and_(CompleteItems(items=("invite.list",)))


def test_going_back_opens_no_window_by_itself() -> None:
    """Also where the method opens one when the step starts."""
    story = brief_done(given()).and_(RevisitStep(step="brief", reason=SAID))
    assert story.run("brief.ideas").status == "voided"
    story.and_(OpenWindow(window="brief.ideas"))
    assert story.run("brief.ideas").round == 2


def test_marks_survive_two_revisits_and_are_reconfirmed_once() -> None:
    """What was never reconfirmed in between is still what round one made it."""
    story = all_done().and_(BACK, ReconfirmItems(items=("invite.list",)))
    invite_again = ("invite.letters", "invite.hall")
    story.mail_goes_out().and_(ReconfirmItems(items=invite_again))
    story.and_(OpenWindow(window="invite.draft"))
    story.windows_end()
    story.and_(CompleteStep(step="invite"), BACK)
    assert story.round("invite").number == 3
    assert story.round("meet").number == 2
    assert set(story.marks("meet").values()) == {"to_reconfirm"}
    story.and_(ReconfirmItems(step="invite"), ReconfirmItems(step="meet"))
    assert set(story.marks("meet").values()) == {"completed"}
    assert story.round("meet").marks["meet.notes"].by == "d-1"
    assert story.round("invite").marks["invite.list"].seq == 8


def failed_once() -> Story:
    """Begin a story in which the first of five compensations has failed."""
    story = invite_done(brief_done(given()))
    story.and_(CompleteItems(items=("meet.promises",)), BACK)
    return story.world(queue(story)[0].id, succeeds=False)


def queue(story: Story) -> list[Compensation]:
    """The compensations, in the order in which they were planned."""
    return list(story.state.compensations.values())


def test_a_compensation_that_fails_waits_for_a_person_and_the_rest_with_it() -> None:
    """The dialogue stays usable meanwhile."""
    story = failed_once()
    first, *rest = queue(story)
    failure = CompensationFailed(compensation=first.id, attempt=1, problem="no_answer")
    assert story.events[-1].data == failure
    assert first.id not in story.state.effects
    assert (first.status, first.problem) == ("failed", "no_answer")
    assert [c.status for c in rest] == ["planned"] * 4
    story.and_(CompleteItems(items=("invite.hall",)))


def test_a_compensation_is_retried_until_it_succeeds() -> None:
    """Each try has its number; success starts the next."""
    story = failed_once()
    first, second, *_ = (c.id for c in queue(story))
    story.when(RetryCompensation(compensation=first))
    story.then(has(CompensationStarted, compensation=first, attempt=2))
    story.world(first, succeeds=False).and_(RetryCompensation(compensation=first))
    story.world(first).then(
        has(CompensationCompleted, compensation=first, attempt=3),
        has(CompensationStarted, compensation=second, attempt=1),
    )


def test_a_compensation_is_waived_with_a_reason_and_the_next_goes_on() -> None:
    """What is left undone is on record."""
    story = failed_once()
    first, second, *_ = (c.id for c in queue(story))
    story.when(WaiveCompensation(compensation=first, reason=SAID))
    story.then(
        has(CompensationWaived, compensation=first),
        has(CompensationStarted, compensation=second),
    )


def test_only_what_failed_is_retried_or_waived() -> None:
    """The refusal names what waits."""
    story = failed_once()
    first, second, *_ = (c.id for c in queue(story))
    story.when(RetryCompensation(compensation=second))
    story.then_refused(UnknownCompensation, first)
    story.when(WaiveCompensation(compensation="c1-9", reason=SAID))
    story.then_refused(UnknownCompensation, first)


def test_a_second_revisit_joins_the_queue_of_the_first() -> None:
    """Nothing is planned twice, and what was done last is still undone first."""
    story = failed_once().and_(ReconfirmItems(step="invite"))
    story.and_(OpenWindow(window="invite.draft")).windows_end()
    story.and_(CompleteStep(step="invite")).when(BACK)
    again = [e.data for e in story.new if isinstance(e.data, CompensationPlanned)]
    assert [c.undoes for c in again] == ["invite.echo", "invite.draft"]
    assert not any(isinstance(e.data, CompensationStarted) for e in story.new)
    story.and_(RetryCompensation(compensation=queue(story)[0].id)).mail_goes_out()
    assert undone(story) == [
        "meet.promises",
        "invite.echo",
        "invite.draft",
        "meet.check",
        "invite.echo",
        "invite.draft",
        "invite.letters",
    ]


def test_what_was_reconfirmed_after_it_was_undone_is_undone_again() -> None:
    """Who says that it stands after all, will have to take it back."""
    story = all_done().and_(BACK).mail_goes_out().and_(ReconfirmItems(step="invite"))
    story.and_(OpenWindow(window="invite.draft")).windows_end()
    story.and_(CompleteStep(step="invite")).when(BACK)
    again = [
        e.data.undoes for e in story.new if isinstance(e.data, CompensationPlanned)
    ]
    assert again == ["invite.draft", "invite.letters"]


def test_a_waived_item_has_nothing_outward_to_undo() -> None:
    """Only what was done is undone."""
    story = meet_done(invite_done(brief_done(given())))
    story.and_(SkipStep(step="extra", reason=SAID))
    assert not any(
        c["undoes"] == "report.printed"
        for c in preview_revisit(story.state, "invite")["compensations"]
    )


def test_ended_compensations_do_not_pile_up() -> None:
    """State keeps the last hundred, without the people they told."""
    story = brief_done(given()).and_(CompleteStep(step="extra", note=SAID))
    back = RevisitStep(step="brief", reason=SAID)
    for _ in range(60):
        story.and_(CompleteItems(items=("invite.letters", "meet.promises")))
        story.and_(back).mail_goes_out()
        story.and_(ReconfirmItems(step="brief"), CompleteStep(step="brief"))
    assert 100 <= len(story.state.compensations) <= 110
    assert all(c.recipients == () for c in story.state.compensations.values())


def test_going_back_to_the_meetings_of_the_shipped_method() -> None:
    """The invitations are withdrawn, and the draft report is retracted before them."""
    method = shipped()["stakeholderdialoog"]
    roles = {"sounding_board": ("k-1",), "participants": ("d-1", "d-2")}
    story = nothing()
    story.when(
        start(method, roles=roles), by=CLIENT.model_copy(update={"role": "system"})
    )
    director = CLIENT.model_copy(update={"role": "process_director"})
    for step in method.method.all_steps():
        items = tuple(f"{step.id}.{item.id}" for item in step.items)
        story.and_(CompleteItems(items=items), by=director)
        for window in step.windows:
            story.and_(OpenWindow(window=f"{step.id}.{window.id}"), by=director)
        story.windows_end()
        story.and_(CompleteStep(step=step.id), by=director)
    story.and_(RevisitStep(step="bijeenkomsten", reason=SAID), by=director)
    story.mail_goes_out()
    order = undone(story)
    assert order[-1] in {"bijeenkomsten.uitnodigingen", "bijeenkomsten.begeleiding"}
    assert order.index("oogst.concept-deelnemers") < order.index(
        "bijeenkomsten.uitnodigingen"
    )
    assert story.state.round("context") == story.state.steps["context"][0]


def test_the_same_outcome_is_not_reported_twice() -> None:
    """A report of an attempt that has ended is no news."""
    story = failed_once()
    late = ReportEffect(effect=queue(story)[0].id, attempt=1, succeeded=True)
    story.when(late).then_refused(NothingToDo, "on record already")
