"""Who may read which private texts of a dialogue: whoever steers, and step by step.

What was said in a confidential step is for the roles that it names, and for nobody
else, whatever else they may; whoever holds such a role reads that step, and no more.
"""

from __future__ import annotations

from typing import NamedTuple

from desk.desk import Desk, Sender
from desk.errors import Refused
from domain.confidential import reads_any, roles_of
from domain.errors import DomainError
from domain.rights import check_reader
from domain.state import Dialogue


class May(NamedTuple):
    """What a reader may: ``steers`` says whether they read what is not confidential.

    ``roles`` are those that they hold, for confidential steps.
    """

    roles: frozenset[str]
    steers: bool


NOBODY = May(frozenset(), steers=True)
"""Asked for in nobody's name: what is not confidential."""


def may(state: Dialogue, reader: Sender) -> May:
    """Say what somebody may read. Raises `Refused` where that is nothing at all."""
    roles = roles_of(state, reader.id)
    try:
        check_reader(state, reader.id, reader.role)
    except DomainError as error:
        if not reads_any(state, roles):
            raise Refused.of(error) from error
        return May(roles, steers=False)
    return May(roles, steers=True)


async def allowed(desk: Desk, stream: str, reader: Sender | None) -> May | None:
    """Say what somebody may read in a dialogue; None where that is nothing."""
    if reader is None:
        return NOBODY
    try:
        return may(await desk.dialogue(stream), reader)
    except Refused:
        return None
