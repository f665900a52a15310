"""Whether Polder is well: found out by doing, not by looking whether a port is open.

UP is told after a command went the whole way and came back in time (`desk.canary`),
dialogues could be read, and the log keeps up. DEGRADED: reading goes on, but commands
fail or are slow, or what is recorded does not get into the log. DOWN: nothing can be
read. What exactly is wrong is for operators; outsiders hear one word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import structlog

from desk.errors import DeskError
from observing import figures
from storage.errors import StorageError
from storage.pool import Source
from storage.watching import check_readable, seal_delay

if TYPE_CHECKING:
    from temporalio.client import Client

Status = Literal["UP", "DEGRADED", "DOWN"]
Part = Literal["record", "commands", "log"]

EVERY: Final = timedelta(seconds=10)
"""At most so often it is found out; in between the last answer stands."""

PATIENCE: Final = timedelta(seconds=4)
"""What has not come through by then counts as failed."""

SLOW: Final = timedelta(seconds=2)
"""A command that takes longer is slow."""

LATELY: Final = timedelta(minutes=1)
"""An answer so old still says something, to who is told how old it is."""

LATE: Final = timedelta(seconds=30)
"""What waits longer for its place in the log is late."""

log = structlog.get_logger()


class Trouble(NamedTuple):
    """What is wrong, for an operator: with which part, and what."""

    part: Part
    reason: str


class Report(NamedTuple):
    """How Polder was at a moment of `time.monotonic`."""

    status: Status
    troubles: tuple[Trouble, ...]
    at: float

    @property
    def found(self) -> datetime:
        """When it was found out."""
        return datetime.now(UTC) - _age(self)


@dataclass
class Health:
    """Finds out how it is, for one process.

    ``client`` gives a connection to Temporal or raises `Unreachable`; ``source`` is a
    way to the record that meets no wall.
    """

    source: Source
    client: Callable[[], Awaitable[Client]]
    every: timedelta = EVERY
    patience: timedelta = PATIENCE
    late: timedelta = LATE

    def __post_init__(self) -> None:
        """Nobody has asked yet."""
        self._last: Report | None = None
        self._asking: asyncio.Task[Report] | None = None

    async def report(self) -> Report:
        """Say how it is: found out now, or less than ``every`` ago.

        Who asks while it is being found out hears the same. It takes ``patience`` at
        most.
        """
        last = self._last
        if last is not None and _age(last) < self.every:
            return last
        # Whoever goes away does not take the answer from the others.
        return await asyncio.shield(self._found_out())

    async def lately(self) -> Report:
        """Say how it was less than a minute ago, for who is told when that was.

        Where that is older than ``every`` it is being found out for who asks next.
        """
        last = self._last
        if last is None or _age(last) > LATELY:
            return await self.report()
        if _age(last) >= self.every:
            self._found_out()
        return last

    def _found_out(self) -> asyncio.Task[Report]:
        """Begin to find it out, unless somebody does."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._find_out())
        return self._asking

    async def _find_out(self) -> Report:
        parts: dict[Part, Callable[[], Awaitable[str | None]]] = {
            "record": self._record,
            "commands": self._commands,
            "log": self._log,
        }
        found = await asyncio.gather(*(self._asked(ask) for ask in parts.values()))
        troubles = tuple(
            Trouble(part, reason)
            for part, reason in zip(parts, found, strict=True)
            if reason is not None
        )
        report = Report(_status(troubles), troubles, monotonic())
        self._tell(report)
        self._last = report
        return report

    async def _asked(self, ask: Callable[[], Awaitable[str | None]]) -> str | None:
        """Give what is the matter with a part, or None where nothing is."""
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                return await ask()
        except TimeoutError:
            return "no answer in time"
        except (StorageError, DeskError) as error:
            return type(error).__name__
        except Exception as error:
            # A fault of ours is no health either.
            log.exception("health could not be found out")
            return type(error).__name__

    async def _record(self) -> None:
        await check_readable(self.source)

    async def _log(self) -> str | None:
        late = await seal_delay(self.source) > self.late.total_seconds()
        return "late" if late else None

    async def _commands(self) -> str | None:
        # Who only reads loads no Temporal.
        from desk.canary import sing  # noqa: PLC0415

        began = monotonic()
        reason = "no answer"
        try:
            reason = await sing(await self.client(), self.patience)
        finally:
            took = monotonic() - began
            figures.canary(took if reason is None else None)
        return reason or ("slow" if took > SLOW.total_seconds() else None)

    def _tell(self, report: Report) -> None:
        """Log what has changed, once."""
        before = self._last.troubles if self._last else ()
        if report.troubles == before:
            return
        reason = [f"{part}: {said}" for part, said in report.troubles]
        tell = log.warning if reason else log.info
        tell("health", status=report.status, reason=reason)


def _age(report: Report) -> timedelta:
    return timedelta(seconds=monotonic() - report.at)


def _status(troubles: tuple[Trouble, ...]) -> Status:
    if not troubles:
        return "UP"
    return "DOWN" if troubles[0].part == "record" else "DEGRADED"
