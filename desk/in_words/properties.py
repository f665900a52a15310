"""What the properties of a dialogue's state are called, for people.

Names and values in JSON stay those of the state. What only repeats where a property is,
or what the event that it names says, is for programs and left out on a page.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from desk.in_words.moments import moment
from desk.in_words.property_names import (
    BY_ID,
    CODED,
    FOR_PROGRAMS,
    NAMES,
    PLACED,
    STANDINGS,
    VALUES,
    WITHIN,
)
from desk.overview import local
from language.speaking import _

if TYPE_CHECKING:
    from desk.difference import Change
    from desk.past import AsOf
    from desk.titles import Titles

__all__ = ["BY_ID", "matters", "name", "value"]

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def matters(change: Change) -> bool:
    """Tell whether a change is for people: it has a value, and tells something new."""
    if change.path[-1] in FOR_PROGRAMS or not WITHIN.isdisjoint(change.path):
        return False
    return any(one not in (None, "", [], {}) for one in (change.before, change.after))


def name(part: str | int) -> str:
    """Give what a property is called; a place in a list is counted from one."""
    if isinstance(part, int):
        return str(part + 1)
    return _(NAMES[part]) if part in NAMES else part


def value(change: Change, one: Any, side: AsOf, titles: Titles) -> Any:  # noqa: ANN401 (any JSON)
    """Give a value as people read it: in words, by title, a moment on their clock."""
    if isinstance(one, bool):
        return _("yes") if one else _("no")
    if not isinstance(one, str):
        return one
    if _INSTANT.fullmatch(one):
        return moment(local(side.state, datetime.fromisoformat(one)))
    last = str(change.path[-1])
    words = CODED.get(last, {})
    if last in STANDINGS or change.path[0] == "relations":
        words = VALUES
    if one in words:
        return _(words[one])
    return titles.role(titles.part(one)) if last in PLACED else one
