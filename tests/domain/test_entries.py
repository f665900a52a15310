"""Entries: what people look up is said by the events, and is none of the state's."""

from __future__ import annotations

from typing import Any

from domain.commands import AssignRole, ReleaseRole, StartStep
from domain.entries import KINDS, entries, said
from domain.facts import Private
from tests.domain.story import Story, given

NAME = Private(commitment="ab" * 32)


def newest(story: Story) -> dict[tuple[str, str], dict[str, Any] | None]:
    """Give the patches of what happened last."""
    (event,) = story.new
    found = entries(event, story.state)
    assert all(entry.kind in KINDS for entry in found)
    return {(entry.kind, entry.id): entry.data for entry in found}


def test_a_start_lists_who_holds_which_role() -> None:
    """Each holder of each role has a row from the first event on."""
    story = given()
    first = story.events[0]
    rows = {entry.id for entry in entries(first, story.state) if entry.kind == "role"}
    assert rows >= {"director:d-1", "panel:k-1", "panel:k-2"}


def test_a_private_text_is_only_its_place() -> None:
    """A row says in which event a name is, and never has the name or its hash."""
    story = given().when(AssignRole(role="panel", actor="k-9", name=NAME))
    data = newest(story)["role", "panel:k-9"]
    assert data is not None
    assert data["name"] == {"private": "/name", "seq": story.new[0].seq}
    assert "address" not in data


def test_who_lost_a_role_is_still_listed() -> None:
    """The row says until when, and keeps the rest."""
    story = given().when(ReleaseRole(role="panel", actor="k-1"))
    data = newest(story)["role", "panel:k-1"]
    assert data is not None
    assert data.keys() == {"until"}
    assert data["until"] is not None


def test_an_event_that_nobody_looks_up_adds_nothing() -> None:
    """Starting a step patches no row."""
    story = given().when(StartStep(step="brief"))
    assert not entries(story.new[0], story.state)


def test_what_is_said_is_what_was_given() -> None:
    """Fields that are None are left out, so that a change keeps what it omits."""
    story = given().when(AssignRole(role="panel", actor="k-9"))
    (event,) = story.new
    assert said(event, "role", "name") == {"role": "panel"}
    assert said(event).keys() == {"role", "actor", "invited_to"}
