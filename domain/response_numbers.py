"""Which responses: by number, written as people do (``1-40,52``), and held as bits.

Bit n of a whole number stands for response n. So what became of 20,000 responses takes
2,500 bytes, however they lie; and where they lie in rows, a few characters.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
)

MOST_WRITTEN: Final = 20_000
"""How many characters numbers may take in one event, so that it stays below 32 kB."""

_PART: Final = r"[0-9]{1,7}(-[0-9]{1,7})?"
_RUN: Final = re.compile("1+")
_PACKED: Final = "b:"


def bits_of(text: str) -> int:
    """Read numbers such as ``1-40,52``. Raises ``ValueError`` for what is none."""
    bits = 0
    for low, high in _ranges(text):
        bits |= span(low, high)
    return bits


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        low, high = int(first), int(last or first)
        if not 1 <= low <= high:
            message = "numbers count from 1, and a range rises: 1-40,52"
            raise ValueError(message)
        yield low, high


def beyond(text: str, last: int) -> str:
    """Give the numbers above ``last``, without making bits: whoever names them may
    name millions that nobody has. The numbers are written as `Numbers` are.
    """
    over = ((max(low, last + 1), high) for low, high in _ranges(text) if high > last)
    return _written(over)


def span(first: int, last: int) -> int:
    """Give the bits of all from ``first`` to ``last``; none where that is less."""
    return 0 if last < first else (1 << (last + 1)) - (1 << first)


def runs_of(bits: int) -> Iterator[tuple[int, int]]:
    """Give what follows on without a gap, as its first and last number."""
    for run in _RUN.finditer(f"{bits:b}"[::-1]):
        yield run.start(), run.end() - 1


def written(bits: int) -> str:
    """Write numbers as people do: ranges, rising, with commas; none as nothing."""
    return _written(runs_of(bits))


def _written(ranges: Iterable[tuple[int, int]]) -> str:
    return ",".join(
        f"{first}" if first == last else f"{first}-{last}" for first, last in ranges
    )


def each(bits: int) -> Iterator[int]:
    """Give the numbers one by one, rising."""
    for first, last in runs_of(bits):
        yield from range(first, last + 1)


def together(every: Iterable[int]) -> int:
    """Give the numbers that are in any of these."""
    bits = 0
    for each_ in every:
        bits |= each_
    return bits


def shared_out(bits: int, most: int) -> Iterator[int]:
    """Give the numbers in parts of at most so many each, in order."""
    part, count = 0, 0
    for first, last in runs_of(bits):
        while first <= last:
            end = min(last, first + most - count - 1)
            part |= span(first, end)
            count += end - first + 1
            first = end + 1  # noqa: PLW2901  (what is left of the run)
            if count == most:
                yield part
                part, count = 0, 0
    if part:
        yield part


def _normal(text: str) -> str:
    """Write numbers in their one form. It takes as long as the text is, however large
    the numbers are: anybody can send some, and all others wait meanwhile.
    """
    joined: list[tuple[int, int]] = []
    for low, high in sorted(_ranges(text)):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], high)
        else:
            joined.append((low, high))
    return _written(joined)


def _packed(bits: int) -> str:
    """Write bits as ranges, or in base64 where that is shorter."""
    raw = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    dense = _PACKED + base64.b64encode(raw).decode()
    # Ranges that are far longer than the bitmap need not be written to know it.
    ranges = written(bits)
    return ranges if len(ranges) <= len(dense) else dense


def _unpacked(value: object) -> int:
    if isinstance(value, int):
        return value
    text = str(value)
    if text.startswith(_PACKED):
        raw = base64.b64decode(text.removeprefix(_PACKED), validate=True)
        return int.from_bytes(raw, "little")
    return bits_of(text) if text else 0


Numbers = Annotated[
    str,
    StringConstraints(pattern=rf"^{_PART}(, ?{_PART})*$", max_length=MOST_WRITTEN),
    AfterValidator(_normal),
]
"""Numbers of responses as text, ``1-40,52``: rising, and no more ranges than needed."""

Bits = Annotated[
    int,
    PlainValidator(_unpacked),
    PlainSerializer(_packed, return_type=str),
]
"""Numbers as bits in memory; as JSON ranges, or base64 where that is shorter."""
