"""The addresses of the log's tiles, which anybody may fetch (C2SP tlog-tiles)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from desk.desk import Desk
from storage.log import TILE
from storage.tiles import tile

_NUMBER: Final = re.compile(
    r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)
_LEVELS: Final = 8
"""More than any log comes to: 2^64 leaves."""


class Address(NamedTuple):
    """A tile: its level, its number, and how many hashes of it are asked for."""

    level: int
    number: int
    width: int


def address(level: int, path: str) -> Address | None:
    """Read an address such as ``x001/x234/067.p/8``; None for what is none."""
    found = _NUMBER.fullmatch(path)
    if found is None or not 0 <= level < _LEVELS:
        return None
    number = int(found[1].replace("x", "").replace("/", ""))
    width = int(found[2] or TILE)
    told = Address(level, number, width)
    # One tile has one address: no leading groups of zeros.
    return told if width <= TILE and path == _written(told, found[2]) else None


def _written(told: Address, width: str | None) -> str:
    digits = str(told.number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"{path}.p/{width}" if width else path


async def hashes(desk: Desk, at: Address) -> bytes | None:
    """Give the hashes of a tile; None where the log does not have them yet."""
    return await tile(desk.pool, at.level, at.number, at.width)
