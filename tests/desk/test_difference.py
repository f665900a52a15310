"""A difference is complete: what it says, done to the one, gives the other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk.difference import between, differences
from tests.domain.changes import add_item, amend
from tests.domain.story import given as given_dialogue

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from("abc"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("xyz/~"), inner, max_size=3)
    ),
    max_leaves=8,
)


def found(before: object, after: object) -> list[tuple[str, str, object, object]]:
    """The differences, each by its pointer."""
    return [(c.pointer, c.kind, c.before, c.after) for c in differences(before, after)]


@given(JSON, JSON)
@example([True, True], [True, 1])
def test_nothing_differs_exactly_where_all_is_the_same(before: Any, after: Any) -> None:  # noqa: ANN401
    """Also true is not 1."""
    same = json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
    assert (found(before, after) == []) == same


@given(JSON, JSON)
def test_the_way_back_is_the_way_there_turned_round(before: Any, after: Any) -> None:  # noqa: ANN401
    """Added becomes removed, and what was becomes what is."""
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    there = {(p, turned[k], repr(a), repr(b)) for p, k, b, a in found(before, after)}
    back = {(p, k, repr(b), repr(a)) for p, k, b, a in found(after, before)}
    assert there == back


NAMED: list[tuple[object, object, list[Any]]] = [
    ({"a": 1}, {"a": 2}, [("/a", "changed", 1, 2)]),
    ({"a": 1}, {}, [("/a", "removed", 1, None)]),
    ({}, {"a/b": None}, [("/a~1b", "added", None, None)]),
    (
        ["k-1", "k-2"],
        ["k-2", "k-3"],
        [("", "removed", "k-1", None), ("", "added", None, "k-3")],
    ),
    (["a", "b"], ["b", "a"], [("", "changed", ["a", "b"], ["b", "a"])]),
    ([{"n": 1}], [{"n": 1}, {"n": 2}], [("/1/n", "added", None, 2)]),
    (
        {},
        {"a": {"b": [3, {}]}},
        [("/a/b/0", "added", None, 3), ("/a/b/1", "added", None, {})],
    ),
    ({"a": [1]}, {"a": {"b": 1}}, [("/a", "changed", [1], {"b": 1})]),
]


@pytest.mark.parametrize(("before", "after", "told"), NAMED)
def test_a_difference_names_the_property(
    before: object, after: object, told: list[Any]
) -> None:
    """By its place; names in a list are one by one."""
    assert found(before, after) == told


def test_a_plan_that_changed_differs_part_by_part() -> None:
    """Not by the amendments that made it so, and in the dialogue's language."""
    story = given_dialogue()
    before = story.state
    story.and_(
        amend(add_item("meet", "food"), {"change": "drop_step", "step": "party"})
    )
    told = [c for c in between(before, story.state) if c.path[0] == "plan"]
    assert [(c.pointer, c.kind, c.after) for c in told if c.kind == "added"] == [
        ("/plan/meet.food/title", "added", "Food")
    ]
    assert {c.path[1] for c in told if c.kind == "removed"} == {"party", "party.cake"}
    assert not [c for c in between(before, story.state) if "amendments" in c.path]
