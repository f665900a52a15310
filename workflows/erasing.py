"""A dialogue that runs says itself what was erased; what that is, the vault tells it.

Nobody can send an erasure: the signal that comes in here says only that there may be
something to look up. So who can reach Temporal, and not the vault, can't have anything
declared to be erased.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.contracts import ERASURES, LOOK_FOR_ERASURES, Erasures
from domain.commands import ErasePersonalData
from domain.facts import OWN_PREFIX, Actor
from workflows import policies
from workflows.standing import Standing

LOOK_UP: Final = LOOK_FOR_ERASURES
"""The signal's name; what it carries is not read."""

_CLOCK: Final = Actor(id="polder", role="clock", via="timer")


class Erasing:
    """Looks up what was decided to be erased in one dialogue, when it is told to.

    ``busy`` while it asks, so that a run does not hand over in between. What it was
    told and did not do yet is not carried on: whoever tells it tells it again, until
    the event is on record.
    """

    def __init__(self, standing: Standing, heard: Callable[[], None]) -> None:
        """Nothing was asked yet; say when an answer was ``heard``."""
        self._standing = standing
        self._heard = heard
        self._asked = False
        self.busy = False

    def ask(self) -> None:
        """Note that there may be something to look up."""
        self._asked = True

    async def carry_out(self) -> None:
        """Look up and note, whenever asked, for as long as the run lasts."""
        while True:
            await workflow.wait_condition(lambda: self._asked and self._may_note())
            self._asked, self.busy = False, True
            for command, cause in await self._looked_up():
                # At this point the texts are still in the vault: they go with the
                # event, when that is on record. A repeat of a cause does nothing.
                name = cause.removeprefix(OWN_PREFIX)
                self._standing.own(command, name, _CLOCK)
            self._heard()
            self.busy = False

    def _may_note(self) -> bool:
        return self._standing.state is not None and not self._standing.contradicted

    async def _looked_up(self) -> list[tuple[ErasePersonalData, str]]:
        try:
            found = await workflow.execute_activity(
                ERASURES,
                self._standing.stream,
                result_type=Erasures,
                start_to_close_timeout=policies.ERASURES_TIMEOUT,
                schedule_to_close_timeout=policies.ERASURES_PATIENCE,
            )
        except ActivityError:
            return []  # whoever told us comes back
        return [
            (ErasePersonalData(paths=part.paths), part.cause) for part in found.parts
        ]
