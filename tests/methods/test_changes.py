"""A file of changes is read whole, and nothing in it is passed over in silence."""

from __future__ import annotations

import pytest

from methods.changes import load_changes
from methods.load import MethodInvalid
from tests.domain.story import given


def test_a_member_that_nobody_reads_is_refused_by_its_line() -> None:
    """Who writes the reason in another language is told what it is called."""
    text = "reden: Extra avond\nchanges:\n  - {change: drop_item, item: brief.money}\n"
    with pytest.raises(MethodInvalid, match="no such member") as problem:
        load_changes(text, "wijziging.yaml", given().state.plan)
    (found,) = problem.value.problems
    assert (found.line, found.path) == (1, "reden")
    assert "reason:" in found.remedy
