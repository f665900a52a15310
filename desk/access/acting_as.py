"""In which of the method's roles a caller acts, and for what their token is enough.

The actor is the token's. Who directs may take a role that nobody holds, as on the
command line; a case system acts as ``system``; everybody else acts in a role that they
hold in this dialogue, or as the public, for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desk.access.caller import Caller, NotAllowed, allow
from desk.desk import Desk, Sender
from desk.errors import Refused
from domain.errors import NotHolder
from domain.method import PUBLIC, SYSTEM
from domain.state import Dialogue
from language import mark

OWN: Final[Mapping[str, str]] = {
    "decline_participation": "who",
    "record_evaluation": "by",
    "record_response": "respondent",
}
"""Commands that people give for themselves, with the member that says for whom."""

_FREE: Final = frozenset({"director"})
_SYSTEMS: Final = frozenset({"integrator"})
_FOR_ONESELF: Final = mark(
    "With this token you speak for yourself: {member} has to be {actor}."
)


def allow_command(
    caller: Caller, stream: str, kind: str, body: Mapping[str, Any]
) -> None:
    """Raise unless this caller may send this command here, as far as a token goes.

    Raises `NotFound` and `NotAllowed`. What the dialogue thinks of it comes after.
    """
    member = OWN.get(kind)
    if member is None or "act" in caller.scopes:
        allow(caller, "act", stream)
        return
    allow(caller, "respond", stream)
    if body.get(member) != caller.actor:
        raise NotAllowed(_FOR_ONESELF, member=member, actor=caller.actor)


async def as_sender(
    desk: Desk, caller: Caller, stream: str, asked: str | None = None, *, via: str
) -> Sender:
    """Give the caller as who sends a command to a dialogue.

    ``asked`` is the role of the method that they want to act in. Raises `NotFound`,
    and `Refused` for a role that is not theirs.
    """
    if caller.roles & _SYSTEMS and asked in {None, SYSTEM}:
        return Sender(caller.actor, SYSTEM, via)
    if asked == SYSTEM:
        raise Refused.of(NotHolder(role=SYSTEM))
    if caller.roles & _FREE:
        return Sender(caller.actor, asked, via)
    state = await desk.dialogue(stream)
    return Sender(caller.actor, _held(state, caller.actor, asked), via)


def _held(state: Dialogue, actor: str, asked: str | None) -> str:
    """Give a role that somebody holds, those that steer first; else the public."""
    mine = [role for role in state.plan.roles if actor in state.holders(role.id)]
    held = [role.id for role in sorted(mine, key=lambda r: "steer" not in r.may)]
    if asked is None:
        return held[0] if held else PUBLIC
    if asked not in {*held, PUBLIC}:
        raise Refused.of(NotHolder(role=asked)).about(state)
    return asked
