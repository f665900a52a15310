"""Dialogues by name, with where each of them stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from desk.desk import Desk
from domain.facts import written
from storage.queries import PAGE, DialogueRow, Summary, dialogues, summaries

__all__ = ["DialogueRow", "Summary", "every_dialogue", "every_whole", "summary"]

_AT_ONCE: Final = 50
"""How many dialogues come at once where their states come too."""


async def every_dialogue(
    desk: Desk,
    *,
    organisation: str | None = None,
    status: str | None = None,
    method: str | None = None,
    attention: bool = False,
    actor: str | None = None,
) -> AsyncIterator[Summary]:
    """Give the dialogues that fit, by name, without their states.

    ``actor`` leaves those in which this actor holds a role.
    """
    after = ""
    while True:
        page = await summaries(
            desk.pool,
            organisation=organisation,
            status=status,
            method=method,
            attention=attention,
            actor=actor,
            after=after,
        )
        for row in page:
            yield row
        if len(page) < PAGE:
            return
        after = page[-1].stream


async def every_whole(
    desk: Desk, *, organisation: str | None = None, actor: str | None = None
) -> AsyncIterator[DialogueRow]:
    """Give the dialogues that are not over for everybody, by name, with their states.

    That is, all but those that are archived, and those that ended and need nobody.
    """
    after = ""
    while True:
        page = await dialogues(
            desk.pool,
            organisation=organisation,
            actor=actor,
            live=True,
            after=after,
            limit=_AT_ONCE,
        )
        for row in page:
            yield row
        if len(page) < _AT_ONCE:
            return
        after = page[-1].stream


def summary(row: Summary) -> dict[str, Any]:
    """Give a dialogue's row as JSON."""
    members = row._asdict()
    del members["zone"]
    for name in ("next_deadline", "started_at", "updated_at"):
        moment = members[name]
        members[name] = written(moment) if moment else None
    return members
