"""How time is compared on a machine that is never quiet.

Operations are shuffled within each round, so that a load that rises or falls meets all
of them alike. What counts is the ratio of two medians, with an interval that comes
from drawing whole rounds again at random (the percentile bootstrap of Efron &
Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13). One operation runs twice
under two names: the ratio of that pair says what the machine can tell apart.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, NamedTuple

PAUSE: Final = 0.02
"""Seconds between one operation and the next."""

_DRAWS: Final = 1_000
_WARMING: Final = 3
"""Rounds before those that count."""

Samples = dict[str, list[float]]
"""Seconds by operation, one for each round, in the order of the rounds."""


@dataclass(frozen=True)
class Operation:
    """What is timed, and what is done about its outcome when the clock has stopped."""

    act: Callable[[], Awaitable[Any]]
    then: Callable[[Any], Awaitable[Any]] | None = None


class Ratio(NamedTuple):
    """A ratio of medians, and the interval that holds it 95 times in 100."""

    value: float
    low: float
    high: float


async def in_rounds(
    operations: Mapping[str, Operation],
    rounds: int,
    *,
    pause: float = PAUSE,
    warming: int = _WARMING,
    seed: int = 1,
) -> Samples:
    """Run every operation once in each round, in an order that changes."""
    chance = random.Random(seed)
    names = list(operations)
    samples: Samples = {name: [] for name in names}
    for number in range(-warming, rounds):
        chance.shuffle(names)
        for name in names:
            seconds = await _timed(operations[name])
            if number >= 0:
                samples[name].append(seconds)
            await asyncio.sleep(pause)
    return samples


async def _timed(operation: Operation) -> float:
    began = time.perf_counter()
    outcome = await operation.act()
    seconds = time.perf_counter() - began
    if operation.then is not None:
        await operation.then(outcome)
    return seconds


def ratio(above: Sequence[float], below: Sequence[float], seed: int = 1) -> Ratio:
    """Give median(above) ÷ median(below), both of the same rounds."""
    pairs = list(zip(above, below, strict=True))
    chance = random.Random(seed)
    drawn = sorted(_of(chance.choices(pairs, k=len(pairs))) for _ in range(_DRAWS))
    return Ratio(_of(pairs), drawn[_DRAWS // 40], drawn[-_DRAWS // 40])


def _of(pairs: Sequence[tuple[float, float]]) -> float:
    return median(a for a, _ in pairs) / median(b for _, b in pairs)
