"""A state that lost its members without a value over HTTP is that state again."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from api.models.audit import members_of
from desk.from_elsewhere import looked_at
from desk.overview import seen
from domain.clock import to_dialogue_time
from domain.handled import Handled
from domain.plan_facts import MigrateMethod
from domain.state import Dialogue
from examples.scenario import Scenario, cases
from tests.domain.story import SAID
from tests.examples.rehearsing import Rehearsal


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_real_case_is_looked_at_elsewhere_as_here(case: Scenario) -> None:
    """Whatever is in it at its end: every page shows the same."""
    rehearsal = Rehearsal(case)
    rehearsal.run()
    assert rehearsal.state is not None
    state = rehearsal.state.model_copy(update={"handled": Handled()})
    sent = json.loads(json.dumps(members_of(state, but={"handled"})))
    assert None not in [*values(sent)]
    other = looked_at(case.stream, sent, "nl")
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    here = seen(case.stream, state, now, "nl")
    assert other.state == state
    assert other._replace(now=here.now, titles=here.titles) == here


def test_a_name_in_a_map_stays_where_its_value_is_null() -> None:
    """A member that says nothing is left out; a name that somebody put in a map says
    something by being there.
    """
    moved = MigrateMethod(
        method="korte-aanpak", mapping={"verslag.concept": None}, reason=SAID
    )
    told = members_of(moved)
    assert told["mapping"] == {"verslag.concept": None}
    assert None not in [each for name, each in told.items() if name != "mapping"]


def test_no_map_in_a_state_has_names_without_a_value() -> None:
    """So in what differs between two states nothing is lost with the nulls."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        described = Dialogue.model_json_schema()
    maps = [each["additionalProperties"] for each in schemas(described)]
    assert maps
    assert not [each for each in maps if {"type": "null"} in each.get("anyOf", ())]
    assert {} not in maps


def schemas(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (any JSON)
    """Give the schemas of maps."""
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        if isinstance(found.get("additionalProperties"), dict):
            yield found
    for each in inside(value):
        yield from schemas(each)


def values(value: Any) -> Iterator[Any]:  # noqa: ANN401 (any JSON)
    """Give all values in a document."""
    if isinstance(value, dict | list):
        for each in inside(value):
            yield from values(each)
    else:
        yield value


def inside(value: Any) -> list[Any]:  # noqa: ANN401 (any JSON)
    """Give what is in a map or a list; nothing of what is neither."""
    if isinstance(value, dict):
        return [*cast("dict[str, Any]", value).values()]
    return [*cast("list[Any]", value)] if isinstance(value, list) else []
