"""Roles are given and taken; whoever steers is never nobody."""

from __future__ import annotations

import pytest

from domain.commands import AssignRole, CompleteItems, NoteSignal, ReleaseRole
from domain.errors import (
    LastHolder,
    NotEntitled,
    NothingToDo,
    NotHolder,
    TooManyHolders,
    UnknownRole,
)
from domain.events import RoleAssigned, RoleReleased, SignalNoted
from domain.facts import Actor
from tests.domain.story import ANNE, CLIENT, PASSER_BY, SAID, SYSTEM, given, has


def test_a_role_is_given_once_to_each() -> None:
    """Giving it again changes nothing, unless with a name or an address."""
    story = given().when(AssignRole(role="panel", actor="k-3", name=SAID))
    story.then(has(RoleAssigned, invited_to=()))
    story.when(AssignRole(role="panel", actor="k-3")).then_refused(NothingToDo)
    story.when(AssignRole(role="panel", actor="k-3", address=SAID)).then(RoleAssigned)
    assert story.state.holders("panel") == ("k-1", "k-2", "k-3")


def test_roles_are_those_of_the_method() -> None:
    """Neither an unknown role nor a built-in one can be given."""
    for role in ("speaker", "public", "system", "clock"):
        given().when(AssignRole(role=role, actor="x")).then_refused(UnknownRole)
    given().when(ReleaseRole(role="speaker", actor="x")).then_refused(UnknownRole)
    stranger = Actor(id="x", role="speaker")
    given().when(CompleteItems(items=("brief.wish",)), by=stranger).then_refused(
        UnknownRole
    )


def test_a_role_is_taken_from_who_holds_it() -> None:
    """From nobody else."""
    given().when(ReleaseRole(role="panel", actor="k-9")).then_refused(NothingToDo)
    story = given().when(ReleaseRole(role="panel", actor="k-1")).then(RoleReleased)
    assert story.state.holders("panel") == ("k-2",)


def test_who_runs_the_process_hands_over_before_leaving() -> None:
    """The last holder of a role that steers can't be released."""
    leave = ReleaseRole(role="director", actor="d-1")
    story = given().when(leave).then_refused(LastHolder, "director")
    story.and_(AssignRole(role="director", actor="d-2")).when(leave).then(RoleReleased)
    story.when(AssignRole(role="panel", actor="k-3")).then_refused(NotHolder)


def test_a_role_that_was_given_and_taken_is_nobodys() -> None:
    """It does not become everybody's; one that was never given is whose claim it is."""
    story = given().and_(ReleaseRole(role="client", actor="c-1"))
    story.when(CompleteItems(items=("brief.money",)), by=CLIENT).then_refused(NotHolder)
    deputy = Actor(id="anybody", role="deputy")
    story.when(AssignRole(role="client", actor="c-2"), by=deputy).then(RoleAssigned)


def test_more_people_than_an_event_can_list_are_refused() -> None:
    """The refusal says what to use instead: a public window."""
    story = given()
    for number in range(330):
        story.when(AssignRole(role="panel", actor=f"{number:0>40}"))
    assert len(story.state.holders("panel")) > 300
    story.when(AssignRole(role="client", actor="x" * 100))
    story.then_refused(TooManyHolders, "public window")


@pytest.mark.parametrize("actor", [ANNE, CLIENT, PASSER_BY], ids=lambda a: a.role)
def test_what_systems_report_comes_from_systems(actor: Actor) -> None:
    """Or from who steers."""
    signal = NoteSignal(type="besluit-genomen", source="zaaksysteem", reference="Z-1")
    given().when(signal, by=actor).then_refused(NotEntitled)
    story = given().when(signal, by=SYSTEM).then(SignalNoted)
    assert story.state.signals == 1
