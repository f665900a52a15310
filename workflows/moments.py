"""Moments: what a task reads of clock and history, its replay reads too.

Temporal may replay a workflow task that gave no command as one with the next, with the
next one's time and its signals first (sdk-rust issues 1146 and 1606), and a task that
only refused an update is in no history. What such a task read, the time of an event or
how long the history is, a replay would read otherwise: its events would have another
hash than those on record, or it would hand over sooner. So every task that hears
anything leaves a mark, if it leaves nothing else, and how long the history is, is read
in no other.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from temporalio import workflow

from workflows.standing import Standing

_MARK: Final = {"polder": None}
"""Takes a memo away that is not there: a command without consequences."""

_SMALL: Final = 1_024
"""Bytes of a message that counts as one."""


class Moments:
    """What may be known of a run's history, by the last task that left a trace.

    ``unmarked`` is a run that began under a build that left no marks.
    """

    def __init__(self, standing: Standing, *, unmarked: bool) -> None:
        """Begin: in a run's first task, to which every patch leaves a trace."""
        self._standing = standing
        self._unmarked = unmarked
        self._away = False
        self._marked = workflow.info().get_current_history_length()
        self._length = 0
        self._suggested = False

    @contextmanager
    def away(self) -> Generator[None]:
        """While the main loop does this, it records nothing else.

        At any other moment what waits for the record is sent to it in the same task,
        and that is trace enough.
        """
        self._away = True
        try:
            yield
        finally:
            self._away = False

    def keep(self) -> None:
        """Leave a mark in this task, unless the main loop will record something."""
        if self._unmarked or (self._standing.waits and not self._away):
            return
        length = workflow.info().get_current_history_length()
        if length != self._marked:
            self._marked = length
            workflow.upsert_memo(_MARK)
        self.look()

    def look(self) -> None:
        """See how long the history is, in a task that leaves a trace anyway."""
        info = workflow.info()
        self._length = info.get_current_history_length()
        self._suggested = (
            info.is_continue_as_new_suggested()
            or info.is_target_worker_deployment_version_changed()
        )

    @property
    def suggested(self) -> bool:
        """Whether Temporal suggests to hand over to a next run."""
        if self._unmarked:
            self.look()
        return self._suggested

    @property
    def length(self) -> int:
        """How many events the history has."""
        if self._unmarked:
            self.look()
        return self._length

    def counts_as(self, size: int) -> int:
        """Say as how many small messages one of so many bytes counts.

        To read it takes as long as it is large.
        """
        return 1 if self._unmarked else 1 + size // _SMALL
