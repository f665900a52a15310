"""The plan of a dialogue can be published, and the dialogue can follow it itself."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import given as told
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.method import Method
from domain.migrating import weighed
from domain.plan_alone import plan_alone
from domain.plan_comparing import differences
from domain.plan_facts import OpenTrack
from domain.plan_traces import originals
from domain.state import Dialogue
from methods.load import load_text, shipped
from methods.writing import written
from tests.domain.changes import add_item, amend
from tests.domain.story import SYSTEM, brief_done, given, trial
from tests.domain.test_plan_always import PlanMachine
from tests.domain.versions import to

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


def loaded(method: Method) -> Method:
    """Give a method as somebody's file of it gives it back."""
    return load_text(written(method, ["remark"]), "plan.yaml").method


def alone(state: Dialogue) -> Method:
    """Give the plan of a dialogue as a file that was loaded."""
    method = plan_alone(state, "parkzicht")
    assert loaded(method) == method, "what is written is what is read"
    return method


# As a method.


def test_a_plan_that_was_not_changed_is_its_method() -> None:
    """To the last member, so it has the same hash."""
    assert alone(given().state) == trial().method


def test_a_changed_plan_has_a_name_a_version_and_a_source_of_its_own() -> None:
    """No two plans of a dialogue share a version, and the source is not blamed."""
    story = given().and_(amend(add_item("meet", "food")))
    first = alone(story.state)
    assert first.id == f"{trial().method.id}-parkzicht"
    assert first.version == f"1.0.{story.state.amendments[-1].seq}"
    assert "meet.food" in first.items
    assert "not everything comes from this source" in (first.source.note or {})["en"]
    second = alone(story.and_(amend(add_item("meet", "tea"))).state)
    assert second.id == first.id
    assert second.version != first.version


def test_the_name_grows_once() -> None:
    """Also where the dialogue went over to its own plan and was changed again."""
    story = given().and_(amend(add_item("meet", "food")))
    first = alone(story.state)
    story.and_(to(first), amend(add_item("meet", "tea")))
    second = alone(story.state)
    assert (second.id, second.title) == (first.id, first.title)
    assert second.source == first.source


def test_it_can_be_called_otherwise() -> None:
    """By who publishes it."""
    plan = plan_alone(given().state, "parkzicht", "ours", "3.0")
    assert (plan.id, plan.version) == ("ours", "3.0")


@told(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60
    )
)
def test_any_text_is_read_as_it_was(text: str) -> None:
    """With quotes, colons, line ends, and what a file may not hold as it is."""
    method = trial().method.model_copy(update={"summary": {"en": text}})
    assert loaded(method).summary == {"en": text}


@pytest.mark.parametrize(
    "text",
    ["no", "null", "~", "1.10", "true", "- a", "a: b", "#", " a", "a\n b\n\n", "'"],
)
def test_text_that_means_more_to_yaml_stays_text(text: str) -> None:
    """It stands in quotes."""
    method = trial().method.model_copy(update={"summary": {"en": text}})
    assert loaded(method).summary == {"en": text}


# Without tracks.


def test_tracks_stay_behind() -> None:
    """Copies are left out, and with them all that refers to them."""
    story = brief_done(given())
    before = story.state.plan
    track = OpenTrack(track="north", title="North", steps=("invite", "meet"))
    story.and_(track)
    method = alone(story.state)
    assert method.phases == before.phases
    assert method.completion == before.completion


def test_a_step_of_which_only_a_copy_is_left_comes_back() -> None:
    """Under its own name, in the place of the copy."""
    story = brief_done(given())
    was = story.state.plan.steps["invite"]
    story.and_(
        OpenTrack(track="north", title="North", steps=("invite", "meet")),
        amend({"change": "drop_step", "step": "invite"}),
    )
    assert alone(story.state).steps["invite"] == was


def test_who_was_put_behind_copies_only_is_behind_what_they_copy() -> None:
    """A method without tracks asks for the same order."""
    story = brief_done(given()).and_(
        OpenTrack(track="north", title="North", steps=("invite",)),
        amend(
            {
                "change": "change_step",
                "step": "report",
                "to": {"needs": ["invite--north"]},
            }
        ),
    )
    assert alone(story.state).steps["report"].needs == ("invite",)


# And back.


def _behind_copies_only(state: Dialogue) -> Iterator[str]:
    """Give the steps that build on copies in tracks and on nothing else."""
    copies = originals(state)
    for step in state.plan.all_steps():
        if step.needs and copies.keys() >= {*step.needs}:
            yield step.id


class AloneMachine(PlanMachine):
    """A dialogue that goes over to its own plan, on top of everything else."""

    @precondition(lambda self: self.state.amendments)
    @rule(amendments=st.sampled_from(("carry", "lapse")))
    def go_over_to_itself(self, amendments: str) -> None:
        """The system goes over to the plan as it is; nothing that was done changes."""
        before = self.state
        wish = to(alone(before)).model_copy(update={"amendments": amendments})
        weight = weighed(before, wish)
        assert weight.obstacles == ()
        if self.send(wish, SYSTEM):
            same = {"method", "plan", "amendments", "handled", "version", "tracks"}
            for name in Dialogue.model_fields.keys() - same:
                assert getattr(self.state, name) == getattr(before, name), name
            if amendments == "carry":
                assert weight.found is not None
                assert weight.found.lapsed == ()
                now = differences(before.plan, self.state.plan)
                assert (now.added, now.dropped) == ((), ())
                # Who was put behind copies only is behind what they copy as well.
                waits = [each.part for each in now.changed]
                assert all(each.members == ("needs",) for each in now.changed)
                assert {*waits} <= {*_behind_copies_only(before)}


TestAlone = AloneMachine.TestCase
TestAlone.settings = settings(
    max_examples=2000 if LONG else 60,
    stateful_step_count=80 if LONG else 30,
)


def test_texts_are_in_the_order_of_the_languages() -> None:
    """A dialogue that was read back from its record has them in any order."""
    plan = shipped()["imvo-dialoog"].method
    turned = plan.model_copy(update={"title": dict(reversed(plan.title.items()))})
    assert written(turned) == written(plan)
    assert written(plan).index("  nl:") < written(plan).index("  en:")
