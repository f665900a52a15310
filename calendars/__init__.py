"""Calendars are compiled here, from libraries and law, and nowhere else.

`compile_calendar` gives the data that a dialogue carries with it;
`calendar_hash` names exactly that data.
"""

from calendars.compilation import (
    CALENDARS,
    UnknownCalendar,
    UnknownZone,
    calendar_hash,
    compile_calendar,
)

__all__ = [
    "CALENDARS",
    "UnknownCalendar",
    "UnknownZone",
    "calendar_hash",
    "compile_calendar",
]
