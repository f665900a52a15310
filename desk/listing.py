"""Dialogues by name, with where each of them stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from desk.desk import Desk
from domain.facts import written
from storage.queries import PAGE, Summary, summaries

__all__ = ["Summary", "every_dialogue", "summary"]


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


def summary(row: Summary) -> dict[str, Any]:
    """Give a dialogue's row as JSON."""
    members = row._asdict()
    del members["zone"]
    for name in ("next_deadline", "started_at", "updated_at"):
        moment = members[name]
        members[name] = written(moment) if moment else None
    return members
