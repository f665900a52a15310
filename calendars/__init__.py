"""Calendars are compiled here, from libraries and law, and nowhere else.

`compile_calendar` gives the data that a dialogue carries with it.
"""

from calendars.compilation import (
    CALENDARS,
    UnknownCalendar,
    UnknownZone,
    compile_calendar,
)

__all__ = [
    "CALENDARS",
    "UnknownCalendar",
    "UnknownZone",
    "compile_calendar",
]
