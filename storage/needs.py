"""What a dialogue asks of people is laid out beside its state: only what changed.

What is asked is one row (`read.need`), and for each of whom it is asked there is one in
order of urgency (`read.need_for`). The instants there are those of the real world, so
that a dialogue with a clock of its own stands in line with all others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple, TypeVar

from domain.advice import Advice
from domain.asked import Asked, Waiting, apart
from domain.asks import Ask, falls_due, urgency
from domain.clock import Clock, to_real
from domain.state import Dialogue

_LONG_AGO: Final = datetime(1000, 1, 1, tzinfo=UTC)
_FAR: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Before and after all that comes: a clock's arithmetic ends near there, and no reader
need know what PostgreSQL calls infinity."""

K = TypeVar("K", bound=tuple[str, ...])
V = TypeVar("V")


class For(NamedTuple):
    """That something is asked of somebody: `domain.asked.Waiting`, and when."""

    role: str | None
    place: int
    urgency: int
    since: datetime | None
    until: datetime | None
    falls_due: datetime


class Needs(NamedTuple):
    """What a dialogue asks, by kind and id; and of whom, by actor, kind and id.

    What agreements ask lies apart in ``lasting``: the same object while it is the same.
    """

    asks: Mapping[tuple[str, str], Ask]
    rows: Mapping[tuple[str, str, str], For]
    of: Mapping[tuple[str, str, str], Waiting]
    """What the rows were made of."""
    lasting: Needs | None = None


_NOTHING: Final = Needs({}, {}, {})


def needs_of(state: Dialogue, before: Needs | None = None) -> Needs:
    """Give the rows of a dialogue as its state has them.

    What is as it was ``before`` is taken from there.
    """
    lasts, passes = apart(state)
    known = before or _NOTHING
    lasting = known.lasting or _NOTHING
    if lasting.of is not lasts.of:
        lasting = _needs_of(lasts, lasting)
    return _needs_of(passes, known)._replace(lasting=lasting)


def _needs_of(asked: Asked, known: Needs) -> Needs:
    rows: dict[tuple[str, str, str], For] = {}
    for key, waits in asked.of.items():
        ask = asked.asks[key[1:]]
        row = known.rows.get(key)
        if row is None or known.of[key] != waits or known.asks.get(key[1:]) is not ask:
            row = _row_of(ask, waits)
        rows[key] = row
    return Needs(asked.asks, rows, asked.of)


def _row_of(ask: Ask, waits: Waiting) -> For:
    # Who is outside is silent, and has no list to see it in.
    since = _FAR if waits.outside else ask.since
    place = waits.place or ask.place
    urgent = urgency(ask.kind)
    return For(waits.role, place, urgent, since, ask.until, falls_due(ask))


def written(clock: Clock, now: Needs, before: Needs | None) -> str | None:
    """Give what changed, as ``read.put_needs`` takes it; None where nothing did.

    Where ``before`` is None all there was goes.
    """
    asks, gone = _changed(now.asks, before.asks if before else None)
    rows, left = _changed(now.rows, before.rows if before else None)
    lasts, lasted = now.lasting or _NOTHING, before.lasting if before else None
    if lasts is not lasted:
        more, less = _changed(lasts.asks, lasted.asks if lasted else None)
        asks, gone = asks | more, gone + less
        added, lost = _changed(lasts.rows, lasted.rows if lasted else None)
        rows, left = rows | added, left + lost
    if before is not None and not (asks or gone or rows or left):
        return None
    return json.dumps(
        {
            "whole": before is None,
            "gone": gone,
            "left": left,
            "asks": [_ask(ask) for ask in asks.values()],
            "rows": [_row(clock, key, row) for key, row in rows.items()],
        }
    )


def _changed(
    now: Mapping[K, V], before: Mapping[K, V] | None
) -> tuple[dict[K, V], list[K]]:
    if before is None:
        return dict(now), []
    changed = {key: value for key, value in now.items() if before.get(key) != value}
    return changed, [key for key in before if key not in now]


def _ask(ask: Ask) -> dict[str, Any]:
    # As pairs, for the database has the members of an object in an order of its own.
    act = [ask.advice.kind, [*ask.advice.body.items()]] if ask.advice else None
    data = {
        "what": ask.what,
        "more": ask.more,
        "advice": act,
        "closes": ask.closes.isoformat() if ask.closes else None,
        "day": ask.day.isoformat() if ask.day else None,
    }
    said = {name: value for name, value in data.items() if value}
    return {"kind": ask.kind, "id": ask.id, "target": ask.target, "data": said}


def _row(clock: Clock, key: tuple[str, str, str], row: For) -> dict[str, Any]:
    party, kind, name = key
    return {
        "party": party,
        "kind": kind,
        "id": name,
        "role": row.role,
        "place": row.place,
        "urgency": row.urgency,
        "shows_at": _real(clock, row.since or _LONG_AGO).isoformat(),
        "hides_at": _real(clock, row.until or _FAR).isoformat(),
        "falls_due": min(row.falls_due, _FAR).isoformat(),
    }


def _real(clock: Clock, moment: datetime) -> datetime:
    """Give when a moment of a dialogue comes in the real world."""
    try:
        real = to_real(clock, moment)
    except OverflowError:  # beyond the years there are, on the side of the moment
        real = moment
    if not _LONG_AGO < moment < _FAR:
        real = moment
    return min(max(real, _LONG_AGO), _FAR)


def read_ask(kind: str, name: str, target: str, data: Mapping[str, Any]) -> Ask:
    """Give an ask again from its row, without what only order needs."""
    advice, closes, day = (data.get(part) for part in ("advice", "closes", "day"))
    return Ask(
        kind,
        name,
        target,
        data["what"],
        data.get("more", 0),
        advice=_advice(*advice) if advice else None,
        closes=datetime.fromisoformat(closes) if closes else None,
        day=date.fromisoformat(day) if day else None,
    )


def _advice(kind: str, body: Sequence[tuple[str, str | list[str]]]) -> Advice:
    return Advice(kind, {n: v if isinstance(v, str) else tuple(v) for n, v in body})
