"""Amending the plan: what was not done changes, and what was done stays."""

from __future__ import annotations

from typing import Any

import pytest

from domain.commands import (
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    PauseDialogue,
    RevisitStep,
    SkipStep,
    StartStep,
    WaiveItems,
)
from domain.errors import (
    DialogueEnded,
    DomainError,
    NotEntitled,
    NothingToDo,
    StepNotReady,
)
from domain.events import StepStarted, to_data
from domain.method import Method
from domain.plan_applying import amended
from domain.plan_errors import (
    AmendedTooMuch,
    AmendmentTooLarge,
    BegunStays,
    DoneStays,
    ItemMarked,
    ItemStays,
    PlanUnfit,
    TakenId,
    UnknownPart,
    WindowRuns,
    WindowStays,
)
from domain.plan_facts import PlanAmended
from domain.planning import preview_plan
from domain.state import Dialogue, thick, thin
from tests.domain.changes import a_step, add_item, amend, changes, titled
from tests.domain.small_methods import an_item
from tests.domain.story import (
    ANNE,
    CLIENT,
    SAID,
    Story,
    all_done,
    brief_done,
    given,
    has,
    invite_done,
    trial,
)


def needs(story: Story, step: str) -> tuple[str, ...]:
    """Give what a step of the plan builds on."""
    return story.state.plan.steps[step].needs or ()


def order(story: Story) -> list[str]:
    """Give the steps of the plan in their order."""
    return [*story.state.plan.steps]


# What comes in.


def test_an_item_is_added_to_a_step_that_is_not_done() -> None:
    """It is asked like any other, and the step waits for it."""
    story = given(StartStep(step="brief")).when(amend(add_item("brief", "photo")))
    story.then(PlanAmended)
    assert "brief.photo" in story.state.plan.items
    assert "brief.photo" in story.state.open_items("brief")


def test_a_step_comes_after_another_and_builds_on_it() -> None:
    """Unless it says otherwise; and those named in then will wait for it."""
    new = {"change": "add_step", "after": "meet", "step": a_step("again")}
    story = given().and_(amend({**new, "then": ["report"]}))
    assert order(story)[3:6] == ["meet", "again", "report"]
    assert needs(story, "again") == ("meet",)
    assert needs(story, "report") == ("meet", "extra", "again")
    assert story.state.plan.phase_of["again"].id == "during"


def test_what_waits_for_a_new_step_can_not_start_before_it() -> None:
    """The new step is part of the order, not a note beside it."""
    new = {"change": "add_step", "after": "brief", "step": a_step("walk")}
    story = brief_done(given()).and_(amend({**new, "then": ["invite"]}))
    story.when(StartStep(step="invite")).then_refused(StepNotReady, "walk")
    story.and_(StartStep(step="walk"), CompleteStep(step="walk"))
    story.when(StartStep(step="invite")).then(StepStarted)


def test_a_step_that_is_under_way_can_be_made_to_wait_before_it_completes() -> None:
    """It goes on, and is complete only after the new step is."""
    story = brief_done(given()).and_(StartStep(step="extra"))
    new = {"change": "add_step", "after": "brief", "step": a_step("walk")}
    story.and_(amend({**new, "then": ["extra"]}))
    complete = CompleteStep(step="extra", note=SAID)
    story.when(complete).then_refused(StepNotReady, "walk")
    story.and_(SkipStep(step="walk", reason=SAID), complete)


def test_a_phase_comes_in_with_its_steps() -> None:
    """Its first step builds on the last step of the phase before it."""
    phase = {**titled("aftercare"), "steps": [a_step("look-back")]}
    story = given().and_(
        amend({"change": "add_phase", "after": "after", "phase": phase})
    )
    assert needs(story, "look-back") == ("party",)
    assert story.state.plan.phases[-1].id == "aftercare"


def test_a_window_and_its_audience_come_in_together() -> None:
    """A role that a window asks can be added in the same amendment, before it."""
    window = titled("letters", audience="tenants", duration={"working_days": 5})
    story = given(StartStep(step="brief")).and_(
        amend(
            {"change": "add_role", "role": titled("tenants")},
            {"change": "add_window", "step": "brief", "window": window},
        ),
        OpenWindow(window="brief.letters"),
    )
    assert story.run("brief.letters").audience == "tenants"


def test_items_describe_a_step_that_the_source_leaves_out() -> None:
    """The organisation fills the step in, as the method asks it to."""
    story = brief_done(given()).and_(amend(add_item("extra", "own")))
    assert not story.state.plan.steps["extra"].undescribed
    story.and_(CompleteItems(items=("extra.own",)), CompleteStep(step="extra"))


# What goes, and what moves.


def test_what_built_on_a_dropped_step_builds_on_what_that_needed() -> None:
    """A step that goes opens no way round the steps before it."""
    story = given().and_(amend({"change": "drop_step", "step": "meet"}))
    assert needs(story, "report") == ("invite", "extra")
    assert "during" not in [phase.id for phase in story.state.plan.phases]


def test_completion_asks_for_a_dropped_step_no_more() -> None:
    """A list of steps that must be done loses the one that went."""
    story = given().and_(amend({"change": "drop_step", "step": "extra"}))
    assert story.state.plan.completion.steps == ("brief", "invite", "meet", "report")


def test_a_dropped_item_takes_what_would_undo_it_along() -> None:
    """No compensation is left for what can't happen any more."""
    story = given().and_(amend({"change": "drop_item", "item": "invite.letters"}))
    rules = story.state.plan.steps["invite"].revisit.compensations
    assert [rule.undoes for rule in rules] == ["draft"]


def test_who_waited_for_a_step_that_moves_waits_for_what_it_needed_too() -> None:
    """Pulled forward, a step leaves no gap where it stood."""
    story = given().and_(
        amend({"change": "move_step", "step": "meet", "after": "brief"})
    )
    assert order(story)[:3] == ["brief", "meet", "invite"]
    assert needs(story, "meet") == ("brief",)
    assert set(needs(story, "report")) == {"meet", "invite", "extra"}


def test_a_step_that_moves_behind_one_that_waited_for_it_makes_no_circle() -> None:
    """The one that waited now waits for what the moved step needed."""
    story = given().and_(
        amend({"change": "move_step", "step": "invite", "after": "meet"})
    )
    assert needs(story, "invite") == ("meet",)
    assert needs(story, "meet") == ("brief",)


def test_members_of_parts_change() -> None:
    """What a person writes as text is read as the part has it."""
    story = given().and_(
        amend(
            {"change": "change_window", "window": "invite.draft",
             "to": {"duration": {"working_days": "3"}, "reminders": [1]}},
            {"change": "change_step", "step": "meet", "to": {"owner": None}},
            {"change": "change_item", "item": "report.printed",
             "to": {"required": False}},
            {"change": "change_completion", "steps": ["brief", "meet"]},
            {"change": "change_phase", "phase": "after", "to": {"may_overlap": True}},
        )
    )  # fmt: skip
    plan = story.state.plan
    assert plan.windows["invite.draft"].duration.working_days == 3
    assert plan.steps["meet"].owner is None
    assert not plan.items["report.printed"].required
    assert plan.completion.steps == ("brief", "meet")
    assert plan.phases[2].may_overlap


# What was done stays.


@pytest.mark.parametrize(
    "change",
    [
        {"change": "change_step", "step": "brief", "to": {"number": "0"}},
        {"change": "move_step", "step": "brief", "after": "invite"},
        add_item("brief", "photo"),
        {"change": "change_item", "item": "brief.wish", "to": {"required": True}},
        {"change": "drop_item", "item": "brief.wish"},
        {"change": "change_window", "window": "brief.ideas", "to": {"late": "accept"}},
        {"change": "drop_window", "window": "brief.ideas"},
    ],
)
def test_what_belongs_to_a_step_that_is_done_stays(change: dict[str, Any]) -> None:
    """The refusal names the step that would have to be returned to."""
    story = brief_done(given()).when(amend(change))
    story.then_refused(DoneStays, "brief", "revisit_step")


def test_once_a_step_was_returned_to_it_can_be_changed() -> None:
    """What the refusal said would help does help."""
    story = brief_done(given()).and_(RevisitStep(step="brief", reason=SAID))
    story.when(amend(add_item("brief", "photo"))).then(PlanAmended)


def test_a_step_that_has_begun_is_not_dropped() -> None:
    """It is left out instead, with a reason, and stays visible."""
    story = given(StartStep(step="brief"))
    story.when(amend({"change": "drop_step", "step": "brief"}))
    story.then_refused(BegunStays, "skip_step")


def test_a_step_that_a_revisit_voided_is_not_dropped_either() -> None:
    """What was done in its earlier round would have no place any more."""
    story = invite_done(brief_done(given())).and_(
        RevisitStep(step="brief", reason=SAID)
    )
    story.when(amend({"change": "drop_step", "step": "invite"}))
    story.then_refused(BegunStays)


def test_an_item_with_a_mark_in_any_round_is_not_dropped() -> None:
    """Neither one that was completed, nor one that was waived."""
    done, waived = (
        CompleteItems(items=("brief.question",)),
        WaiveItems(items=("brief.wish",), reason=SAID),
    )
    for wish, item in ((done, "brief.question"), (waived, "brief.wish")):
        story = given(wish).when(amend({"change": "drop_item", "item": item}))
        story.then_refused(ItemStays, item, "waive_items")


def test_a_completed_item_is_opened_again_before_it_changes() -> None:
    """Else somebody would have completed what they never saw."""
    story = given(CompleteItems(items=("brief.question",)))
    change = {"change": "change_item", "item": "brief.question",
              "to": {"title": {"en": "Another"}}}  # fmt: skip
    story.when(amend(change)).then_refused(ItemMarked, "reopen_items")


def test_a_point_of_an_item_that_was_completed_stays() -> None:
    """Changing the points of an item takes none away that was done."""
    story = given(CompleteItems(items=("brief.question.scope",)))
    change = {"change": "change_item", "item": "brief.question",
              "to": {"sub": [{"id": "bounds", "title": {"en": "B"}}]}}  # fmt: skip
    story.when(amend(change)).then_refused(ItemStays, "brief.question.scope")


def test_a_window_that_is_open_does_not_change() -> None:
    """Who was told a term keeps it; the next opening is by the new rule."""
    story = given(StartStep(step="brief"))
    change = {"change": "change_window", "window": "brief.ideas",
              "to": {"duration": {"calendar_days": 3}}}  # fmt: skip
    story.when(amend(change)).then_refused(WindowRuns)
    story.window_ends("brief.ideas").when(amend(change)).then(PlanAmended)


def test_a_window_that_was_opened_is_not_dropped() -> None:
    """What came in stays with the window that it came to."""
    story = given(StartStep(step="brief")).window_ends("brief.ideas")
    story.when(amend({"change": "drop_window", "window": "brief.ideas"}))
    story.then_refused(WindowStays)


# What makes no sense.


@pytest.mark.parametrize(
    ("change", "error", "word"),
    [
        ({"change": "drop_step", "step": "meeet"}, UnknownPart, "meet"),
        ({"change": "drop_item", "item": "brief.mony"}, UnknownPart, "brief.money"),
        (add_item("brief", "wish"), TakenId, "brief.wish"),
        (
            {"change": "add_step", "after": "meet", "step": a_step("brief")},
            TakenId,
            "brief",
        ),
        ({"change": "add_step", "step": a_step("x")}, PlanUnfit, "Give phase"),
        (
            {"change": "change_item", "item": "brief.wish", "to": {"id": "x"}},
            PlanUnfit,
            "required",
        ),
        (
            {"change": "change_item", "item": "brief.wish", "to": {"role": "ghost"}},
            PlanUnfit,
            "no role",
        ),
        (
            {"change": "change_step", "step": "brief", "to": {"needs": ["extra"]}},
            PlanUnfit,
            "circle",
        ),
        (
            {"change": "change_step", "step": "invite", "to": {"needs": "report"}},
            PlanUnfit,
            "needs",
        ),
        (
            {"change": "move_step", "step": "meet", "after": "meet"},
            PlanUnfit,
            "itself",
        ),
    ],
)
def test_an_amendment_that_makes_no_sense_says_what_would(
    change: dict[str, Any], error: type[DomainError], word: str
) -> None:
    """Names that do not exist, that are taken, and plans that can't be carried out."""
    story = given().when(amend(change))
    story.then_refused(error, word)


def test_what_would_change_nothing_is_refused() -> None:
    """As everywhere."""
    change = {"change": "change_item", "item": "brief.wish", "to": {"required": False}}
    given().when(amend(change)).then_refused(NothingToDo)


def test_a_plan_keeps_a_step() -> None:
    """All steps can't be dropped."""
    story = given()
    drops = ({"change": "drop_step", "step": step} for step in story.state.plan.steps)
    story.when(amend(*drops)).then_refused(PlanUnfit, "no step is left")


def test_a_plan_is_amended_by_who_steers_while_the_process_goes_on() -> None:
    """In a pause too, which is when plans are made; not once it has ended."""
    item = add_item("report", "index")
    given().when(amend(item), by=ANNE).then_refused(NotEntitled)
    given().when(amend(item), by=CLIENT).then_refused(NotEntitled)
    given(PauseDialogue(reason=SAID)).when(amend(item)).then(PlanAmended)
    story = all_done().and_(CompleteDialogue())
    story.when(amend(item)).then_refused(DialogueEnded)


def test_one_amendment_fits_in_an_event_and_all_of_them_in_a_dialogue() -> None:
    """What would not is refused, with what would help."""
    long = {"en": "x" * 1_900}
    big = [add_item("report", f"i{n}", help=long) for n in range(20)]
    given().when(amend(*big)).then_refused(AmendmentTooLarge, "Make two")
    story = given()
    for number in range(40):
        some = [add_item("report", f"i{number}-{n}", help=long) for n in range(10)]
        story.when(amend(*some))
        if story.refusal:
            break
    story.then_refused(AmendedTooMuch, "migrate_method")


# What is on record, and what is asked beforehand.


def test_the_event_says_in_full_what_was_left_to_polder() -> None:
    """The phase, what a step builds on, and titles of what goes or changes."""
    story = given().when(
        amend(
            {"change": "add_step", "after": "meet", "step": a_step("again")},
            {"change": "drop_step", "step": "party"},
        )
    )
    (event,) = story.new
    data, private = to_data(event)
    added = data["changes"][0]
    assert (added["phase"], added["step"]["needs"]) == ("during", ["meet"])
    assert data["parts"] == {"party": {"en": "A party"}}
    assert set(private) == {"/reason"}


def test_the_state_keeps_the_changes_and_gives_the_plan_back() -> None:
    """From the method and the thin state comes the very plan."""
    story = brief_done(given()).and_(
        amend(add_item("meet", "food")), amend({"change": "drop_step", "step": "party"})
    )
    state = story.state
    again = thick(thin(state), trial().method, state.calendar, state.handled)
    assert again == state
    assert "plan" not in thin(state)
    assert [each.seq for each in state.amendments] == [
        e.seq for e in story.events if isinstance(e.data, PlanAmended)
    ]


def test_a_preview_says_what_would_change_and_changes_nothing() -> None:
    """Parts with their titles, and who waits for whom."""
    story = given()
    told = preview_plan(
        story.state,
        "amend_plan",
        {
            "changes": [
                {"change": "drop_step", "step": "meet"},
                add_item("report", "index"),
            ]
        },
    )
    assert told["possible"]
    assert [each["part"] for each in told["added"]] == ["report.index"]
    dropped = [each["part"] for each in told["dropped"]]
    assert dropped == ["meet", "meet.notes", "meet.promises", "meet.check"]
    assert told["waits"] == [
        {"step": "report", "for": ["invite", "extra"], "was": ["meet", "extra"]}
    ]
    assert "meet" in story.state.plan.steps


def test_a_preview_names_everything_in_the_way_and_the_step_to_return_to() -> None:
    """All at once, each with the change that it is about."""
    story = brief_done(given())
    told = preview_plan(
        story.state,
        "amend_plan",
        {
            "changes": [
                add_item("brief", "photo"),
                add_item("meet", "food"),
                {"change": "drop_step", "step": "brief"},
            ]
        },
    )
    assert not told["possible"]
    assert [(e["change"], e["revisit"]) for e in told["obstacles"]] == [
        (1, "brief"),
        (3, "brief"),
    ]


def test_changes_follow_one_another() -> None:
    """A later change sees what an earlier one did."""
    story = given().and_(
        amend(
            {"change": "add_step", "after": "meet", "step": a_step("again")},
            add_item("again", "tea"),
            {"change": "change_item", "item": "again.tea", "to": {"required": False}},
        )
    )
    assert not story.state.plan.items["again.tea"].required


def test_applying_what_is_on_record_gives_the_plan_that_was_decided_on() -> None:
    """Folding the event and deciding on the command lead to one plan."""
    told = (
        {"change": "move_step", "step": "meet", "after": "brief"},
        {"change": "add_step", "before": "brief", "step": a_step("zero", needs=[])},
        an_item_of("zero"),
    )
    story = given()
    wished = amended(story.state.plan, changes(*told))
    story.when(amend(*told)).then(has(PlanAmended))
    assert story.state.plan == wished
    assert isinstance(story.state, Dialogue)
    assert isinstance(wished, Method)


def an_item_of(step: str) -> dict[str, Any]:
    """Give the change that adds a small item."""
    item = {**an_item("small"), "title": {"en": "Small"}}
    return {"change": "add_item", "step": step, "item": item}
