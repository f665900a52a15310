"""Whoever names what is not there is told what was meant, and holds up nobody."""

from __future__ import annotations

from difflib import get_close_matches
from time import process_time
from uuid import UUID

import pytest

from domain.nearest import nearest

UUIDS = [str(UUID(int=n * 7**40 % 2**128)) for n in range(1, 2_001)]
ALIKE = [f"{'ab' * 95}{n}" for n in range(500)]
NEARLY = [f"{'ab' * 38}{n:03}" for n in range(500)]


@pytest.mark.parametrize("named", ["raad", "bewoner-2", "oms", "winkeliers"])
def test_a_slip_is_seen_as_well_as_before(named: str) -> None:
    """Among as many names as people type, the nearest come first."""
    known = ["raad-1", "bewoners", "bewoner-1", "omgeving", "winkelier", "wethouder"]
    assert nearest(named, known) == get_close_matches(named, known, n=3)


@pytest.mark.parametrize(
    ("named", "known"),
    [
        (str(UUID(int=5)), UUIDS),
        ("ba" * 99, ALIKE),
        ("ba" * 40, NEARLY),
        ("a" * 200, ALIKE),
    ],
)
def test_a_name_that_nobody_knows_holds_up_nobody(named: str, known: list[str]) -> None:
    """A hundred refusals in one task of a workflow stay well below two seconds."""
    began = process_time()
    for _ in range(20):
        nearest(named, known)
    assert process_time() - began < 20 * 0.02
