"""One turn: what is next goes out, dialogues side by side, each in its own order.

A dialogue of which one event is not taken is held from there on, and no other one waits
for it; where the target takes nothing at all, the turn ends. What became of each event
is settled at the end, in one transaction: killed before that, it is all sent once more.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from activities.notification import Message, message_of
from activities.ourselves import Ourselves
from activities.subscriber import Subscriber, Verdict
from observing.figures import delivered
from storage.deliveries import (
    Claimed,
    Held,
    Leaf,
    Settled,
    Tried,
    held,
    of_stream,
    page,
    settle,
    size,
)
from storage.pool import Source

LANES: Final = 8
"""How many dialogues go side by side."""

PAGE: Final = 200
"""Events of one turn; what is sent twice where a worker dies is at most this."""

_TURN: Final = 5.0
"""Seconds after which a turn begins no other request, so that who changes something
about a subscription is heard, however slow it is."""

MOST_HELD: Final = 100
"""Dialogues that are held before no other is begun: then it is more than one event."""

_SHARE: Final = 0.25
"""The part of the time that it was away that a target is left alone: who was away for
an hour is back within a quarter of one."""

_JITTER: Final = 0.1


class Times(NamedTuple):
    """How long a subscription is left alone, tried, and waited for."""

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(hours=1)
    patience: timedelta = timedelta(days=3)
    """For how long an event is tried before it is a dead letter."""
    linger: timedelta = timedelta(seconds=20)
    """How long who delivered waits for more before it rests."""

    def pause(self, away: timedelta, asked: timedelta | None = None) -> timedelta:
        """Give how long to leave alone what does not work for so long already."""
        pause = min(max(away * _SHARE, self.first), self.longest)
        pause *= 1 + _JITTER * random.random()  # noqa: S311  (it spreads load, no more)
        return max(pause, asked) if asked else pause


@dataclass
class Lane:
    """The next events of one dialogue; ``whole`` if these are all there are now."""

    stream: str
    leaves: Sequence[Leaf]
    held: Held | None = None
    whole: bool = True
    done: int = 0
    verdict: Verdict | None = None

    @property
    def undone(self) -> Sequence[Leaf]:
        """What was not taken."""
        return self.leaves[self.done :]


class Came(NamedTuple):
    """What came of a turn; with ``wait`` the target is to be left alone for so long."""

    kept: bool
    """Whether it was settled: if not, another has taken over."""
    busy: bool
    """Whether there may be more to do at once."""
    wait: timedelta | None = None
    over: bool = False


@dataclass
class _Sums:
    attempts: list[Tried] = field(default_factory=list[Tried])
    held: list[Held] = field(default_factory=list[Held])
    let_go: list[str] = field(default_factory=list[str])
    given_up: list[tuple[Leaf, str]] = field(default_factory=list[tuple[Leaf, str]])
    taken: datetime | None = None
    problem: str | None = None


class Turn:
    """One turn of one subscription."""

    def __init__(
        self, id: str, to: Claimed, subscriber: Subscriber, ourselves: Ourselves
    ) -> None:
        """Nothing happens before `take`."""
        self._id = id
        self._to = to
        self._subscriber = subscriber
        self._ourselves = ourselves
        self._away: Verdict | None = None
        self._sums = _Sums()
        self._ends = time.monotonic() + _TURN
        # One request tells whether a target that was away is back.
        self._side_by_side = asyncio.Semaphore(1 if to.failing_since else LANES)

    async def take(self, source: Source, lease: uuid.UUID, times: Times) -> Came:
        """Send what is next, and settle it."""
        stop = await size(source)
        lanes, cursor = await self._lanes(source, stop)
        if not lanes and cursor == self._to.cursor:
            return Came(kept=True, busy=False)
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(self._send(lane))
        now = datetime.now(UTC)
        for lane in lanes:
            self._judge(lane, now, times)
        settled, wait = self._settled(cursor, now, times)
        # At this point the target has what it took, and only this process knows. Killed
        # here, another sends it once more, with the same ids.
        kept = await settle(source, self._id, lease, self._to, settled)
        for _ in self._sums.given_up:
            delivered("dead")
        over = settled.status == "disabled"
        # What was given up makes room: the next is looked at before there is a pause.
        pause = None if self._sums.given_up else wait
        return Came(kept, busy=bool(lanes), wait=pause, over=over)

    async def _lanes(self, source: Source, stop: int) -> tuple[list[Lane], int]:
        waiting = await held(source, self._id)
        cursor, leaves = self._to.cursor, list[Leaf]()
        if len(waiting) < MOST_HELD:
            skipped = [each.stream for each in waiting]
            leaves = await page(source, self._to, stop, skipped, PAGE)
            full = len(leaves) == PAGE
            cursor = leaves[-1].leaf_index + 1 if full else max(stop, cursor)
        lanes = await self._held_lanes(source, waiting, cursor)
        by_stream: dict[str, list[Leaf]] = {}
        for leaf in leaves:
            by_stream.setdefault(leaf.stream, []).append(leaf)
        lanes += [Lane(stream, found) for stream, found in by_stream.items()]
        return lanes, cursor

    async def _held_lanes(
        self, source: Source, waiting: Sequence[Held], stop: int
    ) -> list[Lane]:
        """Give those that are held and may be tried, up to where the others are."""
        now = datetime.now(UTC)
        due = [e for e in waiting if e.retry_at is None or e.retry_at <= now][:LANES]
        found = [await of_stream(source, self._to, each, stop, PAGE) for each in due]
        return [
            Lane(each.stream, leaves, each, whole=len(leaves) < PAGE)
            for each, leaves in zip(due, found, strict=True)
        ]

    async def _send(self, lane: Lane) -> None:
        async with self._side_by_side:
            for leaf in lane.leaves:
                if self._away is not None or time.monotonic() > self._ends:
                    return
                message = message_of(leaf, self._to.format, self._ourselves)
                verdict, tried = await tried_now(self._subscriber, message, leaf)
                self._sums.attempts.append(tried)
                if verdict.kind != "taken":
                    lane.verdict = verdict
                    if verdict.kind != "refused":
                        self._away = verdict
                    return
                lane.done += 1
                self._sums.taken = tried.at

    def _judge(self, lane: Lane, now: datetime, times: Times) -> None:
        """Say from where on a dialogue is held, if it is."""
        rest = list(lane.undone)
        if lane.verdict is not None and lane.verdict.kind == "refused":
            again = self._refused(lane, rest[0], lane.verdict, now, times)
            if again is not None:
                self._sums.held.append(again)
                return
            rest = rest[1:]
        elif self._away is not None:
            rest = self._still_good(rest, now, times)
        last = lane.leaves[-1].leaf_index + 1 if lane.leaves else None
        if rest:
            self._sums.held.append(Held(lane.stream, rest[0].leaf_index))
        elif not lane.whole and last is not None:
            self._sums.held.append(Held(lane.stream, last))
        elif lane.held is not None:
            self._sums.let_go.append(lane.stream)

    @property
    def _away_since(self) -> datetime | None:
        """Since when it takes nothing, as far as it was known before this turn."""
        return None if self._sums.taken else self._to.failing_since

    def _refused(
        self, lane: Lane, leaf: Leaf, verdict: Verdict, now: datetime, times: Times
    ) -> Held | None:
        """Hold a dialogue at the event that is refused; None once that is given up."""
        before = lane.held if lane.done == 0 else None
        since = (before and before.since) or now
        problem = self._sums.problem = verdict.problem or "?"
        if now - since >= times.patience:
            self._sums.given_up.append((leaf, problem))
            return None
        failures = before.failures + 1 if before else 1
        retry_at = now + times.pause(now - since, verdict.wait)
        return Held(lane.stream, leaf.leaf_index, since, failures, retry_at)

    def _still_good(
        self, rest: Sequence[Leaf], now: datetime, times: Times
    ) -> list[Leaf]:
        """Give up what waited too long for a target that is away; give the others."""
        since, why = self._away_since, self._away
        if since is None or why is None or why.kind == "gone":
            return list(rest)
        late = now - times.patience
        dead = [leaf for leaf in rest if max(leaf.sealed_at, since) <= late]
        self._sums.given_up += [(leaf, why.problem or "?") for leaf in dead]
        return list(rest[len(dead) :])

    def _settled(
        self, cursor: int, now: datetime, times: Times
    ) -> tuple[Settled, timedelta | None]:
        """Sum up; with how long the target is to be left alone."""
        away, sums, to = self._away, self._sums, self._to
        since = (self._away_since or now) if away else None
        wait = times.pause(now - since, away.wait) if away and since else None
        settled = Settled(
            cursor=cursor,
            status="disabled" if away and away.kind == "gone" else to.status,
            rate=to.rate,
            problem=away.problem if away else sums.problem,
            failing_since=since,
            failures=(to.failures if self._away_since else 0) + 1 if away else 0,
            retry_at=now + wait if wait else None,
            delivered_at=sums.taken,
            attempts=sums.attempts,
            held=sums.held,
            let_go=sums.let_go,
            given_up=sums.given_up,
        )
        return settled, wait


async def tried_now(
    subscriber: Subscriber, message: Message, leaf: Leaf | None
) -> tuple[Verdict, Tried]:
    """Send a message; give the verdict, and the attempt to note."""
    at, began = datetime.now(UTC), time.monotonic()
    verdict = await subscriber.send(message)
    delivered(verdict.kind)
    taken = round((time.monotonic() - began) * 1_000)
    outcome = "delivered" if verdict.kind == "taken" else "failed"
    problem = verdict.problem[:500] if verdict.problem else None
    status = verdict.status
    return verdict, Tried(
        leaf, message.id, message.type, at, taken, outcome, status, problem
    )
