"""What the state keeps of roles after each event.

A part of `evolve`: it follows events, and decides nothing.
"""

from __future__ import annotations

from domain import holders, meetings_after
from domain.events import Event
from domain.role_facts import RoleAssigned, RoleEvent
from domain.state import Dialogue


def after(state: Dialogue, data: RoleEvent, _event: Event) -> Dialogue:
    """Give the state after somebody got a role, or no longer has it."""
    if isinstance(data, RoleAssigned):
        address = data.address is not None
        given = holders.given(state, data.role, data.actor, address=address)
        return meetings_after.welcome(given, data.meetings, data.actor)
    return holders.taken(state, data.role, data.actor)
