"""Numbers of responses are read as people write them, and take little room."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.facts import Fact
from domain.response_numbers import (
    Bits,
    Numbers,
    beyond,
    bits_of,
    each,
    shared_out,
    span,
    written,
)

some_numbers = st.sets(st.integers(1, 400)).map(
    lambda found: sum(1 << number for number in found)
)


class Holding(Fact):
    """What a state holds."""

    bits: Bits = 0


class Naming(Fact):
    """What a command says."""

    numbers: Numbers


def test_numbers_are_written_as_ranges_that_rise() -> None:
    """However somebody writes them, they come back in one form."""
    assert Naming(numbers="7, 3-5,4,8").numbers == "3-5,7-8"
    assert [*each(bits_of("3-5,7"))] == [3, 4, 5, 7]


@pytest.mark.parametrize("text", ["0", "5-3", "-3", "3-", "a", "", "1,,2", "١"])
def test_what_is_no_number_is_refused(text: str) -> None:
    """Numbers count from 1, and a range rises."""
    with pytest.raises(ValueError, match=r"."):
        Naming(numbers=text)


@given(some_numbers)
def test_bits_come_back_from_json(bits: int) -> None:
    """As ranges or as a bitmap, whichever is shorter, nothing is lost."""
    held = Holding(bits=bits)
    assert Holding.model_validate_json(held.model_dump_json()) == held
    assert not bits or bits_of(written(bits)) == bits


@given(some_numbers, st.integers(1, 50))
def test_parts_hold_all_and_no_more_than_asked(bits: int, most: int) -> None:
    """Sharing out loses nothing, doubles nothing, and keeps the order."""
    parts = [*shared_out(bits, most)]
    assert sum(parts) == bits
    assert all(0 < part.bit_count() <= most for part in parts)
    assert parts == sorted(parts)
    assert all(part.bit_count() == most for part in parts[:-1])


def test_twenty_thousand_take_3_4_kb_at_worst() -> None:
    """Every second one is the worst case for ranges; the bitmap bounds it."""
    every_second = sum(1 << number for number in range(1, 20_001, 2))
    assert len(Holding(bits=every_second).model_dump_json()) < 3_400
    assert len(Holding(bits=span(1, 20_000)).model_dump_json()) < 30


@given(some_numbers.filter(bool), st.integers(0, 400))
def test_numbers_are_read_without_making_bits(bits: int, last: int) -> None:
    """What is in one form, and what is too high, is the same as by the bits."""
    text = ",".join(f"{n}" for n in reversed([*each(bits)]))
    assert Naming(numbers=text).numbers == written(bits)
    assert beyond(written(bits), last) == written(bits & ~span(0, last))


@pytest.mark.parametrize("step", [1, 2, 3])
def test_numbers_that_nobody_has_cost_nothing(step: int) -> None:
    """A hundred commands that name millions of responses are read in a moment.

    They are read before anybody looks who sends them, and a dialogue that computes for
    two seconds at once is broken off by Temporal, for good.
    """
    high = 9_999_999
    parts = [
        f"{n}-{high}" if step == 1 else f"{n}" for n in range(high, 1, -step)[:1_250]
    ]
    texts = ["1-9999999", ",".join(parts)]
    began = process_time()
    for text in texts * 50:
        numbers = Naming(numbers=text).numbers
        assert beyond(numbers, 20)
    assert process_time() - began < 2 * 50 * 0.01
