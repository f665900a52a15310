"""What the clock will do, and when: it sends commands like anybody else.

A command of the clock has an id made from what it is for, so that a clock that wakes
twice does one thing once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.agreement_facts import RemindAgreement
from domain.commands import CloseWindow, RemindWindow
from domain.facts import Actor
from domain.harvest_alarms import agreement_alarms, agreement_moments
from domain.method import CLOCK
from domain.state import Dialogue

CLOCK_ACTOR = Actor(id="polder", role=CLOCK, via="timer")


Alarm = CloseWindow | RemindWindow | RemindAgreement
"""What the clock can send."""


def next_alarm(state: Dialogue) -> datetime | None:
    """Give the first instant, in dialogue time, at which something falls due."""
    windows = (moment for moment, _, _ in _window_alarms(state))
    return min((*agreement_moments(state), *windows), default=None)


def due(state: Dialogue, now: datetime) -> tuple[tuple[str, Alarm], ...]:
    """Give the commands that are due at ``now``, each with its id, earliest first.

    A window whose time is over only closes: it is too late to remind anybody.
    """
    ready = sorted(
        (alarm for alarm in _alarms(state) if alarm[0] <= now),
        key=lambda alarm: (alarm[0], alarm[1]),
    )
    over = {c.window for _, _, c in ready if isinstance(c, CloseWindow)}
    return tuple(
        (name, command)
        for _, name, command in ready
        if not isinstance(command, RemindWindow) or command.window not in over
    )


def _alarms(state: Dialogue) -> Iterator[tuple[datetime, str, Alarm]]:
    yield from agreement_alarms(state)
    yield from _window_alarms(state)


def _window_alarms(
    state: Dialogue,
) -> Iterator[tuple[datetime, str, CloseWindow | RemindWindow]]:
    if state.status != "running":
        return
    for window, run in state.open_windows().items():
        mark = f"{window}:{run.run}:{run.generation}"
        close = CloseWindow(window=window, generation=run.generation)
        yield run.closes, f"polder:close:{mark}", close
        if run.reminders and run.reminders[0] < run.closes:
            first = run.reminders[0]
            remind = RemindWindow(window=window, generation=run.generation)
            yield first, f"polder:remind:{mark}:{first:%Y%m%dT%H%M%S}", remind
