"""When something happened, as precisely as the source knows it and no more precisely.

A source may give an instant, a day, a month or a year, or two of them between which it
was. Whoever counts with such a date counts with its first and last possible day.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, Self, cast

from pydantic import BeforeValidator, StringConstraints, model_validator

from domain.facts import Fact

Precision = Literal["instant", "day", "month", "year"]

_Written = Annotated[
    str,
    StringConstraints(
        pattern=r"^\d{4}(-\d{2}(-\d{2}(T[0-9:.]{5,15}(Z|[+-]\d{2}:\d{2}))?)?)?$"
    ),
]
_LENGTHS: Final = {4: "year", 7: "month", 10: "day"}


class Happened(Fact):
    """A moment in time: ``2016``, ``2016-11``, ``2016-11-21`` or an instant.

    ``precision`` follows from the way it is written, and must agree where it is given.
    With ``until`` it lies somewhere between the two; written as one text that is
    ``2016-06-28/2017-08-18`` (an interval of ISO 8601).
    """

    date: _Written
    precision: Precision | None = None
    until: _Written | None = None

    @model_validator(mode="before")
    @classmethod
    def _knows_its_precision(cls, told: object) -> object:
        """Take a date alone, and say how precise it is."""
        if isinstance(told, str):
            first, interval, last = told.partition("/")
            told = {"date": first, **({"until": last} if interval else {})}
        if not isinstance(told, dict):
            return told
        members = cast("dict[str, object]", told)
        written = members.get("date")
        if members.get("precision") is not None or not isinstance(written, str):
            return members
        return {**members, "precision": precision_of(written)}

    @model_validator(mode="after")
    def _is_as_written(self) -> Self:
        if self.precision != precision_of(self.date):
            message = f"{self.date!r} is not as precise as {self.precision}"
            raise ValueError(message)
        if self.until is not None:
            precision_of(self.until)
        if self.last < self.first:
            message = "it can't have ended before it began"
            raise ValueError(message)
        return self

    @property
    def first(self) -> date:
        """The first day on which it can have been; of an instant, its day in UTC."""
        return _first(self.date)

    @property
    def last(self) -> date:
        """The last day on which it can have been."""
        return _last(self.until or self.date)


def _as_written(told: object) -> object:
    """Take a moment in any form that `Happened` takes, and give it as one text."""
    when = Happened.model_validate(told)
    return when.date if when.until is None else f"{when.date}/{when.until}"


Dated = Annotated[str, BeforeValidator(_as_written)]
"""A moment as one text, as precise as it is written: ``2018``, ``2018-05``,
``2018-05-26``, an instant, or two of these with a slash between. See `Happened`."""


def precision_of(written: str) -> Precision:
    """Tell how precise a date is by how it is written. Raises ``ValueError``."""
    _first(written)
    match _LENGTHS.get(len(written)):
        case "year":
            return "year"
        case "month":
            return "month"
        case "day":
            return "day"
        case _:
            return "instant"


def _first(written: str) -> date:
    """Give the first day that a date leaves open. Raises ``ValueError``."""
    match _LENGTHS.get(len(written)):
        case "year":
            return date.fromisoformat(f"{written}-01-01")
        case "month":
            return date.fromisoformat(f"{written}-01")
        case "day":
            return date.fromisoformat(written)
        case _:
            return _instant(written).date()


def _last(written: str) -> date:
    first = _first(written)
    match _LENGTHS.get(len(written)):
        case "year":
            return first.replace(month=12, day=31)
        case "month":
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
        case _:
            return first


def _instant(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        message = "an instant needs an offset, for example 2026-11-21T16:20:00Z"
        raise ValueError(message)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        message = "an instant lies between the years 1 and 9999 in UTC"
        raise ValueError(message) from error
