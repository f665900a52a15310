"""How long something lasts, as people fill it in: so many days, or up to a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from language import mark
from pages.typing_in import Form, number_in

NO_LENGTH: Final = mark("Write how many days, as a whole number from 1 on.")
NO_DAY: Final = mark("Choose a day.")
LENGTHS: Final[Mapping[str, str]] = {
    "working_days": mark("Working days"),
    "calendar_days": mark("Calendar days"),
    "until": mark("Up to and including a day"),
}
_MOST_DAYS: Final = 3660


class Wanted(NamedTuple):
    """A command, or what is still missing of it: a marked text, and its field."""

    kind: str
    body: Mapping[str, Any] = {}
    missing: str = ""
    field: str = ""


def with_length(kind: str, prefix: str, form: Form, body: Mapping[str, Any]) -> Wanted:
    """Add the ``duration`` of a command, where one was filled in."""
    how = form.text(f"{prefix}-length") or ""
    if how not in LENGTHS:
        return Wanted(kind, body, field=f"{prefix}-reason")
    if how == "until":
        told, field = form.text(f"{prefix}-until") or "", f"{prefix}-until"
        lacking = "" if is_day(told) else NO_DAY
        return Wanted(kind, {**body, "duration": {"until": told}}, lacking, field)
    told, field = form.text(f"{prefix}-days") or "", f"{prefix}-days"
    amount = number_in(told) or 0
    lacking = "" if 1 <= amount <= _MOST_DAYS else NO_LENGTH
    return Wanted(kind, {**body, "duration": {how: amount}}, lacking, field)


def is_day(told: str) -> bool:
    """Whether a text is a day, as a field for one sends it."""
    try:
        date.fromisoformat(told)
    except ValueError:
        return False
    return True
