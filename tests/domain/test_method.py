"""A method writes out its defaults, and knows its parts by their full ids."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.method import Item, Opens, Step, compiled
from tests.domain.small_methods import (
    a_method,
    a_phase,
    a_step,
    a_window,
    an_item,
    chain,
    one_step,
)


def test_a_step_that_names_no_needs_builds_on_the_one_before() -> None:
    """Compiling writes the needs out, across phases, and keeps those that are named."""
    assert [s.needs for s in chain().all_steps()] == [None, None, None]
    assert [s.needs for s in compiled(chain()).all_steps()] == [(), ("a",), ("b",)]
    free = a_method(a_phase("p", a_step("a"), a_step("b", needs=[])))
    assert [s.needs for s in compiled(free).all_steps()] == [(), ()]


def test_compiling_twice_is_compiling_once() -> None:
    """The compiled form compiles to itself."""
    assert compiled(compiled(chain())) == compiled(chain())


def test_what_builds_on_a_step_is_followed_to_the_end() -> None:
    """Direct and indirect dependents, never the step itself."""
    reach = compiled(chain()).built_on
    assert reach == {"a": {"b", "c"}, "b": {"c"}, "c": frozenset()}


def test_a_changed_copy_forgets_what_was_worked_out_before() -> None:
    """An amended plan has its own steps, items and dependents."""
    plan = compiled(chain())
    assert [*plan.steps] == ["a", "b", "c"]
    assert plan.built_on["a"] == {"b", "c"}
    shorter = plan.model_copy(update={"phases": plan.phases[:1]})
    assert [*shorter.steps] == ["a", "b"]
    assert shorter.built_on == {"a": {"b"}, "b": frozenset()}
    assert [*plan.steps] == ["a", "b", "c"]


def test_full_ids_name_step_item_and_sub_item() -> None:
    """Items, sub-items and windows are found by the path of their ids."""
    sub = {"id": "z", "title": {"nl": "Z"}}
    plan = one_step(items=[an_item("i", sub=[sub])], windows=[a_window("w")])
    assert [*plan.items] == ["a.i"]
    assert [*plan.sub_items] == ["a.i.z"]
    assert [*plan.windows] == ["a.w"]


def test_systems_and_the_clock_have_every_right() -> None:
    """A method's own roles have what they were given, the built-in ones all."""
    rights = chain().rights
    assert rights["director"] == {"steer", "complete"}
    assert rights["board"] == {"respond"}
    assert rights["system"] == rights["clock"] == {"steer", "complete", "respond"}


def test_a_window_that_waits_for_a_step_names_it() -> None:
    """By hand names no step; a step that starts or completes is named."""
    assert Opens(on="step_started", step="a").step == "a"
    for wrong in ({"on": "hand", "step": "a"}, {"on": "step_completed"}):
        with pytest.raises(ValidationError):
            Opens.model_validate(wrong)


def test_truth_values_are_not_guessed() -> None:
    """``no`` and ``1`` are no truth values, so that nothing is required by accident."""
    for wrong in ("no", 1, "true"):
        with pytest.raises(ValidationError):
            Item.model_validate(an_item("i", required=wrong))
        with pytest.raises(ValidationError):
            Step.model_validate(a_step("a", undescribed=wrong))
