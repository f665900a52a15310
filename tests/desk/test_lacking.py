"""Which events the record lacks follows from hashes alone, whatever histories hold."""

from __future__ import annotations

import json

import pytest

from desk.catching_up import FORKED, lacking
from desk.errors import Refused
from desk.histories import Held, Told
from evidence.event import ZERO_HASH, Sealed
from storage.record import Head
from storage.returning import Found
from tests.storage.streams import STREAM, events


def as_found(one: Sealed) -> Found:
    """An event as a history gives it."""
    return Found(one.seq, one.hash, json.loads(one.body)["prev"], one.body, 1)


def holding(*kept: Sealed, last: Sealed | None = None) -> Held:
    """Histories that hold these events; ``last`` is known to have been on record."""
    found = {one.hash: as_found(one) for one in kept}
    return Held(events=found, last=(last.seq, last.hash) if last else (0, ZERO_HASH))


def at(one: Sealed) -> Head:
    """A record that ends in this event."""
    return Head(STREAM, 1, one.seq, one.hash, None)


def ended(one: Sealed) -> Told:
    """Temporal says that the dialogue ended with this event."""
    return Told("ended", one.seq, one.hash)


def test_the_way_back_is_found_among_others() -> None:
    """A fork in the histories does not matter: the head decides which way is true."""
    past = events(8)
    other = events(4, after=past[:3], mark="fork")
    found, missing = lacking(at(past[1]), ended(past[7]), holding(*other, *past))
    assert [one.hash for one in found] == [one.hash for one in past[2:]]
    assert missing == 0


def test_a_record_that_lacks_nothing_gets_nothing() -> None:
    """Also one that is further than Temporal knows."""
    past = events(5)
    for held in (past[3], past[4]):
        assert lacking(at(held), ended(past[3]), holding(*past)) == ([], 0)


def test_without_a_record_everything_comes_back() -> None:
    """From the first event on."""
    past = events(5)
    found, missing = lacking(None, ended(past[4]), holding(*past))
    assert ([one.seq for one in found], missing) == ([1, 2, 3, 4, 5], 0)


def test_what_hangs_together_comes_back_and_the_rest_is_counted() -> None:
    """One event is gone from the histories: all after it stays out."""
    past = events(8)
    kept = [one for one in past if one.seq != 6]
    found, missing = lacking(at(past[2]), ended(past[7]), holding(*kept))
    assert ([one.seq for one in found], missing) == ([4, 5], 3)


def test_where_two_ways_go_on_neither_is_chosen() -> None:
    """Before a gap no head says which of two events was the true one."""
    past = events(8)
    kept = [one for one in past if one.seq != 6]
    other = events(1, after=past[:3], mark="fork")
    found, missing = lacking(at(past[2]), ended(past[7]), holding(*other, *kept))
    assert (found, missing) == ([], 5)


def test_another_past_is_refused() -> None:
    """A record that is no earlier moment of what Temporal holds is not added to."""
    past = events(8)
    other = events(2, after=past[:2], mark="fork")
    with pytest.raises(Refused) as refused:
        lacking(at(other[-1]), ended(past[7]), holding(*past))
    assert refused.value.name == FORKED


def test_a_dialogue_that_nothing_runs_for_has_its_receipts() -> None:
    """Its runs were told how far the record was: so far it comes back."""
    past = events(6)
    held = holding(*past, last=past[4])
    found, missing = lacking(at(past[1]), Told("none"), held)
    assert ([one.seq for one in found], missing) == ([3, 4, 5], 0)
