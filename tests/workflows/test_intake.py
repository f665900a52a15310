"""What comes from outside is read as from outside, whoever it says it is."""

from __future__ import annotations

import pytest

from domain.errors import DomainError, MalformedEnvelope, NotEntitled, ReservedId
from workflows.intake import read_envelope

SENDER = {"id": "p-1", "role": "process_director"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"id": "polder"}, ReservedId),
        ({"id": "polder:clock"}, ReservedId),
        ({"via": "timer"}, MalformedEnvelope),
        ({"via": "activity"}, MalformedEnvelope),
        ({"via": "signal"}, MalformedEnvelope),
        ({"via": "update"}, MalformedEnvelope),
        ({"via": "start"}, MalformedEnvelope),
        ({"id": "polder", "role": "clock", "via": "timer"}, NotEntitled),
    ],
)
def test_nobody_passes_for_a_part_of_polder(
    changes: dict[str, str], error: type[DomainError]
) -> None:
    """Not by an id, a role or the way they say they came in."""
    with pytest.raises(error):
        read_envelope({"id": "c-1", "actor": {**SENDER, **changes}, "command": {}})


@pytest.mark.parametrize(
    "changes", [{"id": "polderdijk"}, {"id": "a:polder:"}, {"via": "desk"}]
)
def test_what_only_resembles_polder_is_read(changes: dict[str, str]) -> None:
    """A dyke in a polder is nobody's business."""
    actor = {**SENDER, **changes}
    read = read_envelope({"id": "c-1", "actor": actor, "command": {}})
    assert read.actor.model_dump(exclude_none=True) == actor
