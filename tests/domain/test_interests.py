"""What everybody wants is on the table: whose it is, what it clashes with and helps."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.entries import entries
from domain.errors import NotEntitled, NothingToDo
from domain.events import to_data
from domain.interest_facts import (
    InterestChanged,
    InterestRecorded,
    InterestsRelated,
    InterestsUnrelated,
    InterestWithdrawn,
    RecordInterest,
    RelateInterests,
    UnrelateInterests,
    WithdrawInterest,
)
from domain.interests import (
    MOST_RELATIONS,
    InterestTaken,
    TooManyRelations,
    UnknownInterest,
    related,
)
from domain.people_register import UnknownStakeholder
from domain.people_register_facts import RegisterStakeholder, ReleaseStakeholder
from tests.domain.story import ANNE, SAID, Has, Story, given, has

TENANTS = RegisterStakeholder(stakeholder="tenants", impact=3, influence=0)
SHOPS = RegisterStakeholder(stakeholder="shops", impact=2, influence=2)


def wish(interest: str, of: str = "tenants", **more: Any) -> RecordInterest:  # noqa: ANN401 (any member)
    """Give the command that records an interest."""
    body = {"interest": interest, "stakeholder": of, "text": SAID, **more}
    return RecordInterest.model_validate(body)


def relate(one: str, other: str, kind: str = "tension") -> RelateInterests:
    """Give the command that says how two interests bear on each other."""
    return RelateInterests.model_validate({"one": one, "other": other, "kind": kind})


def table() -> Story:
    """Begin a story with two parties and three interests."""
    story = given(TENANTS, SHOPS)
    return story.and_(wish("silence"), wish("green"), wish("parking", "shops"))


def test_an_interest_is_a_stakeholders() -> None:
    """Somebody on the register, and with nobody else's words under the same id."""
    story = given(TENANTS, SHOPS)
    story.when(wish("silence", "nobody")).then_refused(UnknownStakeholder)
    story.when(wish("silence")).then(has(InterestRecorded, stakeholder="tenants"))
    story.when(wish("silence", "shops")).then_refused(InterestTaken, "tenants")


def test_what_somebody_wants_is_told_in_private() -> None:
    """Public are its kind, its level, how much it matters, and what it is about."""
    story = given(TENANTS)
    more: dict[str, Any] = {
        "kind": "ambition",
        "level": "personal",
        "priority": 1,
        "about": "property",
    }
    story.when(wish("silence", **more)).then(InterestRecorded)
    data, private = to_data(story.new[0])
    assert private.keys() == {"/text"}
    assert {name: data[name] for name in more} == more
    wrongs: tuple[dict[str, Any], ...] = (
        {"priority": 0},
        {"priority": 6},
        {"kind": "wish"},
    )
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            wish("silence", **wrong)


def test_what_somebody_wants_can_change() -> None:
    """The same id brings what it is now; the first stays on record."""
    story = table()
    story.when(wish("silence", priority=2)).then(has(InterestChanged, priority=2))
    assert [e.type for e in story.events].count("interest_recorded") == 3


def test_interests_clash_or_strengthen_each_other() -> None:
    """In both directions at once: no matter which of them is named first."""
    story = table()
    story.when(relate("silence", "parking"))
    clash = {"one": "parking", "other": "silence", "kind": "tension"}
    story.then(Has(InterestsRelated, clash))
    assert related(story.state, "silence") == ("parking",)
    assert related(story.state, "parking") == ("silence",)
    story.when(relate("parking", "silence")).then_refused(NothingToDo)
    story.when(relate("parking", "silence", "synergy")).then(InterestsRelated)
    assert story.state.relations == {"parking silence": "synergy"}


def test_an_interest_bears_on_others_that_are_on_the_table() -> None:
    """Not on itself, and the refusal names which may be meant."""
    story = table()
    story.when(relate("silence", "silence")).then_refused(NothingToDo)
    story.when(relate("silence", "parkin")).then_refused(UnknownInterest, "parking")
    story.when(relate("xyz", "parking")).then_refused(
        UnknownInterest, "record_interest"
    )


def test_interests_can_turn_out_to_have_nothing_to_do_with_each_other() -> None:
    """Which can be said only of those of which the contrary was said."""
    story = table().and_(relate("silence", "parking"))
    apart = UnrelateInterests(one="parking", other="silence")
    story.when(apart).then(InterestsUnrelated)
    assert story.state.relations == {}
    story.when(apart).then_refused(NothingToDo)


def test_an_interest_goes_off_the_table_with_all_that_it_bore_on() -> None:
    """The event names them, and the id is free again."""
    story = table().and_(
        relate("silence", "parking"),
        relate("silence", "green", "synergy"),
        relate("green", "parking"),
    )
    story.when(WithdrawInterest(interest="silence", reason=SAID))
    story.then(has(InterestWithdrawn, unrelated=("green", "parking")))
    assert story.state.relations == {"green parking": "tension"}
    story.when(WithdrawInterest(interest="silence")).then_refused(UnknownInterest)
    story.when(wish("silence", "shops")).then(InterestRecorded)


def test_what_a_party_wanted_stays_on_the_table_when_it_leaves() -> None:
    """It was said; nobody can add to it in their name."""
    story = table().and_(ReleaseStakeholder(stakeholder="tenants", reason=SAID))
    assert story.state.interests["silence"] == "tenants"
    story.when(relate("silence", "parking")).then(InterestsRelated)
    story.when(wish("peace")).then_refused(UnknownStakeholder)


def test_an_interest_that_bears_on_everything_has_to_be_split() -> None:
    """So the event that withdraws it stays small."""
    story = given(TENANTS, wish("all"))
    for number in range(MOST_RELATIONS):
        story.and_(wish(f"i{number}"), relate("all", f"i{number}"))
    story.and_(wish("more"))
    story.when(relate("more", "all")).then_refused(TooManyRelations, "all")
    story.when(relate("i7", "all", "synergy")).then(InterestsRelated)


def test_the_table_is_laid_by_those_who_run_the_process() -> None:
    """A participant tells them; they record it."""
    table().when(wish("peace"), by=ANNE).then_refused(NotEntitled)


def test_what_was_withdrawn_is_still_to_be_seen() -> None:
    """Its relations are not; an interest without a priority lost the one it had."""
    story = table().and_(relate("silence", "parking"), wish("silence", priority=1))
    story.and_(wish("silence"), WithdrawInterest(interest="silence"))
    found: dict[tuple[str, str], dict[str, object]] = {}
    for event in story.events:
        for entry in entries(event, story.state):
            key = (entry.kind, entry.id)
            found[key] = found.get(key, {}) | (entry.data or {"gone": True})
    row = found["interest", "silence"]
    assert (row["withdrawn"] is not None, row["priority"]) == (True, None)
    assert row["text"] == {"private": "/text", "seq": 9}
    assert found["relation", "parking silence"]["gone"]
