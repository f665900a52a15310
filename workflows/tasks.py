"""Tasks beside the main loop whose faults are not lost.

An exception in a task that nobody awaits would only be logged, and the dialogue would
go on without its clock or its messages. The main loop asks for it and raises it: the
workflow task fails and is tried again, until a build without the fault is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


class Tasks:
    """Tasks that run beside the main loop, and none before it is `open`.

    What is started before, as a run is made, waits. The SDK makes a run before or after
    the messages of its first task, as it plays or replays; a task begun there would
    give its commands before or after theirs.
    """

    def __init__(self) -> None:
        """None runs yet."""
        self._held: list[tuple[Coroutine[None, None, None], str]] | None = []
        self._running: set[asyncio.Task[None]] = set()
        self.fault: BaseException | None = None

    def start(self, work: Coroutine[None, None, None], name: str) -> None:
        """Start a task; its fault, if it has one, is kept."""
        if self._held is not None:
            self._held.append((work, name))
            return
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def open(self) -> None:
        """Start what waited for it, in order."""
        held, self._held = self._held, None
        for work, name in held or ():
            self.start(work, name)

    def cancel(self) -> None:
        """End what still runs."""
        for task in list(self._running):
            task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.fault = task.exception()
