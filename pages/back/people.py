"""Who hears of something: the first few by name, and how many more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from desk.titles import Titles
from domain.state import Dialogue

_FIRST: Final = 8
"""How many people are named where there may be many."""
_MOST: Final = 200
"""How many are named at all: nobody reads on."""


class Person(NamedTuple):
    """Somebody by their id, with the titles of the roles that they hold."""

    id: str
    roles: tuple[str, ...]


class Told(NamedTuple):
    """Who hears of something: how many, the first of them, and the rest."""

    number: int
    first: tuple[Person, ...]
    rest: tuple[Person, ...]

    @property
    def unnamed(self) -> int:
        """How many more there are than are named."""
        return self.number - len(self.first) - len(self.rest)


class People:
    """The people of a dialogue, by their roles."""

    def __init__(self, state: Dialogue, titles: Titles) -> None:
        """Know who holds which role."""
        self._roles: dict[str, list[str]] = {}
        for role, holders in state.roles.items():
            for who in holders:
                self._roles.setdefault(who, []).append(titles.role(role))

    def told(self, ids: Sequence[str]) -> Told:
        """Give who these are."""
        known = [Person(who, tuple(self._roles.get(who, ()))) for who in ids[:_MOST]]
        return Told(len(ids), tuple(known[:_FIRST]), tuple(known[_FIRST:]))
