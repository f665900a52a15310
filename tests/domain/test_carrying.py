"""Earlier changes at a migration: they go along or lapse, and nothing is silent."""

from __future__ import annotations

from typing import Any

import pytest

from domain.commands import CompleteItems
from domain.method import Method
from domain.plan_facts import LapsedChange, MethodMigrated, MigrateMethod, OpenTrack
from domain.planning import preview_plan
from tests.domain.changes import add_item, amend, titled
from tests.domain.story import Story, brief_done, given, has, trial
from tests.domain.versions import altered, to, with_item, without

NORTH = OpenTrack(track="north", title="North", steps=("invite", "meet"))


def carrying(
    method: Method, mapping: dict[str, str | None] | None = None
) -> MigrateMethod:
    """Give the command that goes over with the changes that were made."""
    return to(method, mapping).model_copy(update={"amendments": "carry"})


def asked(story: Story, command: MigrateMethod) -> dict[str, Any]:
    """Give what going over would do."""
    body = command.model_dump(mode="json", exclude={"reason"})
    return preview_plan(story.state, "migrate_method", body)


def lapsed(story: Story) -> tuple[LapsedChange, ...]:
    """Give what the event says no longer holds."""
    (found,) = (e.data for e in story.new if isinstance(e.data, MethodMigrated))
    return found.lapsed


# What goes along.


@pytest.mark.parametrize(
    "told",
    [
        {"change": "change_item", "item": "brief.wish", "to": {"required": True}},
        {"change": "change_step", "step": "meet", "to": {"title": {"en": "Talk"}}},
        {
            "change": "change_window",
            "window": "invite.draft",
            "to": {"duration": {"working_days": 30}, "late": "refuse"},
        },
        {"change": "change_phase", "phase": "before", "to": {"title": {"en": "A"}}},
        {"change": "drop_step", "step": "party"},
        {"change": "drop_item", "item": "brief.wish"},
        {"change": "drop_window", "window": "brief.ideas"},
        {"change": "move_step", "step": "extra", "after": "brief"},
        {"change": "change_completion", "steps": ["brief"]},
        {"change": "add_role", "role": titled("press", may=["respond"])},
    ],
)
def test_a_change_goes_along_while_its_part_is_there(told: dict[str, Any]) -> None:
    """Of whatever kind; the plan is as it was, and the preview says so."""
    story = given().and_(amend(told))
    before = story.state.plan
    command = carrying(altered())
    preview = asked(story, command)
    assert (len(preview["carries"]), preview["lapses"]) == (1, [])
    story.when(command).then(has(MethodMigrated, lapsed=()))
    after = story.state.plan
    assert (after.phases, after.completion, after.roles) == (
        before.phases,
        before.completion,
        before.roles,
    )


def test_a_change_goes_along_again_and_again() -> None:
    """With each version that the dialogue goes over to."""
    drop = {"change": "drop_step", "step": "party"}
    story = given().and_(amend(drop), carrying(altered()))
    story.and_(carrying(altered(version="3.0")))
    assert "party" not in story.state.plan.steps


def test_the_last_of_several_changes_is_what_goes_along() -> None:
    """Once, as the plan says now."""
    story = given()
    for needed in (True, False, True):
        to_be = {"required": needed}
        told = {"change": "change_item", "item": "brief.wish", "to": to_be}
        story.and_(amend(told))
    command = carrying(altered())
    assert len(asked(story, command)["carries"]) == 1
    story.and_(command)
    assert story.state.plan.items["brief.wish"].required


def test_what_the_new_version_took_up_is_no_change_any_more() -> None:
    """It holds, and nothing is made of it."""
    item = {"id": "wish", "title": {"en": "Nice to have"}, "required": True}
    told = {"change": "change_item", "item": "brief.wish", "to": {"required": True}}
    story = given().and_(amend(told))
    preview = asked(story, carrying(with_item("brief", item, drop="wish")))
    assert (preview["carries"], preview["lapses"]) == ([], [])


def test_a_change_goes_along_to_what_its_part_becomes() -> None:
    """By the word of whoever maps it."""
    told = {"change": "change_step", "step": "meet", "to": {"title": {"en": "Talk"}}}
    story = given().and_(amend(told))
    story.and_(carrying(without(meet="gather"), {"meet": "gather"}))
    assert story.state.plan.steps["gather"].title == {"en": "Talk"}


def test_a_role_that_a_change_needs_goes_along() -> None:
    """Also where nobody has it yet."""
    role = {"change": "add_role", "role": titled("press", may=["respond"])}
    asks = {
        "change": "change_window",
        "window": "invite.draft",
        "to": {"audience": "press"},
    }
    story = given().and_(amend(role, asks), carrying(altered()))
    assert story.state.plan.windows["invite.draft"].audience == "press"


# Tracks.


def test_what_was_changed_in_one_copy_stays_in_that_copy() -> None:
    """An item more, and another title; the step itself has neither."""
    title = {"title": {"en": "Talk up north"}}
    story = brief_done(given()).and_(
        NORTH,
        amend(
            add_item("meet--north", "boat"),
            {"change": "change_step", "step": "meet--north", "to": title},
        ),
        carrying(altered()),
    )
    plan = story.state.plan
    assert "meet--north.boat" in plan.items
    assert "meet.boat" not in plan.items
    assert plan.steps["meet--north"].title == {"en": "Talk up north"}
    assert plan.steps["meet"].title == trial().method.steps["meet"].title


def test_what_was_changed_after_copies_were_made_stays_out_of_them() -> None:
    """Each copy is as it was on the day before."""
    first = {"change": "change_item", "item": "meet.notes", "to": {"required": False}}
    later = {"change": "change_item", "item": "meet.notes", "to": {"required": True}}
    story = brief_done(given()).and_(
        amend(first), NORTH, amend(later, add_item("meet", "food"))
    )
    before = story.state.plan
    story.and_(carrying(altered()))
    assert story.state.plan.phases == before.phases


def test_an_item_that_only_a_copy_has_needs_no_word() -> None:
    """It was done there, and stays there."""
    story = brief_done(given()).and_(
        NORTH,
        amend(add_item("invite--north", "boat")),
        CompleteItems(items=("invite--north.boat",)),
    )
    for command in (to(altered()), carrying(altered(version="3.0"))):
        story.and_(command)
        assert "invite--north.boat" in story.state.plan.items


# What lapses.


def test_what_lapses_is_in_the_preview_and_on_record() -> None:
    """Each part once, with the members that are no longer as they were changed."""
    told = {"change": "change_step", "step": "meet", "to": {"title": {"en": "Talk"}}}
    story = given().and_(amend(told, {"change": "drop_step", "step": "party"}))
    command = to(altered())
    names = [each["change"] for each in asked(story, command)["lapses"]]
    assert names == ["change_step", "drop_step"]
    story.when(command)
    assert lapsed(story) == (
        LapsedChange(change="change_step", part="meet", members=("title",)),
        LapsedChange(change="drop_step", part="party"),
    )


def test_a_change_lapses_where_its_part_is_gone() -> None:
    """And the others go along."""
    told = {"change": "change_item", "item": "meet.notes", "to": {"required": False}}
    story = given().and_(amend(told, {"change": "drop_step", "step": "party"}))
    story.when(carrying(without("meet")))
    assert lapsed(story) == (
        LapsedChange(change="change_item", part="meet.notes", members=("required",)),
    )
    assert "party" not in story.state.plan.steps


def test_a_change_lapses_where_the_new_method_can_not_bear_it() -> None:
    """Here both would wait for one another; its other members go along."""
    to_be = {"needs": ["invite"], "title": {"en": "Ask"}}
    told = {"change": "change_step", "step": "extra", "to": to_be}
    data = trial().method.model_dump(mode="json")
    for phase in data["phases"]:
        for step in phase["steps"]:
            if step["id"] == "invite":
                step["needs"] = [*step["needs"], "extra"]
    story = given().and_(amend(told))
    story.when(carrying(altered(phases=data["phases"])))
    assert story.refusal is None
    assert lapsed(story) == (
        LapsedChange(change="change_step", part="extra", members=("needs",)),
    )
    assert story.state.plan.steps["extra"].title == {"en": "Ask"}


def test_a_phase_that_people_added_lapses_and_its_steps_go_along() -> None:
    """They come behind what they stood behind, and the phase is named."""
    step = titled("walk", number="9")
    phase = {"id": "outside", "title": {"en": "Outside"}, "steps": [step]}
    told = {"change": "add_phase", "phase": phase}
    story = given().and_(amend(told)).when(carrying(altered()))
    assert lapsed(story) == (LapsedChange(change="add_phase", part="outside"),)
    assert "walk" in story.state.plan.steps


def test_what_people_added_and_go_along_with_has_not_lapsed() -> None:
    """Nor has a change of it."""
    told = {"change": "change_item", "item": "meet.food", "to": {"required": False}}
    story = given().and_(amend(add_item("meet", "food"), told)).when(to(altered()))
    assert lapsed(story) == ()
    assert not story.state.plan.items["meet.food"].required
