"""Who asks too much at a time waits, and nobody else."""

from __future__ import annotations

from desk.access.denials import network_of
from desk.access.limits import MOST, Limit, Limits


class Clock:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        """Give the moment, in seconds."""
        return self.now


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    """Sixty at once, then twenty a second; the wait that is told is enough."""
    clock = Clock()
    limits, limit = Limits(clock), Limit(rate=20, burst=60)
    assert [limits.wait([("a", limit)]) for _ in range(61)] == [0] * 60 + [1]
    clock.now = 0.5
    assert [limits.wait([("a", limit)]) for _ in range(11)] == [0] * 10 + [1]
    slow = Limit(rate=0.1, burst=1)
    assert limits.wait([("b", slow)]) == 0
    wait = limits.wait([("b", slow)])
    clock.now += wait
    assert limits.wait([("b", slow)]) == 0


def test_one_bucket_empties_no_other() -> None:
    """Somebody else's haste is not mine; and what is refused is taken from none."""
    limits, limit = Limits(Clock()), Limit(rate=1, burst=2)
    house = limit.times(10)
    for _ in range(5):
        limits.wait([("one", limit), ("house", house)])
    assert limits.wait([("two", limit), ("house", house)]) == 0
    # Of twenty for the house three are gone, not six.
    left = [limits.wait([("house", house)]) for _ in range(18)]
    assert left == [0] * 17 + [1]


def test_no_rate_is_no_limit() -> None:
    """A rate of 0 lets everybody through."""
    limits = Limits(Clock())
    assert {limits.wait([("a", Limit(rate=0, burst=1))]) for _ in range(99)} == {0}


def test_buckets_do_not_pile_up() -> None:
    """Of many names those that were used longest ago are forgotten."""
    limits, limit = Limits(Clock()), Limit(rate=1, burst=1)
    limits.wait([("first", limit)])
    for number in range(MOST - 1):
        limits.wait([(f"n{number}", limit)])
    assert limits.wait([("first", limit)]) == 1
    limits.wait([("one more", limit)])
    assert limits.wait([("first", limit)]) == 0


def test_of_an_address_only_its_network_is_kept() -> None:
    """A /24, or a /48; what is no address is nothing."""
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1::/48"
    assert network_of("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert network_of("testclient") is network_of(None) is None
