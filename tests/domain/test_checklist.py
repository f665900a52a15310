"""Items are completed, waived, taken back and reconfirmed; steps follow from them."""

from __future__ import annotations

from typing import cast

import pytest

from domain.commands import (
    AnyCommand,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    PauseDialogue,
    ReconfirmItems,
    ReopenItems,
    RevisitStep,
    SkipStep,
    StartStep,
    WaiveItems,
)
from domain.errors import (
    GateCannotBeWaived,
    NotEntitled,
    NothingToDo,
    StepEnded,
    StepIncomplete,
    StepNotReady,
    StepNotStarted,
    StepUndescribed,
    UnknownItem,
    UnknownStep,
)
from domain.events import (
    ItemsCompleted,
    ItemsReconfirmed,
    ItemsReopened,
    ItemsWaived,
    StepCompleted,
    StepSkipped,
    StepStarted,
    WindowOpened,
)
from domain.facts import Actor
from tests.domain.story import (
    ANNE,
    CLIENT,
    DIRECTOR,
    FACILITATOR,
    PASSER_BY,
    SAID,
    SYSTEM,
    all_done,
    brief_done,
    given,
    has,
    invite_done,
)


def test_the_first_item_starts_its_step_and_opens_its_window() -> None:
    """A step that is ready starts by being worked on."""
    story = given().when(CompleteItems(items=("brief.wish",)))
    story.then(StepStarted, WindowOpened, has(ItemsCompleted, items=("brief.wish",)))


def test_sub_items_go_along_with_their_item() -> None:
    """Completing an item completes its points; taking it back takes them back."""
    subs = ("brief.question", "brief.question.scope", "brief.question.bounds")
    story = given().when(CompleteItems(items=("brief.question",)))
    story.then(StepStarted, WindowOpened, has(ItemsCompleted, items=subs))
    story.when(ReopenItems(items=("brief.question",), reason=SAID))
    story.then(has(ItemsReopened, items=subs))
    assert story.marks("brief") == {}


def test_a_sub_item_can_be_completed_on_its_own() -> None:
    """It leaves its item open."""
    story = given(CompleteItems(items=("brief.question.scope",)))
    assert story.marks("brief") == {"question.scope": "completed"}


def test_only_what_is_open_is_completed() -> None:
    """What was complete keeps who completed it; all complete is nothing to do."""
    story = given(CompleteItems(items=("brief.wish",)))
    story.when(CompleteItems(items=("brief.money", "brief.wish")), by=SYSTEM)
    story.then(has(ItemsCompleted, items=("brief.money",)))
    assert story.round("brief").marks["brief.wish"].by == "d-1"
    story.when(CompleteItems(items=("brief.wish",))).then_refused(NothingToDo)


def test_items_of_several_steps_are_completed_whole_or_not_at_all() -> None:
    """One step that is not ready refuses the whole command."""
    story = given().when(CompleteItems(items=("brief.wish", "report.printed")))
    story.then_refused(StepNotReady, "report", "meet")
    assert story.state.round("brief") is None


def test_an_unknown_item_is_refused_with_what_was_perhaps_meant() -> None:
    """The hint names items of the plan."""
    story = given().when(CompleteItems(items=("brief.mony",)))
    story.then_refused(UnknownItem, "Did you mean brief.money")
    story.when(CompleteItems(items=("zzz",))).then_refused(UnknownItem, "step.item")


def test_a_gate_is_neither_waived_nor_gone_round() -> None:
    """An approval that was not given keeps its step from ending in any way."""
    story = given().when(WaiveItems(items=("brief.money",), reason=SAID))
    story.then_refused(GateCannotBeWaived, "brief.money")
    story.and_(CompleteItems(items=("brief.question",))).until_the_next_alarm()
    story.when(SkipStep(step="brief", reason=SAID)).then_refused(GateCannotBeWaived)
    story.when(CompleteStep(step="brief")).then_refused(StepIncomplete, "brief.money")
    story.and_(CompleteItems(items=("brief.money",)))
    story.when(SkipStep(step="brief", reason=SAID)).then(StepSkipped)


def test_a_waived_item_no_longer_holds_up_its_step() -> None:
    """It can be completed all the same, but not waived twice."""
    story = given(WaiveItems(items=("brief.question",), reason=SAID))
    assert story.marks("brief") == {"question": "waived"}
    story.when(WaiveItems(items=("brief.question",), reason=SAID))
    story.then_refused(NothingToDo)
    story.and_(CompleteItems(items=("brief.money",))).until_the_next_alarm()
    story.when(CompleteStep(step="brief")).then(StepCompleted)


def test_waiving_starts_a_step_that_is_ready() -> None:
    """To set an item aside is to work on its step."""
    story = given().when(WaiveItems(items=("brief.wish",), reason=SAID))
    story.then(StepStarted, WindowOpened, ItemsWaived)


def test_only_a_step_under_way_gives_items_back() -> None:
    """Before it starts there is nothing to take back; after it, there is a revisit."""
    reopen = ReopenItems(items=("brief.question",), reason=SAID)
    story = given().when(reopen).then_refused(StepNotStarted)
    brief_done(story).when(reopen).then_refused(StepEnded, "revisit_step")
    story = given(StartStep(step="brief")).when(reopen).then_refused(NothingToDo)


def test_a_completed_step_takes_no_more_items() -> None:
    """An item that was not required stays open for good, or until a revisit."""
    story = brief_done(given()).when(CompleteItems(items=("brief.wish",)))
    story.then_refused(StepEnded, "completed")


def test_what_was_reconfirmed_stands_as_it_was_made() -> None:
    """The earlier completion stays visible: by whom, when, and in which event."""
    story = all_done()
    before = story.round("invite").marks["invite.letters"]
    story.and_(RevisitStep(step="invite", reason=SAID))
    assert story.marks("invite")["letters"] == "to_reconfirm"
    story.when(ReconfirmItems(step="invite")).then(ItemsReconfirmed)
    after = story.round("invite").marks["invite.letters"]
    kept = (after.status, after.by, after.at, after.seq)
    assert kept == (before.status, before.by, before.at, before.seq)
    assert after.reconfirmed == story.new[0].seq
    story.when(ReconfirmItems(step="invite")).then_refused(NothingToDo)


def test_what_has_to_be_reconfirmed_may_be_taken_back_or_done_again() -> None:
    """Reconfirming is one way; doing it again is another."""
    story = all_done().and_(RevisitStep(step="invite", reason=SAID))
    story.and_(ReopenItems(items=("invite.list",), reason=SAID))
    story.and_(CompleteItems(items=("invite.hall",), reference="v2"))
    assert story.marks("invite") == {"letters": "to_reconfirm", "hall": "completed"}
    assert story.round("invite").marks["invite.hall"].was is None


def test_reconfirming_starts_a_voided_step_that_is_ready_and_no_other() -> None:
    """A step that waits for the revisited one keeps waiting."""
    story = all_done().and_(RevisitStep(step="invite", reason=SAID))
    story.when(ReconfirmItems(step="report")).then_refused(StepNotReady, "meet")
    story.when(ReconfirmItems(step="meet"))
    story.then(StepStarted, WindowOpened, ItemsReconfirmed)


def test_a_step_starts_when_what_it_needs_is_done() -> None:
    """The refusal names what comes first."""
    story = given().when(StartStep(step="invite")).then_refused(StepNotReady, "brief")
    brief_done(story).when(StartStep(step="invite")).then(StepStarted)
    story.when(StartStep(step="invite")).then_refused(NothingToDo)
    story.when(StartStep(step="brief")).then_refused(StepEnded)
    story.when(StartStep(step="nowhere")).then_refused(UnknownStep, "brief")


def test_a_phase_that_may_overlap_only_waits_for_the_one_before_to_have_begun() -> None:
    """Phase two starts before phase one is complete, but not before it began."""
    given().when(StartStep(step="meet")).then_refused(StepNotReady, "invite")
    story = given(StartStep(step="brief")).when(StartStep(step="meet"))
    story.then(StepStarted, WindowOpened)


def test_a_phase_that_may_not_overlap_waits() -> None:
    """The last phase needs the meeting to be complete."""
    story = given(StartStep(step="brief"), StartStep(step="meet"))
    story.when(StartStep(step="report")).then_refused(StepNotReady, "meet")


def test_skipping_a_step_opens_no_way_round_the_one_before_it() -> None:
    """A skipped step passes on what it needs."""
    story = brief_done(given()).and_(SkipStep(step="meet", reason=SAID))
    story.and_(SkipStep(step="extra", reason=SAID))
    story.when(StartStep(step="report")).then_refused(StepNotReady, "invite")


def test_a_step_completes_when_items_are_done_and_windows_held() -> None:
    """What is missing is named."""
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    story.when(CompleteStep(step="invite"))
    story.then_refused(StepIncomplete, "invite.letters", "invite.draft")
    story.and_(CompleteItems(items=("invite.letters", "invite.hall")))
    story.and_(OpenWindow(window="invite.draft")).when(CompleteStep(step="invite"))
    story.then_refused(StepIncomplete, "invite.draft")
    story.window_ends("invite.draft")
    story.when(CompleteStep(step="invite")).then(StepCompleted, WindowOpened)
    story.when(CompleteStep(step="invite")).then_refused(NothingToDo)


def test_a_step_that_was_never_started_does_not_complete() -> None:
    """Unless it has nothing to do."""
    given().when(CompleteStep(step="brief")).then_refused(StepNotStarted)


def test_an_undescribed_step_says_in_a_note_what_was_done() -> None:
    """The source does not know; the organisation does."""
    story = brief_done(given()).when(CompleteStep(step="extra"))
    story.then_refused(StepUndescribed)
    story.when(CompleteStep(step="extra", note=SAID)).then(StepStarted, StepCompleted)


def test_a_step_with_an_open_window_is_not_skipped() -> None:
    """The window closes first."""
    story = given(StartStep(step="brief")).when(SkipStep(step="brief", reason=SAID))
    story.then_refused(StepIncomplete, "brief.ideas")


def test_a_step_that_is_done_is_not_skipped() -> None:
    """Not twice either."""
    story = brief_done(given()).and_(SkipStep(step="extra", reason=SAID))
    story.when(SkipStep(step="brief", reason=SAID)).then_refused(StepEnded)
    story.when(SkipStep(step="extra", reason=SAID)).then_refused(StepEnded)


WORK = CompleteItems(items=("meet.notes",))


@pytest.mark.parametrize("actor", [DIRECTOR, SYSTEM, FACILITATOR], ids=lambda a: a.role)
def test_who_steers_or_answers_for_the_step_completes_its_items(actor: Actor) -> None:
    """An item without a role of its own is the step's owner's."""
    story = given(StartStep(step="brief")).when(WORK, by=actor)
    assert story.refusal is None


@pytest.mark.parametrize("actor", [CLIENT, ANNE, PASSER_BY], ids=lambda a: a.role)
def test_nobody_else_completes_them(actor: Actor) -> None:
    """The refusal says whom it takes."""
    story = given(StartStep(step="brief")).when(WORK, by=actor)
    story.then_refused(NotEntitled, actor.role)


@pytest.mark.parametrize(
    "command",
    [
        CompleteItems(items=("brief.question.scope",)),
        StartStep(step="invite"),
        ReconfirmItems(step="invite"),
        PauseDialogue(reason=SAID),
        OpenWindow(window="brief.ideas"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_who_may_complete_may_not_do_what_belongs_to_another(
    command: AnyCommand,
) -> None:
    """Sub-items, steps and the process have owners too."""
    story = all_done().and_(RevisitStep(step="brief", reason=SAID))
    story.when(command, by=CLIENT).then_refused(NotEntitled)


def test_a_step_stands_for_what_is_open_in_it() -> None:
    """The step's open items are completed, with their sub-items, and nothing else."""
    story = given(CompleteItems(items=("brief.wish",)))
    story.when(CompleteItems(step="brief")).then(
        has(
            ItemsCompleted,
            items=(
                "brief.money",
                "brief.question",
                "brief.question.scope",
                "brief.question.bounds",
            ),
        ),
    )
    story.when(CompleteItems(step="brief")).then_refused(NothingToDo, "complete")
    story.when(CompleteItems(step="brif")).then_refused(UnknownStep, "brief")


def test_a_step_is_completed_once_under_one_id() -> None:
    """The same wish, sent again when more is open, is the one that was granted."""
    whole = CompleteItems(step="brief")
    story = given().when(whole, id="once")
    story.and_(ReopenItems(items=("brief.wish",), reason=SAID))
    story.when(whole, id="once").then()


def test_items_that_wait_to_be_reconfirmed_are_not_open() -> None:
    """A step's open items leave out what an earlier round completed."""
    story = brief_done(given()).and_(RevisitStep(step="brief", reason=SAID))
    story.and_(ReopenItems(items=("brief.money",), reason=SAID))
    story.when(CompleteItems(step="brief"))
    assert story.marks("brief")["money"] == "completed"
    assert story.marks("brief")["question"] == "to_reconfirm"


def test_completing_names_something() -> None:
    """Neither items nor a step is no wish."""
    with pytest.raises(ValueError, match="name items, or a step"):
        CompleteItems()


def test_a_whole_step_is_completed_by_whoever_may_complete_each_of_its_items() -> None:
    """Naming the step gives nobody a right that naming its items does not give."""
    whole = CompleteItems(step="brief")
    given().when(whole, by=CLIENT).then_refused(NotEntitled, "director")
    given().when(whole, by=DIRECTOR).then(StepStarted, WindowOpened, ItemsCompleted)


def test_an_item_with_a_role_is_for_that_role() -> None:
    """The client approves the money, the owner of the step does not have to steer."""
    money = CompleteItems(items=("brief.money",))
    assert given().when(money, by=CLIENT).refusal is None
    given().when(money, by=FACILITATOR).then_refused(NotEntitled, "client")


def test_many_items_make_events_of_a_size_that_fits() -> None:
    """A revisit's whole step reconfirmed lists at most a hundred items an event."""
    story = invite_done(brief_done(given()))
    story.and_(RevisitStep(step="brief", reason=SAID)).when(
        ReconfirmItems(step="brief")
    )
    for event in story.new:
        assert len(cast("ItemsReconfirmed", event.data).items) <= 100
