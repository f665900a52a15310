"""The page of events names every type, with what its ``data`` holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from domain import (
    erasures,
    incidents,
    logkeys,
    mandates,
    publications,
    reconciliations,
    returns,
    suspensions,
    token_facts,
)
from domain.events import EVENTS
from domain.facts import Fact
from domain.messages import kind_of, private_fields

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
PARTS = {mandates.Scope, reconciliations.Difference}
"""What stands in events, and is none itself."""

ROW = re.compile(r"\| `(\w+)` \| .+ \| (.*) \|")


def types() -> Iterator[type[Fact]]:
    """Yield every class of event, in a dialogue and outside."""
    yield from EVENTS.values()
    for module in (
        erasures,
        mandates,
        publications,
        incidents,
        logkeys,
        reconciliations,
        returns,
        suspensions,
        token_facts,
    ):
        yield from facts_of(module)


def facts_of(module: ModuleType) -> Iterator[type[Fact]]:
    """Yield the events that a module defines."""
    for one in vars(module).values():
        own: Any = isinstance(one, type) and one.__module__ == module.__name__
        if own and issubclass(one, Fact) and one not in PARTS:
            yield one


@pytest.mark.parametrize("fact", [*types()], ids=kind_of)
def test_every_type_is_told_with_its_members(fact: type[Fact]) -> None:
    """A private member is marked, and none is missing or invented."""
    rows = dict(ROW.findall(PAGE.read_text("utf-8")))
    members = [
        f"`{name}`" + "†" * (name in private_fields(fact))
        for name, field in fact.model_fields.items()
        if not field.exclude
    ]
    assert rows[kind_of(fact)] == ", ".join(members)
