"""Days and moments in words, with what a machine reads beside them.

A moment is told by the wall clock of the dialogue it is of, and says which clock that
is; its exact instant stands in ``datetime``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from domain.facts import written
from language import dates
from language.speaking import lang

_TIME: Final = Markup('<time datetime="{}">{}</time>')
_EXACT: Final = Markup(
    '<time datetime="{}" title="{}">{} <span class="zone">{}</span></time>'
)


def moment(instant: datetime | str, zone: str | tzinfo | None = None) -> Markup:
    """Write an instant: its day in words, the time, and by which clock."""
    return _told(instant, zone, dates.moment)


def until(instant: datetime | str, zone: str | tzinfo | None = None) -> Markup:
    """Write until when something is open: midnight is the end of the day before."""
    return _told(instant, zone, dates.until)


def _told(
    instant: datetime | str,
    zone: str | tzinfo | None,
    words: Callable[[str, datetime], str],
) -> Markup:
    exact = _instant(instant)
    local = exact.astimezone(_zone(zone))
    return _EXACT.format(
        written(exact),
        local.isoformat(sep=" ", timespec="seconds"),
        words(lang(), local.replace(tzinfo=None)),
        local.tzname() or "",
    )


def day(when: date | str, zone: str | tzinfo | None = None) -> Markup:
    """Write a day in words; of an instant, the day that it is there."""
    found = _day(when, _zone(zone))
    return _TIME.format(found.isoformat(), dates.day(lang(), found))


def _day(when: date | str, zone: tzinfo) -> date:
    if isinstance(when, str):
        when = date.fromisoformat(when) if len(when) == 10 else _instant(when)  # noqa: PLR2004 (YYYY-MM-DD)
    return when.astimezone(zone).date() if isinstance(when, datetime) else when


def _instant(instant: datetime | str) -> datetime:
    found = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _zone(zone: str | tzinfo | None) -> tzinfo:
    if zone is None:
        return dates.HOME_ZONE
    return ZoneInfo(zone) if isinstance(zone, str) else zone
