"""The work list of one dialogue as the projection gives it, without a database."""

from __future__ import annotations

from datetime import datetime

from desk.tasks import Moment, Task, task_of
from domain.asked import ANYBODY, Asked, asked
from domain.asks import Ask, falls_due, urgency
from domain.state import Dialogue

WINDOWS = frozenset({"silent", "window_closes_soon", "window_overdue"})


def tasks(
    stream: str,
    state: Dialogue,
    now: datetime,
    lang: str,
    reader: str | None = None,
    *,
    whole: Asked | None = None,
) -> list[Task]:
    """Give what one dialogue asks of a reader at a moment, most urgent first."""
    whole = whole or asked(state)
    at = Moment(stream, state.title, state.calendar, now)
    found = [
        (whole.asks[kind, name], waits)
        for (who, kind, name), waits in whole.of.items()
        if who == (reader or ANYBODY) and not waits.outside
    ]
    holding = [(ask, waits) for ask, waits in found if holds(ask, now)]
    holding.sort(key=lambda pair: (urgency(pair[0].kind), falls_due(pair[0])))
    return [
        task_of(ask, at, lang, reader)._replace(
            role=waits.role, silent=_silent(whole, ask)
        )
        for ask, waits in holding
    ]


def holds(ask: Ask, now: datetime) -> bool:
    """Whether something is asked at a moment."""
    begun = ask.since is None or ask.since <= now
    return begun and (ask.until is None or now < ask.until)


def _silent(whole: Asked, ask: Ask) -> tuple[str, ...]:
    if ask.kind not in WINDOWS:
        return ()
    wanted = ("respond", ask.target)
    found = (
        (waits.place, who)
        for (who, *key), waits in whole.of.items()
        if tuple(key) == wanted
    )
    return tuple(who for _, who in sorted(found))
