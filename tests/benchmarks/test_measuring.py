"""The way of measuring is tried on times that are known."""

from __future__ import annotations

import asyncio
import random

import pytest

from benchmarks.__main__ import missed
from benchmarks.figures import Figure, Verdict, compared
from benchmarks.measuring import Operation, Ratio, in_rounds, ratio
from benchmarks.table import document, line


def noisy(seconds: float, seed: int, rounds: int = 60) -> list[float]:
    """Give times around a known one, with now and then a very long one."""
    chance = random.Random(seed)
    return [
        seconds * chance.uniform(0.8, 1.2) * (8 if chance.random() < 0.1 else 1)
        for _ in range(rounds)
    ]


def test_a_ratio_finds_what_is_twice_as_slow() -> None:
    """The truth lies in the interval, and a few long waits do not move it."""
    found = ratio(noisy(0.02, seed=1), noisy(0.01, seed=2))
    assert found.low < 2 < found.high
    assert found.high - found.low < 0.6


def test_more_rounds_make_it_surer() -> None:
    """The interval gets narrower with the number of rounds."""
    few = ratio(noisy(1, 1, rounds=10), noisy(1, 2, rounds=10))
    many = ratio(noisy(1, 1, rounds=400), noisy(1, 2, rounds=400))
    assert many.high - many.low < few.high - few.low


def test_a_load_that_rises_meets_both_alike() -> None:
    """Rounds are drawn whole, so what slows a whole round down changes no ratio."""
    load = [1 + number / 20 for number in range(60)]
    twice = [2 * each for each in load]
    found = ratio(twice, load)
    assert found == Ratio(2, 2, 2)


async def test_each_round_has_its_own_order() -> None:
    """Every operation runs once a round, and none always goes before another."""
    order: list[str] = []

    def operation(name: str) -> Operation:
        async def act() -> None:
            order.append(name)
            await asyncio.sleep(0)

        return Operation(act)

    names = {name: operation(name) for name in "abc"}
    samples = await in_rounds(names, 20, pause=0, warming=2)
    rounds = {tuple(order[i : i + 3]) for i in range(0, len(order), 3)}
    assert len(order) == 3 * 22
    assert all(sorted(each) == ["a", "b", "c"] for each in rounds)
    assert len(rounds) > 3
    assert {len(times) for times in samples.values()} == {20}


async def test_what_follows_is_not_timed() -> None:
    """Only the act itself is timed, not what is awaited when it is over."""

    async def act() -> float:
        return 0.05

    samples = await in_rounds(
        {"one": Operation(act, asyncio.sleep)}, 3, pause=0, warming=0
    )
    assert max(samples["one"]) < 0.05


@pytest.mark.parametrize(
    ("found", "at_least", "verdict"),
    [
        (Ratio(1.0, 0.9, 1.1), False, "reached"),
        (Ratio(1.1, 0.9, 1.3), False, "reached?"),
        (Ratio(1.3, 1.1, 1.5), False, "missed?"),
        (Ratio(1.4, 1.3, 1.5), False, "missed"),
        (Ratio(1.4, 1.3, 1.5), True, "reached"),
        (Ratio(1.0, 0.9, 1.1), True, "missed"),
    ],
)
def test_a_verdict_says_how_sure_it_is(
    found: Ratio, verdict: Verdict, *, at_least: bool
) -> None:
    """A bound inside the interval is neither surely reached nor surely missed."""
    figure = compared("one", "two", found, bound=1.2, at_least=at_least)
    assert figure.verdict == verdict
    assert verdict in line(figure)


def test_a_count_is_reached_or_missed() -> None:
    """What is counted has no interval and no doubt."""
    count = Figure(name="n", what="w", value=12, unit="events", bound=11)
    assert count.verdict == "missed"
    assert document([count])["figures"][0]["verdict"] == "missed"


def test_on_other_servers_only_counts_can_be_missed() -> None:
    """The bounds on ratios are for the embedded servers."""
    count = Figure(name="n", what="count", value=12, unit="events", bound=11)
    slow = compared("n", "ratio", Ratio(4, 3.8, 4.2), bound=2.9)
    assert missed([count, slow], embedded=True) == [count, slow]
    assert missed([count, slow], embedded=False) == [count]
