"""The recorder: one batch in flight, in order, tried until it is on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contracts import APPEND, CONTRADICTED, Appended
from domain.alarms import CLOCK_ACTOR
from domain.commands import ErasePersonalData
from domain.facts import Place
from workflows import policies
from workflows.refusals import reason
from workflows.standing import Standing


class Recorder:
    """Records what the ledger holds."""

    def __init__(self, standing: Standing, leaving: Callable[[], bool]) -> None:
        """Give up waiting, not recording, once ``leaving`` holds."""
        self._standing = standing
        self._leaving = leaving

    async def flush(self) -> bool:
        """Record the oldest batch; tell whether the record answered."""
        recording = workflow.start_activity(
            APPEND,
            self._standing.ledger.next_batch(),
            result_type=Appended,
            start_to_close_timeout=policies.APPEND_TIMEOUT,
            retry_policy=policies.APPEND_RETRY,
        )
        await workflow.wait_condition(lambda: recording.done() or self._leaving())
        if not recording.done() and not await _within_grace(recording):
            # At this point the batch may or may not be on record. The next run sends
            # it again: appending is idempotent.
            return False
        try:
            receipt = await recording
        except ActivityError as error:
            self._stop(reason(error))
        else:
            self._standing.ledger.recorded(receipt.seq, receipt.hash)
            note_missing(self._standing, receipt.missing)
            self._standing.unpark()
        return True

    def _stop(self, why: ApplicationError) -> None:
        """Stop for good, or, on a contradiction, refuse until an operator acts."""
        if why.type == CONTRADICTED:
            workflow.logger.error("the record contradicts this dialogue: %s", why)
            self._standing.contradicted = True
        else:
            self._standing.stopped = why


def note_missing(standing: Standing, places: Sequence[Place]) -> None:
    """Say on record that these texts never came: one event for each that lacks some.

    At this point the record has noted it too. A run that is lost before its own event
    is on record does nothing worse than to leave that to the next one (see
    `workflows.erasing`), which says the same under the same cause.
    """
    for seq, those in groupby(places, key=lambda place: place[0]):
        command = ErasePersonalData(paths=tuple(those))
        standing.own(command, f"missing:{seq}", CLOCK_ACTOR)


async def _within_grace(recording: workflow.ActivityHandle[Appended]) -> bool:
    try:
        await workflow.wait_condition(recording.done, timeout=policies.DRAIN_GRACE)
    except TimeoutError:
        return False
    return True
