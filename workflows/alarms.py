"""Alarms: timers that wake, re-check what is due, and send the clock's commands.

State holds the absolute instants, so timers may die with their run. Extending a
window leaves the old timer to wake for nothing, rather than restart it on every
message.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from temporalio import workflow

from domain.alarms import CLOCK_ACTOR, due, next_alarm
from domain.clock import real_wait
from domain.facts import OWN_PREFIX
from workflows.standing import Standing
from workflows.tasks import Tasks

_LEAST: Final = timedelta(seconds=1)
"""A timer never fires sooner, whatever a demo clock says."""

_FRUITLESS: Final = timedelta(minutes=1)
"""The same after an alarm whose commands were all refused."""


class Alarms:
    """The timers of one dialogue; at most one is armed for the next alarm."""

    def __init__(
        self,
        standing: Standing,
        tasks: Tasks,
        quiet: Callable[[], bool],
        woke: Callable[[], None],
    ) -> None:
        """Nothing is armed yet; the clock speaks once it is ``quiet``.

        ``woke`` is told of each timer, also of one that wakes for nothing.
        """
        self._standing = standing
        self._woke = woke
        self._tasks = tasks
        self._quiet = quiet
        self._armed: set[datetime] = set()
        self._ringing = False

    def arm(self, least: timedelta = _LEAST) -> None:
        """See to a timer for the next alarm, not sooner than ``least`` from now."""
        state = self._standing.state
        if state is None or self._ringing or self._standing.contradicted:
            return
        alarm = next_alarm(state)
        if alarm is None or (self._armed and min(self._armed) <= alarm):
            return
        self._armed.add(alarm)
        wait = max(real_wait(state.clock, self._standing.now(), alarm), least)
        self._tasks.start(self._ring(alarm, wait), f"alarm {alarm.isoformat()}")

    async def _ring(self, alarm: datetime, wait: timedelta) -> None:
        await workflow.sleep(wait)
        self._woke()
        if not self._quiet():
            # Those who came before the clock are heard before it.
            await workflow.wait_condition(self._quiet)
        self._armed.discard(alarm)
        self.arm(_LEAST if self._send_due() else _FRUITLESS)

    def _send_due(self) -> bool:
        """Send what is due; tell whether all of it was obeyed."""
        self._ringing = True
        standing = self._standing
        obeyed = [
            standing.own(command, name.removeprefix(OWN_PREFIX), CLOCK_ACTOR)
            for name, command in due(standing.known, standing.now())
        ]
        self._ringing = False
        return all(obeyed)
