"""In which role somebody acts who names none, and who may read private texts."""

from __future__ import annotations

import pytest

from domain.commands import AssignRole, ReleaseRole
from domain.errors import NotEntitled
from domain.rights import acting_role, check_reader
from tests.domain.story import HOLDERS, SAID, SYSTEM, given, nothing, start, trial

PLAN = trial().method


@pytest.mark.parametrize(
    ("roles", "actor", "role"),
    [
        (HOLDERS, "d-1", "director"),
        (HOLDERS, "k-1", "panel"),
        (HOLDERS | {"deputy": ("k-1",)}, "k-1", "deputy"),
        (HOLDERS, "x-1", "deputy"),
        (HOLDERS | {"deputy": ("d-2",)}, "x-1", "director"),
        (HOLDERS | {"director": ()}, "x-1", "director"),
        ({}, "x-1", "director"),
    ],
)
def test_somebody_acts_in_the_role_they_hold_or_in_one_that_is_free(
    roles: dict[str, tuple[str, ...]], actor: str, role: str
) -> None:
    """Those that steer go first; what is somebody else's is left to be refused."""
    assert acting_role(PLAN, roles, actor) == role


def test_private_texts_are_for_those_who_run_the_process() -> None:
    """Whoever holds a role that steers may read; others may not, nor once released."""
    story = given(AssignRole(role="deputy", actor="d-2"))
    check_reader(story.state, "d-1")
    check_reader(story.state, "d-2")
    with pytest.raises(NotEntitled, match="director or deputy"):
        check_reader(story.state, "k-1", "panel")
    story.and_(AssignRole(role="director", actor="d-3"))
    story.and_(ReleaseRole(role="director", actor="d-1", reason=SAID))
    with pytest.raises(NotEntitled):
        check_reader(story.state, "d-1")


def test_where_nobody_runs_the_process_anybody_may_claim_to() -> None:
    """A dialogue that a system began names nobody yet who could be asked."""
    story = nothing().and_(start(roles={}), by=SYSTEM)
    check_reader(story.state, "x-1")
