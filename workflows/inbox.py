"""The inbox: messages are heard in their order, and no workflow task takes long.

After a worker was away thousands of signals come with one task, and Temporal breaks
off a task that computes for two seconds. So only some are heard at a time. The rest
waits here for the next tasks, and what comes after them waits behind them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from temporalio import workflow
from temporalio.common import RawValue

from domain.errors import DomainError
from workflows.moments import Moments
from workflows.senders import Via
from workflows.standing import Decision, Standing

AT_ONCE: Final = 100
"""Small messages that are heard in one workflow task: about 200 ms of work."""

_ENOUGH: Final = 200
"""While so many events wait for a record that answers, more messages only wait."""

_PATIENCE: Final = timedelta(seconds=1)
"""How long they wait for that, or for a task that comes of itself."""


class Heard(NamedTuple):
    """What came of a message that was obeyed, and the version after it."""

    decision: Decision
    version: int


@dataclass
class Message:
    """An update or a signal; ``outcome`` is None while it waits to be heard."""

    name: str
    args: Sequence[RawValue]
    via: Via
    came: datetime
    outcome: Heard | DomainError | None = None

    @property
    def asked(self) -> tuple[str, Sequence[RawValue], Via]:
        """What it asks, and how it came."""
        return self.name, self.args, self.via


class Inbox:
    """The messages of one dialogue that were not heard yet.

    A replay hears the same ones in the same task.
    """

    def __init__(
        self, standing: Standing, moments: Moments, hear: Callable[[Message], None]
    ) -> None:
        """Nothing waits; each message goes to ``hear`` once a dialogue is there."""
        self._standing = standing
        self._moments = moments
        self._hear = hear
        self._waiting: deque[Message] = deque()
        self._task = 0
        self._heard = 0

    @property
    def is_empty(self) -> bool:
        """Whether every message was heard."""
        return not self._waiting

    def put(self, name: str, args: Sequence[RawValue], via: Via) -> Message:
        """Take in a message; it is heard at once, if nothing stands before it."""
        message = Message(name, args, via, workflow.now())
        self._waiting.append(message)
        if len(self._waiting) == 1:
            self.hear()
        return message

    def hear(self) -> None:
        """Hear what waits, as far as this task may."""
        while self._waiting and self._standing.state is not None and self._has_time():
            self._heard += self._moments.counts_as(_bytes(self._waiting[0]))
            self._hear(self._waiting.popleft())

    async def hear_all(self) -> None:
        """Hear what waits, task after task, for as long as the run lasts."""
        while True:
            await workflow.wait_condition(
                lambda: bool(self._waiting) and self._standing.state is not None
            )
            try:
                await workflow.wait_condition(self._may_hear, timeout=_PATIENCE)
            except TimeoutError:
                workflow.logger.info("%d messages wait", len(self._waiting))
            self.hear()
            self._moments.keep()

    def _may_hear(self) -> bool:
        return self._has_time() and self._standing.ledger.length < _ENOUGH

    def _has_time(self) -> bool:
        task = workflow.info().get_current_history_length()
        if task != self._task:
            self._task, self._heard = task, 0
        return self._heard < AT_ONCE


def _bytes(message: Message) -> int:
    return sum(len(each.payload.data) for each in message.args)
