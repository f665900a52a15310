"""Dialogues of one method share its compiled form: a process keeps each form once.

A compiled method and calendar are frozen, and take ten times the memory of all else
that a dialogue holds. What is shared goes when the last dialogue that has it goes.
"""

from __future__ import annotations

from typing import Final
from weakref import WeakValueDictionary

from domain.calendar import Calendar
from domain.commands import Compiled
from domain.method import Method

_METHODS: Final[WeakValueDictionary[str, Method]] = WeakValueDictionary()
_CALENDARS: Final[WeakValueDictionary[str, Calendar]] = WeakValueDictionary()


def shared(compiled: Compiled) -> Compiled:
    """Give the same compiled forms, each the one that others of its hash have.

    The hashes must have been checked.
    """
    method = _METHODS.setdefault(compiled.method_hash, compiled.method)
    calendar = _CALENDARS.setdefault(compiled.calendar_hash, compiled.calendar)
    return compiled.model_copy(update={"method": method, "calendar": calendar})
