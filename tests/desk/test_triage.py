"""Which responses are meant follows from the state alone, whatever their number."""

from __future__ import annotations

from typing import Any, cast

import pytest

from desk.triage import PAGE, SORTS, as_sort, chosen, late, page_of
from domain.ledger_facts import Group, Ledger, Untold
from domain.numbers import with_number
from domain.response_numbers import bits_of, span, written
from domain.state import Dialogue, WindowRun

WINDOW = "verslag.concept"
MANY = 20_000


def run(total: int, *late_ones: int) -> WindowRun:
    """Give an opening in which so many responses came, some of them late."""
    packed = ""
    for number in late_ones:
        packed = with_number(packed, number)
    return WindowRun(
        run=1,
        round=1,
        status="open",
        audience="public",
        invited=(),
        opened=cast("Any", "2026-11-01T09:00:00Z"),
        closes=cast("Any", "2026-12-01T23:00:00Z"),
        on_time=total - len(late_ones),
        late=len(late_ones),
        late_ones=packed,
        seq=7,
    )


def state(total: int, ledger: Ledger, *late_ones: int) -> Dialogue:
    """Give a dialogue with one window, its ledger, and nothing else."""
    return Dialogue.model_construct(
        windows={WINDOW: (run(total, *late_ones),)}, ledgers={WINDOW: ledger}
    )


LEDGER = Ledger(
    adopted=bits_of("1-3"),
    rejected=bits_of("4"),
    left=bits_of("5"),
    groups={
        "bankjes": Group(
            because="theme", numbers=bits_of("6-7"), outcome="partly", answer=9
        ),
        "bomen": Group(because="identical", numbers=bits_of("8,10")),
    },
    untold={"9": Untold(numbers=bits_of("6"), outcome="partly")},
)


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        ("all", "1-12"),
        ("waiting", "8-12"),
        ("late", "2,11"),
        ("adopted", "1-3"),
        ("partly", "6-7"),
        ("not", "4"),
        ("left", "5"),
        ("untold", "6"),
        ("earlier", ""),
    ],
)
def test_each_sort_has_its_numbers(sort: str, numbers: str) -> None:
    """What became of a response, and how it came, are looked up by its number."""
    found = chosen(state(12, LEDGER, 2, 11), WINDOW, as_sort(sort))
    assert written(found) == numbers


def test_a_group_narrows_any_sort() -> None:
    """Of a group those of the sort; of a group that is none, none."""
    here = state(12, LEDGER, 2, 11)
    assert written(chosen(here, WINDOW, "waiting", "bomen")) == "8,10"
    assert chosen(here, WINDOW, "adopted", "bomen") == 0
    assert chosen(here, WINDOW, "all", "nooit") == 0


def test_what_is_no_sort_is_all() -> None:
    """An address that somebody made up shows everything."""
    assert [as_sort(sort) for sort in SORTS] == list(SORTS)
    assert as_sort("<script>") == as_sort(None) == "all"


def test_a_number_beyond_the_last_is_nobodys() -> None:
    """What the ledger names and nobody gave is never shown."""
    assert chosen(state(2, LEDGER), WINDOW, "adopted") == bits_of("1-2")


@pytest.mark.parametrize(
    ("numbers", "first", "page"),
    [
        ("1-60", 0, "1-25"),
        ("1-60", 50, "51-60"),
        ("2,4,6,10-30", 2, "6,10-30"),
        ("2,4,6,10-40", 1, "4,6,10-32"),
        ("1-3", 3, ""),
        ("", 0, ""),
    ],
)
def test_a_page_begins_where_the_last_one_ended(
    numbers: str, first: int, page: str
) -> None:
    """However the numbers lie, a page has the next ones, and no more."""
    bits = bits_of(numbers) if numbers else 0
    assert written(page_of(bits, first, PAGE)) == page


def test_twenty_thousand_are_as_easily_told_apart() -> None:
    """Late ones of many, exactly."""
    here = state(MANY, Ledger(adopted=span(1, MANY - 1)), 3, MANY)
    assert written(late(here, WINDOW)) == f"3,{MANY}"
    assert written(chosen(here, WINDOW, "waiting")) == str(MANY)
