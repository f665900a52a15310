"""Going over to another method: what was done keeps its place, nothing is assumed."""

from __future__ import annotations

from typing import Any

import pytest

from domain.commands import (
    AssignRole,
    CloseWindow,
    CompleteItems,
    CompleteStep,
    OpenWindow,
    RecordResponse,
    RevisitStep,
    StartStep,
)
from domain.errors import DomainError, MethodUnfit, NothingToDo, UnknownItem
from domain.events import ResponseRecorded, StepSkipped, from_body, to_data
from domain.method import Method, compiled
from domain.plan_errors import MappingUnfit, OpenWindowLeft, PartUnmapped
from domain.plan_facts import (
    AmendPlan,
    MethodMigrated,
    MigrateMethod,
    OpenTrack,
)
from domain.planning import preview_plan
from domain.state import thick, thin
from tests.domain.changes import add_item, amend, changes
from tests.domain.story import (
    SAID,
    Story,
    brief_done,
    given,
    has,
    invite_done,
    trial,
)
from tests.domain.versions import altered, to, with_item, without


def asked(story: Story, command: MigrateMethod) -> dict[str, Any]:
    """Give what going over would do."""
    body = command.model_dump(mode="json", exclude={"reason"})
    return preview_plan(story.state, "migrate_method", body)


# What keeps its place.


def test_parts_of_the_same_name_need_no_word() -> None:
    """A new version of a method takes a dialogue over as it stands."""
    story = invite_done(brief_done(given()))
    before = story.state
    story.when(to(altered())).then(has(MethodMigrated))
    assert story.state.method.version == "2.0"
    assert story.state.steps == before.steps
    assert story.state.windows == before.windows
    assert story.state.amendments == ()


def test_a_part_keeps_for_this_dialogue_the_name_it_was_begun_under() -> None:
    """So what is on record, and what comes, are about the same thing."""
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    story.when(to(without(invite="bid"), {"invite": "bid"})).then(MethodMigrated)
    assert "bid" not in story.state.plan.steps
    assert story.state.plan.steps["meet"].needs == ("invite",)
    assert story.marks("invite") == {"list": "completed"}
    story.and_(CompleteItems(items=("invite.letters",)))


def test_a_part_that_was_not_begun_takes_its_new_name() -> None:
    """Nothing speaks of it yet."""
    story = brief_done(given()).and_(to(without(meet="gather")))
    assert "gather" in story.state.plan.steps
    assert "meet" not in story.state.plan.steps


def test_an_item_becomes_another_within_its_step() -> None:
    """It keeps its name and its mark, and asks what the new one asks."""
    new = {"id": "roster", "title": {"en": "A roster"}}
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    method = with_item("invite", new, drop="list")
    story.and_(to(method, {"invite.list": "invite.roster"}))
    assert story.state.plan.items["invite.list"].title == {"en": "A roster"}
    story.when(CompleteItems(items=("invite.roster",))).then_refused(UnknownItem)


def test_a_window_goes_on_while_the_method_changes() -> None:
    """Who was asked until a moment is heard until that moment."""
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    closes = story.run("invite.draft").closes
    story.and_(to(without(invite="bid"), {"invite": "bid"}))
    assert story.run("invite.draft").closes == closes
    response = RecordResponse(window="invite.draft", respondent="k-1")
    story.when(response).then(has(ResponseRecorded, late=False))


# What has no counterpart.


def test_what_was_worked_on_and_has_no_counterpart_needs_a_word() -> None:
    """Nothing is left behind by accident; the preview says what of."""
    story = invite_done(brief_done(given()))
    command = to(without("invite"))
    assert asked(story, command)["unsaid"] == ["invite"]
    story.when(command).then_refused(PartUnmapped, "invite")


def test_what_stays_behind_stays_visible() -> None:
    """Its step stands in the plan with what was done in it, and asks for nothing."""
    story = invite_done(brief_done(given()))
    story.and_(CloseWindow(window="invite.echo", reason=SAID))
    story.when(to(without("invite"), {"invite": None})).then(MethodMigrated)
    plan = story.state.plan
    assert [*plan.steps][:2] == ["brief", "invite"]
    assert not any(item.required for item in plan.steps["invite"].items)
    assert "invite" not in (plan.steps["meet"].needs or ())
    assert "invite.draft" in plan.windows
    assert "invite" not in plan.completion.steps


def test_a_step_that_stays_behind_unfinished_is_left_out() -> None:
    """It no longer holds anything up, and the reason is that of the migration."""
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    story.when(to(without("invite"), {"invite": None}))
    story.then(MethodMigrated, has(StepSkipped, step="invite"))


def test_a_window_that_is_open_does_not_stay_behind() -> None:
    """People have been asked; their answers must have somewhere to go."""
    story = brief_done(given()).and_(
        StartStep(step="invite"), OpenWindow(window="invite.draft")
    )
    story.when(to(without("invite"), {"invite": None}))
    story.then_refused(OpenWindowLeft, "invite.draft")


def test_an_item_that_stays_behind_stays_in_its_step() -> None:
    """With the mark that it has; nobody has to do it any more."""
    new = {"id": "roster", "title": {"en": "A roster"}}
    story = brief_done(given()).and_(
        CompleteItems(items=("invite.list", "invite.letters"))
    )
    story.and_(to(with_item("invite", new, drop="list"), {"invite.list": None}))
    assert not story.state.plan.items["invite.list"].required
    assert story.marks("invite")["list"] == "completed"
    assert "invite.roster" in story.state.open_items("invite")


def test_who_has_a_role_keeps_it() -> None:
    """Also one that the new method does not know."""
    roles = trial().method.model_dump(mode="json")["roles"]
    kept = [role for role in roles if role["id"] != "deputy"]
    story = brief_done(given(AssignRole(role="deputy", actor="x-9")))
    story.and_(to(altered(roles=kept)))
    assert "deputy" in story.state.plan.rights
    assert story.state.holders("deputy") == ("x-9",)


def test_a_role_becomes_another_and_keeps_its_name_and_holders() -> None:
    """What the new one may do, its holders may do."""
    data = trial().method.model_dump_json().replace('"panel"', '"board"')
    method = compiled(Method.model_validate_json(data))
    method = method.model_copy(update={"version": "2.0"})
    story = brief_done(given()).and_(to(method, roles={"panel": "board"}))
    assert story.state.plan.windows["invite.draft"].audience == "panel"
    assert story.state.holders("panel") == ("k-1", "k-2")


# What people added, and tracks.


def test_what_people_added_goes_along() -> None:
    """Steps where they stood, items in their steps; begun or not."""
    step = {"id": "walk", "number": "1a", "title": {"en": "Walk"}}
    told = {"change": "add_step", "after": "brief", "step": step, "then": ["invite"]}
    story = brief_done(given()).and_(
        AmendPlan(changes=changes(told, add_item("meet", "food")), reason=SAID)
    )
    command = to(altered())
    assert asked(story, command)["along"] == ["walk", "meet.food"]
    story.and_(command)
    plan = story.state.plan
    assert [*plan.steps][:3] == ["brief", "walk", "invite"]
    assert "walk" in (plan.steps["invite"].needs or ())
    assert "meet.food" in plan.items


def test_what_waited_for_an_added_step_goes_on_waiting_in_every_track() -> None:
    """Also where the steps themselves were left out, and run in tracks only."""
    step = {"id": "walk", "number": "1a", "title": {"en": "Walk"}}
    told = {"change": "add_step", "after": "brief", "step": step, "then": ["invite"]}
    track = OpenTrack(
        track="north",
        title="North",
        steps=("invite", "meet"),
        instead=True,
        reason=SAID,
    )
    story = brief_done(given()).and_(
        AmendPlan(changes=changes(told), reason=SAID), track, to(altered())
    )
    assert "walk" in (story.state.plan.steps["invite--north"].needs or ())


def test_the_preview_names_the_changes_that_no_longer_hold() -> None:
    """What was changed or dropped of the method is as the new version has it."""
    story = given().and_(amend({"change": "drop_step", "step": "party"}))
    told = asked(story, to(altered()))
    assert told["lapses"] == [{"change": "drop_step", "step": "party"}]


def test_what_people_added_can_be_let_go() -> None:
    """With null in the mapping, as long as nothing was done in it."""
    story = brief_done(given()).and_(amend(add_item("meet", "food")))
    story.and_(to(altered(), {"meet.food": None}))
    assert "meet.food" not in story.state.plan.items


def test_tracks_are_copied_anew_from_the_new_method() -> None:
    """What was done in them keeps its place."""
    story = brief_done(given()).and_(
        OpenTrack(track="north", title="North", steps=("invite", "meet")),
        CompleteItems(items=("invite--north.list",)),
    )
    new = {"id": "roster", "title": {"en": "A roster"}}
    story.and_(to(with_item("invite", new)))
    plan = story.state.plan
    assert "invite--north.roster" in plan.items
    assert "meet--north" in (plan.steps["report"].needs or ())
    assert story.state.tracks["north"].steps == ("invite--north", "meet--north")


def test_what_was_done_in_a_track_keeps_its_place_where_the_method_drops_it() -> None:
    """An item that was done only in a track stays in that track."""
    story = brief_done(given()).and_(
        OpenTrack(track="north", title="North", steps=("invite", "meet")),
        CompleteItems(items=("invite--north.list",)),
    )
    new = {"id": "roster", "title": {"en": "A roster"}}
    method = with_item("invite", new, drop="list")
    story.when(to(method)).then_refused(PartUnmapped, "invite.list")
    story.and_(to(method, {"invite.list": None}))
    assert "invite--north.list" in story.state.plan.items


# What can't be.


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        ({"nowhere": "meet"}, "no part of the present plan"),
        ({"invite": "nowhere"}, "no part of the new method"),
        ({"invite": "meet.notes"}, "not of one kind"),
        ({"invite.list": "meet.notes"}, "can only become a part of invite"),
        ({"brief": "invite"}, "more than one part becomes invite"),
        ({"invite.list": "invite.hall"}, "would keep the name"),
    ],
)
def test_a_mapping_that_can_not_be_followed_says_why(
    mapping: dict[str, str | None], word: str
) -> None:
    """Names that are not there, kinds that differ, two that become one."""
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    story.when(to(altered(), mapping)).then_refused(MappingUnfit, word)


def test_the_method_that_was_asked_for_is_the_one_that_came() -> None:
    """By id and hash, whole, and in the language of the dialogue."""
    story = given()
    story.when(to(trial().method)).then_refused(NothingToDo)
    without_it = to(altered()).model_copy(update={"compiled": None})
    story.when(without_it).then_refused(MethodUnfit, "not there")
    other = to(altered()).model_copy(update={"method": "another"})
    story.when(other).then_refused(MethodUnfit, "not the one")
    broken = altered(completion={"steps": ["nowhere"]})
    story.when(to(broken)).then_refused(MethodUnfit, "carried out")


def test_amendments_can_be_undone_by_going_back_to_the_method() -> None:
    """The method as it was published, under the hash the dialogue has."""
    story = given().and_(amend({"change": "drop_step", "step": "party"}))
    story.and_(to(trial().method))
    assert "party" in story.state.plan.steps


# What is asked beforehand, and what is on record.


def test_the_preview_says_of_which_steps_more_is_asked_than_was_done() -> None:
    """A step that is done stays done; to do the new things, it is returned to."""
    new = {"id": "roster", "title": {"en": "A roster"}}
    story = invite_done(brief_done(given()))
    command = to(with_item("invite", new))
    told = asked(story, command)
    assert told["possible"]
    assert told["revisit"] == [
        {"step": "invite", "parts": ["invite.roster"], "after": []}
    ]
    story.and_(command)
    assert story.round("invite").status == "completed"
    story.and_(RevisitStep(step="invite", reason=SAID))
    assert "invite.roster" in story.state.open_items("invite")


def test_the_preview_says_what_becomes_of_what() -> None:
    """Of what was worked on, of what is left, and what is new."""
    story = brief_done(given()).and_(CompleteItems(items=("invite.list",)))
    told = asked(story, to(without("invite"), {"invite": None}))
    assert told["maps"]["brief"] == "brief"
    assert told["maps"]["invite"] is None
    assert told["behind"] == ["invite"]
    assert told["skips"] == ["invite"]


def test_the_event_brings_the_method_by_its_hash() -> None:
    """As the start of a dialogue does: the form itself is kept apart."""
    story = brief_done(given()).when(to(altered()))
    (event,) = story.new
    data, private = to_data(event)
    assert "plan" not in data
    assert set(private) == {"/reason"}
    body = {
        "seq": event.seq,
        "type": event.type,
        "at": event.at,
        "actor": event.actor.model_dump(),
        "mandate": None,
        "cause": event.cause,
        "data": data,
        "private": private,
    }
    read = from_body(body, {data["method"]["hash"]: altered()})
    assert read.data == event.data


def test_the_state_gives_the_plan_back_from_the_new_method() -> None:
    """From the method that it went over to, and what is kept beside that."""
    new = {"id": "roster", "title": {"en": "A roster"}}
    method = with_item("invite", new, drop="list")
    story = brief_done(given()).and_(
        CompleteItems(items=("invite.list",)),
        amend(add_item("meet", "food")),
        to(method, {"invite.list": None}),
        CompleteItems(items=("invite.letters", "invite.hall", "invite.roster")),
        OpenWindow(window="invite.draft"),
    )
    story.window_ends("invite.draft").and_(CompleteStep(step="invite"))
    state = story.state
    again = thick(thin(state), method, state.calendar, state.handled)
    assert again == state


def test_a_refusal_is_a_domain_error() -> None:
    """Whatever is asked, nothing else comes of it."""
    story = given().when(to(altered(), {"brief.question.scope": None}))
    assert isinstance(story.refusal, DomainError)
