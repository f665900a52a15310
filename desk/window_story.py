"""What happened to one feedback window, apart from the responses in it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from desk.desk import Desk
from desk.history import Past
from domain.events import (
    AudienceReminded,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowShortened,
    WindowVoided,
)
from domain.messages import kind_of
from domain.state import Dialogue
from domain.terms import Rule
from domain.window_facts import AudienceInvited, LateResponseUsed
from storage.queries import events_of_types

_MOVES: Final = frozenset(map(kind_of, (WindowOpened, WindowExtended, WindowShortened)))
_TYPES: Final = _MOVES | frozenset(
    map(
        kind_of,
        (
            WindowClosed,
            WindowVoided,
            AudienceReminded,
            AudienceInvited,
            LateResponseUsed,
        ),
    )
)


async def story(desk: Desk, stream: str, state: Dialogue, window: str) -> list[Past]:
    """Give what happened to a window and its audiences, newest first.

    ``window`` is its own full id. Of a window that was opened very often it is the
    last part.
    """
    runs = [
        runs[0].seq for name, runs in state.windows.items() if _belongs(name, window)
    ]
    if not runs:
        return []
    found = await events_of_types(desk.pool, stream, _TYPES, after_seq=min(runs) - 1)
    return [
        Past(event.seq, event.hash, event.members)
        for event in found
        if _belongs(event.members["data"]["window"], window)
    ]


def rule_of(told: list[Past], name: str, closes: datetime) -> Rule | None:
    """Give the rule that gave a closing; None where something else moved it since.

    ``name`` is the full id of one audience, ``told`` its story, newest first.
    """
    for event in told:
        data = event.members["data"]
        if event.members["type"] in _MOVES and data["window"] == name:
            moved = datetime.fromisoformat(data["closes"]) != closes
            return None if moved else Rule.model_validate(data["rule"])
    return None


def _belongs(name: str, window: str) -> bool:
    return name == window or name.startswith(f"{window}.")
