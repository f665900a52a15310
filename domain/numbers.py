"""A set of small numbers takes one bit for each: 20,000 responses fit in 3.4 kB."""

from __future__ import annotations

import base64
from collections.abc import Iterator


def with_number(packed: str, number: int) -> str:
    """Give the set with one number more. The empty set is the empty text."""
    return _packed(_bits(packed) | 1 << number)


def holds(packed: str, number: int) -> bool:
    """Whether a number, from 0, is in the set."""
    return bool(_bits(packed) >> number & 1)


def numbers(packed: str) -> Iterator[int]:
    """Give the numbers of the set, rising."""
    bits = _bits(packed)
    return (number for number in range(bits.bit_length()) if bits >> number & 1)


def bits(packed: str) -> int:
    """Give the set as bits, as `domain.response_numbers` has them."""
    return _bits(packed)


def _bits(packed: str) -> int:
    return int.from_bytes(base64.b64decode(packed, validate=True), "little")


def _packed(bits: int) -> str:
    raw = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    return base64.b64encode(raw).decode()
