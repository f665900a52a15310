"""Every kind of fact belongs to one area, whose own function takes it."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import get_type_hints

import pytest

from domain import decide, evolve
from domain.commands import COMMANDS
from domain.draft import Draft
from domain.events import EVENTS
from domain.messages import kinds_in
from domain.state import Dialogue


def test_every_event_is_followed_by_one_area() -> None:
    """No kind of event is left out of the fold, and none is in it twice."""
    named = [kind for area, _ in evolve.AREAS for kind in kinds_in(area)]
    assert len(named) == len(set(named))
    assert set(named) == set(evolve.FOLLOWED) == set(EVENTS.values())


@pytest.mark.parametrize(("area", "after"), evolve.AREAS)
def test_an_area_follows_the_events_it_says_it_does(
    area: UnionType | type, after: Callable[..., Dialogue]
) -> None:
    """The events in the table are those that the area's function takes."""
    _state, takes, *_ = get_type_hints(after).values()
    assert set(kinds_in(takes)) == set(kinds_in(area))


def test_every_command_is_obeyed_by_one_area() -> None:
    """No kind of command is without rules, and none has two."""
    named = [kind for area, _ in decide.AREAS for kind in kinds_in(area)]
    assert len(named) == len(set(named))
    assert set(named) == set(decide.OBEYED) == set(COMMANDS.values())


@pytest.mark.parametrize(("area", "obey"), decide.AREAS)
def test_an_area_obeys_the_commands_it_says_it_does(
    area: UnionType | type, obey: Callable[..., None]
) -> None:
    """The commands in the table are those that the area's function takes."""
    draft, takes, *_ = get_type_hints(obey).values()
    assert draft is Draft
    assert set(kinds_in(takes)) == set(kinds_in(area))
