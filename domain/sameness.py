"""What was worked out of the very same things is not worked out again.

A state shares with the one before it whatever an event did not change, and nothing in
it is ever changed in place: so that two things are one object says that they are equal,
without looking inside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, TypeVar

from domain.state import Dialogue

T = TypeVar("T")

_MOST: Final = 64
"""Results that are kept of each function: of dialogues that were busy lately."""


class _Made:
    """A state, known by the things in it that a result is made of."""

    __slots__ = ("states", "things")

    def __init__(self, state: Dialogue, things: tuple[object, ...]) -> None:
        self.states = [state]
        self.things = things

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.things)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Made):
            return NotImplemented
        return all(a is b for a, b in zip(self.things, other.things, strict=True))


def once_for(
    things: Callable[[Dialogue], tuple[object, ...]],
) -> Callable[[Callable[[Dialogue], T]], Callable[[Dialogue], T]]:
    """Work something out once for as long as these ``things`` of a state are the same.

    They have to be all that the result depends on, and not made anew when asked for.
    """

    def decorate(work: Callable[[Dialogue], T]) -> Callable[[Dialogue], T]:
        @lru_cache(maxsize=_MOST)
        def known(made: _Made) -> T:
            # The things are kept with the result; all else of the state may go.
            return work(made.states.pop())

        @wraps(work)
        def again(state: Dialogue) -> T:
            return known(_Made(state, things(state)))

        return again

    return decorate
