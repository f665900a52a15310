"""Dialogues by name, with where each of them stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from desk.desk import Desk
from domain.facts import written
from storage.queries import PAGE, DialogueRow, dialogues

__all__ = ["DialogueRow", "every_dialogue", "holds_a_role", "summary"]


async def every_dialogue(
    desk: Desk,
    *,
    organisation: str | None = None,
    status: str | None = None,
    method: str | None = None,
    attention: bool = False,
    actor: str | None = None,
) -> AsyncIterator[DialogueRow]:
    """Give the dialogues that fit, by name.

    ``actor`` leaves those in which this actor holds a role.
    """
    after = ""
    while True:
        page = await dialogues(
            desk.pool,
            organisation=organisation,
            status=status,
            method=method,
            attention=attention,
            after=after,
        )
        for row in page:
            if actor is None or holds_a_role(row, actor):
                yield row
        if len(page) < PAGE:
            return
        after = page[-1].stream


def holds_a_role(row: DialogueRow, actor: str) -> bool:
    """Whether this actor holds any role in a dialogue, or the row can't say so."""
    try:
        return any(actor in holders for holders in row.state["roles"].values())
    except (LookupError, TypeError, AttributeError):
        return True


def summary(row: DialogueRow) -> dict[str, Any]:
    """Give a dialogue's row as JSON, without its state."""
    members = row._asdict()
    del members["state"]
    for name in ("next_deadline", "started_at", "updated_at"):
        moment = members[name]
        members[name] = written(moment) if moment else None
    return members
