"""How people name a moment of a dialogue: a place, a checkpoint, or a time.

``14`` is after event 14, ``checkpoint:120`` what a checkpoint of 120 events covers,
``2026-12-04T14:00`` that moment by the dialogue's own clock, both for events and for
people: without an offset on its wall clock, and a day alone means its end.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from desk.errors import DeskError
from domain.facts import written
from language import mark

CHECKPOINT: Final = "checkpoint:"
_NO_MOMENT: Final = mark(
    "{text} is no moment. Write an event's number (14), checkpoint:SIZE, a day "
    "(2026-12-04) or a time (2026-12-04T14:00)."
)
_TINY: Final = timedelta(microseconds=1)


class NoMoment(DeskError):
    """What names a moment is written in no form that there is."""


class Moment(NamedTuple):
    """A moment that somebody asks for: exactly one of the three."""

    at: datetime | None = None
    """Inclusive, in UTC."""
    seq: int | None = None
    size: int | None = None

    @property
    def told(self) -> str:
        """The moment as it is asked for again, in any zone."""
        if self.at is not None:
            return written(self.at)
        return f"{CHECKPOINT}{self.size}" if self.seq is None else str(self.seq)


def read_moment(text: str, zone: str) -> Moment:
    """Read a moment. Raises `NoMoment`."""
    if text.isdecimal() and text.isascii():
        return Moment(seq=int(text))
    name = text.removeprefix(CHECKPOINT)
    if name != text and name.isdecimal() and name.isascii():
        return Moment(size=int(name))
    return Moment(at=read_instant(text, zone, end_of_day=True))


def read_instant(text: str, zone: str, *, end_of_day: bool) -> datetime:
    """Read an instant, or a day as its first or last microsecond; in UTC.

    Raises `NoMoment`.
    """
    try:
        found = datetime.fromisoformat(text)
        if len(text) == len(date.min.isoformat()):
            found = _edge(found.date(), end_of_day=end_of_day)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoMoment(_NO_MOMENT, text=text) from error


def _edge(day: date, *, end_of_day: bool) -> datetime:
    first = datetime.combine(day, time())
    return first + timedelta(days=1) - _TINY if end_of_day else first
