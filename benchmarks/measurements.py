"""Every measurement by its name, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from benchmarks import (
    appending,
    big,
    burst,
    checking,
    counting,
    crowd,
    delivery,
    demonstration,
    growing,
    http,
    latency,
    million,
    onscreen,
    packing,
    pages,
    portfolio,
    sealing,
    space,
    streams,
    verifying,
    walls,
)
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.sizes import Sizes

Measurement = Callable[[Ground, Sizes], Awaitable[list[Figure]]]

MEASUREMENTS: Final[Mapping[str, Measurement]] = {
    "history": counting.events,
    "latency": latency.on_record,
    "accepted": latency.accepted,
    "http": http.http,
    "crowd": crowd.one_dialogue,
    "throughput": crowd.side_by_side,
    "append": appending.appending,
    "sql": counting.statements,
    "age": growing.age,
    "big": big.big,
    "burst": burst.burst,
    "company": growing.company,
    "space": space.space,
    "verify": verifying.verifying,
    "seal": sealing.sealing,
    "streams": streams.streams,
    "delivery": delivery.delivery,
    "pack": packing.packing,
    "walls": walls.walls,
    "demo": demonstration.demonstration,
}

ASKED_FOR: Final[Mapping[str, Measurement]] = {
    "million": million.million,
    "portfolio": portfolio.portfolio,
    "pages": pages.pages,
    "live": onscreen.live,
    "checking": checking.checking,
}
"""What takes long, and is done only by name."""
