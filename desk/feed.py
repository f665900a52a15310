"""Events as they are sealed, in the log's order, for everybody who follows.

One connection of this process listens. For each organisation that somebody follows,
what is new is read once, through that organisation's own wall, and the last of it is
kept for all who follow it. Who falls further behind reads for themselves until they are
back: whoever is slow holds nothing but a place, which is a number.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import takewhile
from time import monotonic
from typing import Final

import structlog

from desk.desk import Desk
from desk.errors import DeskError
from desk.happening import Happened, Page, Wanted, read, size
from language import mark
from observing.beside import beside
from storage.errors import StorageError
from storage.listening import SEALED, Bell, listening

RECENT: Final = 500
"""How many events of an organisation are kept for who is nearly there."""

MOST: Final = 1_000
"""How many may follow in one process."""

MOST_EACH: Final = 400
"""How many of them may be of one organisation."""

MOST_OF_ONE: Final = 100
"""How many of those one caller may have, so that others of the house have theirs."""

FULL: Final = mark(
    "As many follow already as this server can serve: come back later, or follow all "
    "dialogues over one connection (/v1/events)."
)

LOOK: Final = 2.0
"""Seconds after which is looked, also when nobody rang."""

_AT_ONCE: Final = 4
"""How many organisations are read at once."""

log = structlog.get_logger()


class TooManyStreams(DeskError):
    """As many follow as may."""


class _Recent:
    """The last events of one organisation: all from ``oldest`` up to ``reached``."""

    def __init__(self, desk: Desk, organisation: str, reached: int) -> None:
        self.reached = self.oldest = reached
        self.news = asyncio.Event()
        self.ended = False
        self.followers = Counter[str]()
        self.desk = desk
        self._all = Wanted(organisation)
        self._events: deque[Happened] = deque()

    async def read(self, sealed: int) -> None:
        """Read what came since; ends where the log is shorter than it was."""
        if sealed < self.reached:
            # A backup was put in its place: what is at these places now is other.
            self.end()
        while self.reached < sealed and not self.ended:
            found = await read(self.desk, self._all, self.reached - 1, sealed)
            self._keep(found)
            self._ring()

    def behind(self, place: int, wanted: Wanted) -> list[Happened]:
        """Give the kept events from a place on that are wanted, in order."""
        newest = takewhile(lambda event: event.leaf >= place, reversed(self._events))
        return [event for event in newest if wanted.takes(event)][::-1]

    def end(self) -> None:
        """Let everybody who follows go."""
        self.ended = True
        self._ring()

    def _keep(self, found: Page) -> None:
        self._events.extend(found.events)
        while len(self._events) > RECENT:
            self.oldest = self._events.popleft().leaf + 1
        self.reached = found.after + 1

    def _ring(self) -> None:
        self.news.set()
        self.news = asyncio.Event()


class Follower:
    """Somebody's place in the events of their organisation."""

    def __init__(self, desk: Desk, recent: _Recent, wanted: Wanted, place: int) -> None:
        """Begin at a leaf."""
        self.place = place
        self._desk = desk
        self._recent = recent
        self._wanted = wanted

    def renew(self, desk: Desk) -> None:
        """Read through this desk from now on: what lets it see does so for a time."""
        self._desk = self._recent.desk = desk

    @property
    def ended(self) -> bool:
        """Whether nothing comes any more here: ask again, behind what came last."""
        return self._recent.ended

    async def next(self, seconds: float) -> list[Happened]:
        """Wait so long for what is next; nothing where nothing came, or it ended."""
        until = monotonic() + seconds
        while not self.ended:
            found = await self._found()
            left = until - monotonic()
            if found or left <= 0:
                return found
            if self.place >= self._recent.reached:
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self._recent.news.wait()
        return []

    async def _found(self) -> list[Happened]:
        recent = self._recent
        if self.place < recent.oldest:
            sealed = recent.reached
            page = await read(self._desk, self._wanted, self.place - 1, sealed)
            self.place = page.after + 1
            return page.events
        found = recent.behind(self.place, self._wanted)
        self.place = max(self.place, recent.reached)
        return found


class Feed:
    """What everybody in this process follows. `feeding` makes one."""

    def __init__(self, desk: Desk) -> None:
        """Use a desk by which the size of the log is read, which is public."""
        self._desk = desk
        self._recent: dict[str, _Recent] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._stopped = False

    @property
    def followers(self) -> int:
        """How many follow at this moment."""
        return sum(recent.followers.total() for recent in self._recent.values())

    def full(self, organisation: str, who: str = "") -> bool:
        """Whether as many follow as may, by one caller, of a house or at all."""
        recent = self._recent.get(organisation)
        if recent is None:
            return self.followers >= MOST
        of_one, own = recent.followers[who], recent.followers.total()
        return of_one >= MOST_OF_ONE or own >= MOST_EACH or self.followers >= MOST

    @asynccontextmanager
    async def following(
        self, desk: Desk, wanted: Wanted, after: int | None = None, who: str = ""
    ) -> AsyncGenerator[Follower]:
        """Follow through an organisation's own desk, behind a leaf or from now on.

        ``who`` is the caller, as their streams are counted. Raises `TooManyStreams`.
        """
        sealed = await size(self._desk)
        name = wanted.organisation
        if self.full(name, who):
            # Many may have asked at the same moment, when there was room for one.
            raise TooManyStreams(FULL)
        recent = self._recent.get(name)
        if recent is None:
            recent = self._recent[name] = _Recent(desk, name, sealed)
            recent.ended = self._stopped
        recent.followers[who] += 1
        try:
            place = sealed if after is None else after + 1
            yield Follower(desk, recent, wanted, place)
        finally:
            recent.followers -= Counter([who])
            if not recent.followers and self._recent.get(name) is recent:
                del self._recent[name]

    def stop(self) -> None:
        """Let everybody go, now and from now on."""
        self._stopped = True
        for recent in self._recent.values():
            recent.end()

    async def run(self, bell: Bell) -> None:
        """Read what is sealed, whenever the bell rings."""
        while True:
            await bell.rung_within(LOOK)
            try:
                await self.look()
            except StorageError as error:
                log.warning("events are not followed", problem=str(error))
            except Exception:
                # Nobody waits for this task: a fault must be seen, and end nothing.
                log.exception("events are not followed")

    async def look(self) -> None:
        """Read what is new for everybody."""
        if self._recent:
            sealed = await size(self._desk)
            every = [*self._recent.values()]
            await asyncio.gather(*(self._read(each, sealed) for each in every))
            ended = [name for name, each in self._recent.items() if each.ended]
            for name in ended:
                del self._recent[name]

    async def _read(self, recent: _Recent, sealed: int) -> None:
        async with self._slots:
            await recent.read(sealed)


@asynccontextmanager
async def feeding(
    desk: Desk, database: str, stopping: asyncio.Event | None = None
) -> AsyncGenerator[Feed]:
    """Follow the log as long as the block lasts, on one connection that listens.

    Everybody is let go when ``stopping`` is set, or at the end.
    """
    feed = Feed(desk)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        bell = await enter(listening(database, SEALED, "polder_api"))
        await enter(beside(feed.run(bell)))
        if stopping is not None:
            await enter(beside(_stop(feed, stopping)))
        try:
            yield feed
        finally:
            feed.stop()


async def _stop(feed: Feed, stopping: asyncio.Event) -> None:
    await stopping.wait()
    feed.stop()
