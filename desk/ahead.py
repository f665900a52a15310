"""What comes after this week, where somebody holds a role: windows, dates, meetings.

What comes sooner is what needs somebody today (`desk.today`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from desk.desk import Desk
from desk.overseen import plan_of
from desk.titles import Titles
from domain.clock import Clock, to_dialogue_time
from storage.pool import Source, connection
from storage.portfolio import AheadRow
from storage.portfolio import ahead as find

_WEEK: Final = 7
_MORE: Final = 6
"""How many times more are taken from the record than are told: clocks differ."""


class Coming(NamedTuple):
    """Something to come: ``kind`` is window, date or meeting.

    ``day`` is its last day, or the day of a meeting; ``days`` counts from the today of
    the dialogue.
    """

    stream: str
    dialogue: str
    kind: str
    target: str
    what: str
    day: date
    days: int


async def ahead(
    desk: Desk,
    actor: str,
    lang: str,
    organisation: str,
    *,
    only: str | None = None,
    limit: int,
    now: datetime | None = None,
) -> tuple[Coming, ...]:
    """Give what comes after a week, first things first; ``now`` is a real moment."""
    now = now or datetime.now(UTC)
    async with connection(desk.pool) as conn:
        rows = await find(
            conn, actor, organisation, now, only=only, limit=_MORE * limit
        )
        found = [await _coming(conn, row, lang, now) for row in rows]
    later = sorted((one for one in found if one.days > _WEEK), key=_soonest)
    return tuple(later[:limit])


def _soonest(one: Coming) -> tuple[int, str, str]:
    return one.days, one.dialogue, one.what


async def _coming(conn: Source, row: AheadRow, lang: str, now: datetime) -> Coming:
    zone = ZoneInfo(row.zone)
    here = to_dialogue_time(Clock.model_validate(row.clock), now).astimezone(zone)
    # A window is open until an instant that no longer belongs to it.
    last = row.due if row.kind == "meeting" else row.due - timedelta(microseconds=1)
    day = last.astimezone(zone).date()
    what = row.target
    if row.kind == "window":
        plan = await plan_of(conn, row.method_hash, row.amendments)
        what = Titles(plan, lang).window(row.target)
    return Coming(
        row.stream, row.title, row.kind, row.target, what, day, (day - here.date()).days
    )
