"""What stands at a moment is asked of the record now and then, not by each reader.

A scrape reads what the last look gave. When looks fail the gauges go away, so that
nobody takes old figures for new ones, and only their age stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final, NamedTuple

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from observing.beside import beside
from observing.figures import REGISTRY

EVERY: Final = 15.0
"""Seconds between two looks."""

OLD: Final = 60.0
"""Seconds after which what a look gave is told no more."""

log = structlog.get_logger()


class Gauge(NamedTuple):
    """One figure: its name, what it says, and its value, or one for each label."""

    name: str
    says: str
    values: Sequence[tuple[str | None, float]]
    label: str = "kind"


Look = Callable[[], Awaitable[Sequence[Gauge]]]


class Gauges(Collector):
    """What the last look gave."""

    def __init__(self) -> None:
        """Nobody has looked yet."""
        self._found: Sequence[Gauge] = ()
        self._at: float | None = None

    def put(self, found: Sequence[Gauge]) -> None:
        """Keep what was found now."""
        self._found, self._at = tuple(found), monotonic()

    def describe(self) -> Iterable[Metric]:
        """Name none beforehand: what there is follows from the look."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Give what was found, unless it is old, and its age."""
        if self._at is None:
            return
        age = monotonic() - self._at
        name, says = "polder_gauges_age_seconds", "How old the other gauges are."
        yield GaugeMetricFamily(name, says, value=age)
        if age > OLD:
            return
        for each in self._found:
            labelled = any(label is not None for label, _ in each.values)
            names = [each.label] if labelled else []
            family = GaugeMetricFamily(each.name, each.says, labels=names)
            for label, value in each.values:
                family.add_metric([] if label is None else [label], value)
            yield family


@asynccontextmanager
async def gauging(look: Look, every: float = EVERY) -> AsyncGenerator[None]:
    """Look now and then, for as long as the block lasts."""
    gauges = Gauges()
    REGISTRY.register(gauges)
    try:
        async with beside(_now_and_then(gauges, look, every)):
            yield
    finally:
        REGISTRY.unregister(gauges)


async def _now_and_then(gauges: Gauges, look: Look, every: float) -> None:
    while True:
        try:
            gauges.put(await look())
        except Exception:
            # Nobody waits for this task: a fault in it must be seen, and end nothing.
            log.exception("the gauges were not read")
        await asyncio.sleep(every)
