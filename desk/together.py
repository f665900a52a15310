"""What comes while something is under way goes together the next time.

So one alone does not wait, and many share a way that costs as much for one: who writes
a file to disk for many calls this a group commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from desk.errors import DeskError
from storage.errors import StorageError

One = TypeVar("One")
Found = TypeVar("Found")
Act: TypeAlias = "Callable[[Sequence[One]], Awaitable[Sequence[Found | Exception]]]"
"""What is done with many: for each, in order, what came of it or what is wrong."""

_Waiting: TypeAlias = "list[tuple[One, asyncio.Future[Found]]]"


class Together(Generic[One, Found]):
    """A place where many go together, at most so many at a time, in their order."""

    def __init__(self, most: int) -> None:
        """Start with nobody there."""
        self._most = most
        self._waiting: _Waiting[One, Found] = []
        self._task: asyncio.Task[None] | None = None

    async def add(self, one: One, act: Act[One, Found]) -> Found:
        """Give what came of this one, or raise what is wrong with it.

        ``act`` is the same for all who meet here.
        """
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((one, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(act))
        return await future

    async def _run(self, act: Act[One, Found]) -> None:
        now: _Waiting[One, Found] = []
        try:
            while self._waiting:
                now, self._waiting = (
                    self._waiting[: self._most],
                    self._waiting[self._most :],
                )
                await _go([each for each in now if not each[1].done()], act)
        except BaseException:
            for _, future in [*now, *self._waiting]:
                future.cancel()
            self._waiting.clear()
            raise


async def _go(now: _Waiting[One, Found], act: Act[One, Found]) -> None:
    """Do it with these; where that fails and not all are to blame, one by one."""
    if not now:
        return
    try:
        found = await act([one for one, _ in now])
    except (DeskError, StorageError) as error:
        found = [error] * len(now)
    except Exception as error:  # noqa: BLE001  (whoever waits is told)
        if len(now) > 1:
            for each in now:
                await _go([each], act)
            return
        found = [error]
    for (_, future), each in zip(now, found, strict=True):
        if future.done():
            continue
        if isinstance(each, Exception):
            future.set_exception(each)
        else:
            future.set_result(each)
