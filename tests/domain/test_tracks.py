"""Tracks: chosen steps run side by side, each track with copies of its own."""

from __future__ import annotations

from typing import Any

from domain.commands import (
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    PauseDialogue,
    RevisitStep,
    SkipStep,
    StartStep,
)
from domain.errors import (
    DialogueIncomplete,
    ReasonMissing,
    StepNotReady,
    UnknownStep,
)
from domain.events import (
    StepRevisited,
    StepSkipped,
    StepStarted,
    StepVoided,
    WindowClosed,
    WindowOpened,
)
from domain.plan_errors import (
    CopyOfCopy,
    DoneStays,
    GateWouldBeLost,
    NameTooLong,
    TrackExists,
    TrackIncomplete,
    TrackNotOpen,
    UnknownTrack,
)
from domain.plan_facts import CloseTrack, OpenTrack, TrackClosed, TrackOpened
from domain.planning import preview_plan
from domain.revisit import preview_revisit
from domain.state import thick, thin
from tests.domain.changes import amend
from tests.domain.gated import at_consent, held
from tests.domain.story import (
    SAID,
    Story,
    all_done,
    brief_done,
    given,
    has,
    invite_done,
    meet_done,
    trial,
)


def a_track(name: str = "north", *steps: str, **more: Any) -> OpenTrack:  # noqa: ANN401 (any member)
    """Give the command that opens a track, of invitation and meeting by default."""
    chosen = steps or ("invite", "meet")
    return OpenTrack(track=name, title=name.capitalize(), steps=chosen, **more)


def needs(story: Story, step: str) -> tuple[str, ...]:
    """Give what a step of the plan builds on."""
    return story.state.plan.steps[step].needs or ()


def walked(story: Story, track: str) -> Story:
    """Let the copies of invitation and meeting be done, the clock closing windows."""
    invite, meet = f"invite--{track}", f"meet--{track}"
    story.and_(
        CompleteItems(step=invite),
        OpenWindow(window=f"{invite}.draft"),
    )
    story.window_ends(f"{invite}.draft").and_(CompleteStep(step=invite))
    story.and_(CompleteItems(step=meet)).windows_end()
    return story.and_(CompleteStep(step=meet))


# Opening.


def test_a_track_has_copies_of_the_chosen_steps() -> None:
    """Behind what they copy, with their own items and windows, in the plan's order."""
    story = given().when(a_track("north", "meet", "invite"))
    story.then(has(TrackOpened, copies=("invite--north", "meet--north")))
    order = [*story.state.plan.steps]
    assert order[:3] == ["brief", "invite", "invite--north"]
    assert order[4:6] == ["meet", "meet--north"]
    plan = story.state.plan
    assert "invite--north.letters" in plan.items
    assert plan.steps["meet--north"].title == {"en": "The meeting – North"}
    assert plan.steps["meet--north"].number == "4/north"


def test_inside_a_track_steps_build_on_one_another() -> None:
    """What is outside it they build on as the originals do."""
    story = given().and_(a_track())
    assert needs(story, "invite--north") == ("brief",)
    assert needs(story, "meet--north") == ("invite--north",)


def test_what_comes_after_waits_for_every_track() -> None:
    """And goes on waiting for the steps themselves."""
    story = given().and_(a_track("north"), a_track("south"))
    assert needs(story, "report") == ("meet", "extra", "meet--north", "meet--south")
    assert needs(story, "meet--south") == ("invite--south",)


def test_a_step_that_builds_on_no_chosen_one_can_join_all_the_same() -> None:
    """It then waits for the last steps of the track."""
    story = given().and_(a_track("north", joins=("party",)))
    assert needs(story, "party") == ("report", "meet--north")
    assert needs(story, "report") == ("meet", "extra")


def test_windows_of_a_track_open_with_its_own_steps() -> None:
    """The copy that starts opens its own window, not that of the original."""
    story = brief_done(given()).and_(a_track("north", "meet"))
    story = invite_done(story)
    story.when(StartStep(step="meet--north"))
    story.then(StepStarted, has(WindowOpened, window="meet--north.check"))
    assert story.state.run("meet.check") is None


def test_completion_asks_for_the_copies_of_what_it_asks_for() -> None:
    """A track counts as much as the steps that it copies."""
    story = all_done().and_(a_track("north", "invite", "meet", joins=()))
    assert "meet--north" in (story.state.plan.completion.steps)
    story.when(CompleteDialogue()).then_refused(DialogueIncomplete, "meet--north")


def test_steps_that_run_in_tracks_only_are_left_out() -> None:
    """As far as they have not begun, and with a reason."""
    story = brief_done(given()).and_(StartStep(step="invite"))
    story.when(a_track(instead=True)).then_refused(ReasonMissing)
    story.when(a_track(instead=True, reason=SAID))
    story.then(TrackOpened, has(StepSkipped, step="meet"))
    assert story.round("invite").status == "started"


def test_tracks_run_beside_one_another_and_come_together() -> None:
    """Each at its own pace; what comes after waits for the last."""
    story = brief_done(given()).and_(
        a_track("north", instead=True, reason=SAID),
        a_track("south", instead=True, reason=SAID),
        SkipStep(step="extra", reason=SAID),
    )
    walked(story, "north")
    story.when(StartStep(step="report")).then_refused(StepNotReady, "meet--south")
    walked(story, "south").and_(
        CompleteItems(items=("report.printed",)), CompleteStep(step="report")
    )
    story.and_(CloseTrack(track="north"), CloseTrack(track="south"), CompleteDialogue())


# What can't be.


def test_a_track_is_of_steps_that_there_are_under_a_name_that_is_free() -> None:
    """And not of copies; each refusal says what would help."""
    story = given().and_(a_track())
    story.when(a_track("south", "nowhere")).then_refused(UnknownStep, "brief")
    story.when(a_track()).then_refused(TrackExists)
    story.when(a_track("south", "meet--north")).then_refused(CopyOfCopy)
    story.when(a_track("n" * 60)).then_refused(NameTooLong, "63")


def test_a_step_that_is_done_does_not_begin_to_wait() -> None:
    """By default it stays as it is, and the preview names it; asked, it is refused."""
    story = all_done()
    told = preview_plan(
        story.state,
        "open_track",
        {"track": "north", "title": "North", "steps": ["invite", "meet"]},
    )
    assert told["possible"]
    assert told["revisit"] == ["report"]
    story.when(a_track("north", joins=("report",))).then_refused(DoneStays, "report")
    story.and_(a_track("north"))
    assert needs(story, "report") == ("meet", "extra")


# Going back.


def test_going_back_in_a_track_touches_only_that_track_and_what_comes_after() -> None:
    """The other track stands."""
    story = brief_done(given()).and_(
        a_track("north", instead=True, reason=SAID),
        a_track("south", instead=True, reason=SAID),
        SkipStep(step="extra", reason=SAID),
    )
    walked(walked(story, "north"), "south")
    story.and_(CompleteItems(items=("report.printed",)), CompleteStep(step="report"))
    told = preview_revisit(story.state, "invite--north")
    assert told["voids"] == ["report", "meet--north"]
    story.when(RevisitStep(step="invite--north", reason=SAID))
    assert story.round("meet--south").status == "completed"


def test_going_back_to_what_tracks_build_on_voids_them_all() -> None:
    """They build on the step before them as the originals do."""
    story = invite_done(brief_done(given())).and_(a_track())
    story = meet_done(walked(story, "north"))
    story.when(RevisitStep(step="brief", reason=SAID))
    voided = {e.data.step for e in story.new if isinstance(e.data, StepVoided)}
    assert voided == {"invite", "meet", "invite--north", "meet--north"}


def test_steps_that_run_in_tracks_only_do_not_come_back_with_a_return() -> None:
    """Going back before them voids the tracks; they themselves stay left out."""
    story = brief_done(given()).and_(
        a_track("north", instead=True, reason=SAID),
        StartStep(step="invite--north"),
    )
    told = preview_revisit(story.state, "brief")
    assert told["voids"] == ["invite--north"]
    story.and_(RevisitStep(step="brief", reason=SAID))
    assert story.round("invite").status == "skipped"


def test_a_track_that_stopped_is_not_taken_up_by_a_return_to_what_came_before() -> None:
    """What was left out in it stays left out; what was done in it is redone."""
    story = brief_done(given()).and_(
        a_track("north", instead=True, reason=SAID),
        CloseTrack(track="north", reason=SAID),
        RevisitStep(step="brief", reason=SAID),
    )
    assert story.state.tracks["north"].status == "stopped"
    assert story.round("meet--north").status == "skipped"


def test_a_closed_track_opens_again_when_one_of_its_steps_is_returned_to() -> None:
    """It has work to do again."""
    story = walked(brief_done(given()).and_(a_track()), "north")
    story.and_(CloseTrack(track="north"))
    assert story.state.tracks["north"].status == "complete"
    story.when(RevisitStep(step="meet--north", reason=SAID))
    assert isinstance(story.new[0].data, StepRevisited)
    assert story.state.tracks["north"].status == "open"


# Closing.


def test_a_track_closes_when_its_steps_are_done() -> None:
    """Before that it takes a reason, and then it is stopped."""
    story = brief_done(given()).and_(a_track())
    story.when(CloseTrack(track="north")).then_refused(TrackIncomplete, "invite--north")
    walked(story, "north").when(CloseTrack(track="north"))
    story.then(has(TrackClosed, outcome="complete"))
    story.when(CloseTrack(track="north")).then_refused(TrackNotOpen)
    story.when(CloseTrack(track="south")).then_refused(UnknownTrack, "north")


def test_a_track_that_stops_closes_what_it_asked_and_leaves_out_the_rest() -> None:
    """What comes after then waits for it no more."""
    story = brief_done(given()).and_(
        a_track("north", instead=True, reason=SAID),
        SkipStep(step="extra", reason=SAID),
        StartStep(step="invite--north"),
        OpenWindow(window="invite--north.draft"),
    )
    story.when(CloseTrack(track="north", reason=SAID))
    story.then(
        has(WindowClosed, window="invite--north.draft", early=True),
        has(StepSkipped, step="invite--north"),
        has(StepSkipped, step="meet--north"),
        has(TrackClosed, outcome="stopped"),
    )
    story.when(StartStep(step="report")).then(StepStarted)


def test_a_track_can_stop_in_a_pause() -> None:
    """Its windows stood still, and now close."""
    story = brief_done(given()).and_(
        a_track(),
        StartStep(step="invite--north"),
        OpenWindow(window="invite--north.draft"),
        PauseDialogue(reason=SAID),
    )
    story.and_(CloseTrack(track="north", reason=SAID))
    assert story.state.open_windows() == {}


def test_a_gate_left_to_tracks_is_not_lost_with_the_last_of_them() -> None:
    """One track may stop without passing it, as long as another can."""
    story = given(
        a_track("north", "brief", instead=True, reason=SAID),
        a_track("south", "brief", instead=True, reason=SAID),
        CloseTrack(track="north", reason=SAID),
    )
    story.when(CloseTrack(track="south", reason=SAID))
    story.then_refused(GateWouldBeLost, "brief--south.money")


def test_a_gate_of_a_step_is_each_track_s_own() -> None:
    """It is held in a track, lets that track pass, and is not lost with the last."""
    track = a_track("north", "consent", instead=True, reason=SAID)
    story = at_consent().and_(track)
    story.when(CloseTrack(track="north", reason=SAID))
    story.then_refused(GateWouldBeLost, "consent--north.tenants")
    story.and_(
        held("consent--north.tenants", 70, entitled=100),
        held("consent--north.names", 100),
        CompleteStep(step="consent--north"),
        CloseTrack(track="north"),
    )
    story.when(StartStep(step="works")).then(StepStarted)


# What is kept.


def test_the_state_keeps_which_steps_were_copied_and_not_their_copies() -> None:
    """The plan with its copies comes back from the method and the thin state."""
    story = walked(brief_done(given()).and_(a_track()), "north")
    state = story.state
    again = thick(thin(state), trial().method, state.calendar, state.handled)
    assert again == state
    kept = len(str(thin(state)["amendments"]))
    assert kept < 300


def test_a_copy_that_was_dropped_holds_up_no_track_and_leaves_no_trace() -> None:
    """A track closes by the steps that it still has."""
    story = brief_done(given()).and_(
        OpenTrack(track="north", title="North", steps=("invite", "meet")),
        amend({"change": "drop_step", "step": "meet--north"}),
        CloseTrack(track="north", reason=SAID),
    )
    assert "meet--north" not in story.state.steps
    assert "invite--north" in story.state.steps
