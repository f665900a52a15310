"""What differs between two moments is told in words, to the last property."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast, get_args, get_origin

import pytest
from pydantic import BaseModel

from desk.difference import Change
from desk.in_words.places import PLACES, told_path
from desk.in_words.property_names import (
    CODED,
    FOR_PROGRAMS,
    NAMES,
    STANDINGS,
    VALUES,
    WITHIN,
)
from desk.titles import Titles
from domain.method import Item, Step, Window
from domain.state import THIN, Dialogue
from tests.domain.story import given

UNCHANGED = {"amendments", *THIN}
"""Members of the state that are compared in another form, or not at all."""


def members(model: Any, seen: set[Any]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Every member below a model, with what it may hold."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        if model is Dialogue and name in UNCHANGED:
            continue
        yield name, field.annotation
        if name not in WITHIN:
            yield from below(field.annotation, seen)


def below(kind: Any, seen: set[Any]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Every member of the models in an annotation."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from members(kind, seen)
    fields: tuple[str, ...] = getattr(cast("object", kind), "_fields", ())
    yield from ((name, object) for name in fields)
    for each in get_args(kind):
        yield from below(each, seen)


def codes(kind: Any) -> Iterator[str]:  # noqa: ANN401  (an annotation)
    """The codes that an annotation allows, but for those of languages."""
    if get_origin(kind) is Literal:
        yield from (str(code) for code in get_args(kind))
    elif get_origin(kind) is not dict:
        for each in get_args(kind):
            yield from codes(each)


KNOWN = [
    *members(Dialogue, set()),
    *(m for p in (Step, Item, Window) for m in members(p, set())),
]


@pytest.mark.parametrize("name", sorted({name for name, _ in KNOWN}))
def test_each_property_that_can_differ_has_a_name(name: str) -> None:
    """Unless it only says again what the path or an event says."""
    assert name in NAMES or name in FOR_PROGRAMS or name in PLACES or name in WITHIN


@pytest.mark.parametrize("name", sorted(STANDINGS | CODED.keys()))
def test_each_code_that_a_property_can_hold_has_words(name: str) -> None:
    """Somebody who reads the difference need not know the codes."""
    words = VALUES if name in STANDINGS else CODED[name]
    held = {code for known, kind in KNOWN if known == name for code in codes(kind)}
    assert held - words.keys() == set()


def test_what_lies_within_something_with_an_id_is_told_by_that_id() -> None:
    """Also where the id is a word that a property has for its name."""
    titles = Titles(given().state.plan, "en")
    change = Change(("stakeholders", "goal", "impact"), "changed", 1, 3)
    assert told_path(titles, change).split(" › ")[1] == "goal"
