"""Who may read which private texts of a dialogue: whoever steers, and step by step.

Whoever keeps an area, such as the register of stakeholders, reads the texts in it.

What was said in a confidential step is for the roles that it names, and for nobody
else, whatever else they may; whoever holds such a role reads that step, and no more.
"""

from __future__ import annotations

from typing import NamedTuple

from desk.desk import Desk, Sender
from desk.errors import Refused
from domain.areas import texts_of
from domain.confidential import reads_any, roles_of
from domain.errors import DomainError
from domain.rights import areas_of, check_reader
from domain.state import Dialogue


class May(NamedTuple):
    """What a reader may: ``steers`` says whether they read what is not confidential.

    ``roles`` are those that they hold, for confidential steps; ``kinds`` the types of
    events of which they read what is not confidential though they do not steer.
    """

    roles: frozenset[str]
    steers: bool
    kinds: frozenset[str] = frozenset()


NOBODY = May(frozenset(), steers=True)
"""Asked for in nobody's name: what is not confidential."""


def may(state: Dialogue, reader: Sender) -> May:
    """Say what somebody may read. Raises `Refused` where that is nothing at all."""
    roles = roles_of(state, reader.id)
    try:
        check_reader(state, reader.id, reader.role)
    except DomainError as error:
        kinds = texts_of(areas_of(state, reader.id))
        if not kinds and not reads_any(state, roles):
            raise Refused.of(error) from error
        return May(roles, steers=False, kinds=kinds)
    return May(roles, steers=True)


async def allowed(desk: Desk, stream: str, reader: Sender | None) -> May | None:
    """Say what somebody may read in a dialogue; None where that is nothing."""
    if reader is None:
        return NOBODY
    try:
        return may(await desk.dialogue(stream), reader)
    except Refused:
        return None
