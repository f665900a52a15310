"""A method says which roles may do which kinds of command; the core decides by it."""

from __future__ import annotations

from typing import Final

import pytest

from domain.areas import AREAS, area_of, texts_of
from domain.commands import COMMANDS, AssignRole, PauseDialogue, ReleaseRole
from domain.errors import NotEntitled
from domain.events import EVENTS
from domain.facts import Actor
from domain.interest_facts import RecordInterest
from domain.meeting_facts import RecordAttendance
from domain.messages import Command
from domain.people_register_facts import HandOverRole, RegisterStakeholder
from domain.rights import areas_of, check_rights, entitled
from methods.load import load_text, shipped
from methods.problems import MethodInvalid
from methods.writing import written
from tests.domain.changes import amend, titled
from tests.domain.story import SAID, Story, given, trial

TEAM: Final = Actor(id="t-1", role="team")
CLIENT: Final = Actor(id="c-1", role="client")
REGISTER: Final = RegisterStakeholder(stakeholder="school")


def with_team(*rights: str) -> Story:
    """Give a dialogue with a team that has these rights, and one member."""
    role = {"change": "add_role", "role": titled("team", may=rights)}
    return given(amend(role), AssignRole(role="team", actor="t-1"))


def test_who_has_an_area_does_what_is_in_it() -> None:
    """And nothing that is in another, or in none."""
    story = with_team("stakeholders")
    story.when(REGISTER, by=TEAM)
    assert story.refusal is None
    wish = RecordInterest(
        interest="quiet", stakeholder="school", kind="goal", text=SAID
    )
    story.when(wish, by=TEAM).then_refused(NotEntitled, "director or deputy")
    story.when(PauseDialogue(reason=SAID), by=TEAM).then_refused(NotEntitled)


def test_a_refusal_names_all_who_may() -> None:
    """Those who steer, and those who have the area."""
    story = with_team("stakeholders", "complete")
    story.when(REGISTER, by=CLIENT)
    story.then_refused(NotEntitled, "director or deputy or team")


def test_without_an_area_it_is_as_it_was() -> None:
    """Who completes items does not keep the register."""
    story = with_team("complete", "respond")
    story.when(REGISTER, by=TEAM).then_refused(NotEntitled, "director or deputy")


def test_a_right_ends_with_the_role() -> None:
    """Whoever was released keeps nothing any more, and reads nothing."""
    story = with_team("stakeholders")
    assert areas_of(story.state, "t-1") == {"stakeholders"}
    story.and_(ReleaseRole(role="team", actor="t-1", reason=SAID))
    assert areas_of(story.state, "t-1") == frozenset()


def test_attendance_is_for_who_completes_and_for_who_keeps_meetings() -> None:
    """The area adds, and takes nothing away."""
    came = RecordAttendance.model_construct(meeting="m-1")
    for rights in (("complete",), ("meetings",)):
        check_rights(with_team(*rights).state, came, TEAM)
    story = with_team("interests")
    with pytest.raises(NotEntitled, match="client or facilitator"):
        check_rights(story.state, came, TEAM)


@pytest.mark.parametrize("area", sorted(AREAS))
def test_whom_it_is_asked_of_is_who_may(area: str) -> None:
    """What is due in an area shows up with whoever has it."""
    state = with_team(area).state
    inside = [c for c in COMMANDS.values() if area_of(c.model_construct()) == area]
    assert inside
    for command in inside:
        blank = command.model_construct(agreement="none", reason=None)
        if command is not RecordAttendance:
            assert "team" in entitled(state, blank), command


@pytest.mark.parametrize("kind", [HandOverRole, AssignRole, PauseDialogue])
def test_who_runs_the_process_and_how_is_in_no_area(kind: type[Command]) -> None:
    """No area makes somebody a process director."""
    assert area_of(kind.model_construct()) is None


def test_texts_go_with_their_area() -> None:
    """Names with the register, responses with answers; of events that there are."""
    assert texts_of(AREAS) <= EVENTS.keys()
    assert "stakeholder_registered" in texts_of(frozenset({"stakeholders"}))
    assert "response_recorded" in texts_of(frozenset({"answers"}))
    assert "role_handed_over" not in texts_of(AREAS)


def test_the_project_team_keeps_the_register() -> None:
    """In the method whose source leaves that to it."""
    method = shipped()["stakeholdermanagement"].method
    assert {"stakeholders", "interests", "meetings"} <= method.rights["project_team"]
    assert "answers" not in method.rights["project_team"]
    assert areas_of(given().state, "d-1") == frozenset()


def test_a_right_that_is_none_is_found_by_the_check_of_a_method() -> None:
    """With its place in the file, and those that there are; a method without areas
    compiles to what it was.
    """
    text = written(trial().method)
    assert load_text(text, "method.yaml").method == trial().method
    wrong = text.replace("- complete\n", "- stakeholder\n", 1)
    with pytest.raises(MethodInvalid) as found:
        load_text(wrong, "method.yaml")
    (problem,) = found.value.problems
    assert problem.path.startswith("roles[")
    assert "stakeholders" in problem.remedy
