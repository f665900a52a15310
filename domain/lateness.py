"""In time or late: by when a response was received, or by the day it was posted.

Where a method goes by the postmark, a letter is in time that was posted on the last day
at the latest and arrived within some days after it: so Awb art. 6:9(2), which gives a
week. Who runs the process says what the postmark is. Something that adds to a response
in time is no response of its own: whether it may come late is a rule of its own.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.calendar import end_of_day, to_local
from domain.draft import Draft
from domain.errors import DomainError, LateResponse, NotEntitled
from domain.method import Window
from domain.numbers import holds
from domain.rights import may_steer
from domain.state import Dialogue, WindowRun
from domain.terms import last_day
from domain.windows import write_instant


class PostedAfterReceipt(DomainError):
    """A response that was received on {received} can't have been posted on {posted}. Check the postmark."""  # noqa: E501 (the docstring is the message)


class UnknownResponse(DomainError):
    """Feedback window {window} has no response {number}. Its responses are numbered from 1 to {last}."""  # noqa: E501 (the docstring is the message)


class SupplementRefused(DomainError):
    """Feedback window {window} closed at {closed}, and this method takes nothing later that adds to a response."""  # noqa: E501 (the docstring is the message)


def is_late(
    state: Dialogue, window: Window, run: WindowRun, received: datetime, posted: date
) -> bool:
    """Whether a response is late, received then, and posted on a day.

    While the dialogue is paused nothing is late in a window that is open.
    """
    paused = run.status == "open" and state.paused_at is not None
    if received < run.closes or paused:
        return False
    return not _posted_in_time(state, window, run, received, posted)


def _posted_in_time(
    state: Dialogue, window: Window, run: WindowRun, received: datetime, posted: date
) -> bool:
    if window.late_by != "posted":
        return False
    last = last_day(state.calendar, run.closes)
    if posted > last:
        return False
    grace = timedelta(days=window.posted_grace)
    return received < end_of_day(state.calendar, last + grace)


def posted_on(draft: Draft, said: str | None, received: datetime) -> date:
    """Give the day of posting: as was said, else that of receipt."""
    arrived = to_local(draft.state.calendar, received).date()
    if said is None:
        return arrived
    actor, posted = draft.by.actor, date.fromisoformat(said)
    if not may_steer(draft.state, actor):
        raise NotEntitled(role=actor.role, entitled="whoever runs the process")
    if posted > arrived:
        raise PostedAfterReceipt(posted=said, received=arrived.isoformat())
    return posted


def check_late(
    state: Dialogue, name: str, window: Window, run: WindowRun, supplements: int | None
) -> None:
    """Raise where the method's rule refuses this late response."""
    closed = write_instant(run.closes)
    if supplements is not None and not was_late(state, name, supplements):
        if window.supplements == "refuse":
            raise SupplementRefused(window=name, closed=closed)
        return
    if window.late == "refuse":
        raise LateResponse(window=name, closed=closed)


def was_late(state: Dialogue, name: str, number: int) -> bool:
    """Whether a response was late; raises where there is none of this number."""
    last = state.received(name)
    if number > last:
        raise UnknownResponse(window=name, number=number, last=last)
    return any(holds(run.late_ones, number) for run in state.windows[name])
