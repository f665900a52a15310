"""Which commands a dialogue carried out, each with its events, as the record has it."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from desk.desk import Desk
from storage.queries import PAGE, Recorded, events, events_of_cause


class Done(NamedTuple):
    """A command that was carried out: its id, when, by whom, and what came of it."""

    id: str
    at: str
    actor: dict[str, Any]
    events: list[dict[str, Any]]


async def done(
    desk: Desk, stream: str, *, after: int, limit: int
) -> tuple[list[Done], int | None]:
    """Give commands whose events come after ``after``, and where the next page begins.

    A command is whole or not on the page: one that no longer fits opens the next.
    """
    page = await events(desk.pool, stream, after_seq=after, limit=PAGE)
    whole = [list(group) for _, group in groupby(page, lambda e: e.members["cause"])]
    more = len(page) == PAGE
    if more and len(whole) == 1:
        # One command made more events than a page holds.
        cause = str(page[0].members["cause"])
        whole = [list(await events_of_cause(desk.pool, stream, cause))]
    elif more:
        whole.pop()
    shown = whole[:limit]
    more = more or len(whole) > limit
    last = shown[-1][-1].seq if shown and more else None
    return [_done(group) for group in shown], last


def _done(group: list[Recorded]) -> Done:
    first = group[0].members
    return Done(
        id=first["cause"],
        at=first["at"],
        actor=first["actor"],
        events=[event.named for event in group],
    )
