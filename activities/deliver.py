"""Events go to one subscription until there are no more, and a while longer.

Whoever delivers lingers, so that the next event goes out the moment it is sealed and
costs no new task. Everything that it needs to know is in the record: whoever takes over
from a worker that died goes on where that one settled last.
"""

from __future__ import annotations

import asyncio
import uuid
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import DELIVER, Delivered
from activities.notification import message_of, test_of
from activities.ourselves import Ourselves
from activities.outward import Outward
from activities.subscriber import Subscriber, Verdict
from activities.turn import Times, Turn, tried_now
from storage.deliveries import (
    Claimed,
    Settled,
    answer,
    asked_again,
    claim,
    held,
    one,
    release,
    renew,
    settle,
)
from storage.errors import StorageError
from storage.keys import Keys
from storage.listening import Bell
from storage.pool import Pool
from storage.subscriptions import secrets_of

_HEARTBEAT: Final = 2.0
_ROUND: Final = 3_600.0
"""Seconds after which the activity returns, whatever happened."""

_AT_ONCE: Final = Delivered(wait_ms=0)
"""Begin anew: something about the subscription changed."""

_OVER: Final = Delivered(over=True)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("polder.delivery")


class Delivering:
    """Brings events to whoever subscribed to them."""

    def __init__(
        self,
        pool: Pool,
        keys: Keys,
        outward: Outward,
        ourselves: Ourselves,
        times: Times | None = None,
    ) -> None:
        """Use the writer's ``pool``, and the keys of the subscriptions' secrets."""
        self.pool = pool
        self.outward = outward
        self.ourselves = ourselves
        self.times = times or Times()
        self._keys = keys
        self._bells: dict[str, Bell] = {}

    @property
    def under_way(self) -> Collection[str]:
        """The subscriptions that this process delivers to now."""
        return self._bells.keys()

    def ring(self, id: str) -> bool:
        """Say that there may be more for a subscription; false: nobody is with it."""
        bell = self._bells.get(id)
        if bell is None:
            return False
        bell.ring()
        return True

    def take_down(self, id: str, bell: Bell) -> None:
        """Have this bell rung no more."""
        if self._bells.get(id) is bell:
            del self._bells[id]

    @activity.defn(name=DELIVER)
    async def deliver(self, subscription: str) -> Delivered:
        """Send what is next until there is nothing more; see `DELIVER`."""
        bell = self._bells[subscription] = Bell()
        try:
            async with _heartbeats():
                return await self._served(subscription, bell)
        except StorageError as error:
            _log.warning("delivery_stopped", id=subscription, problem=str(error))
            name = type(error).__name__
            raise ApplicationError(str(error), type=name) from None
        finally:
            self.take_down(subscription, bell)

    async def _served(self, id: str, bell: Bell) -> Delivered:
        lease = uuid.uuid4()
        to = await claim(self.pool, id, lease)
        if to is None:
            return _OVER
        secrets = await secrets_of(self.pool, self._keys, to.organisation, id)
        async with self.outward.kept() as line:
            subscriber = Subscriber(line, to, secrets, self.ourselves)
            errand = _Errand(self, id, lease, subscriber)
            try:
                return await errand.run(to, bell)
            finally:
                await release(self.pool, id, lease)


class _Errand:
    """One run of the activity: turns until there is rest, a pause, or a change."""

    def __init__(
        self, house: Delivering, id: str, lease: uuid.UUID, subscriber: Subscriber
    ) -> None:
        self._house = house
        self._pool = house.pool
        self._id = id
        self._lease = lease
        self._subscriber = subscriber
        self._forgiven = False
        self._busy = False

    async def run(self, to: Claimed, bell: Bell) -> Delivered:
        """Deliver until there is nothing more, for a while."""
        end = monotonic() + _ROUND
        lingers = self._lingers()
        known: Claimed | None = to
        while known is not None and not _stops() and monotonic() < end:
            stop = await self._out_of_turn(known) or await self._in_turn(known)
            if stop is not None:
                if not await self._sat_out(stop, bell):
                    return stop
            elif self._busy:
                lingers = self._lingers()
            elif not await _rung(bell, await self._rest(lingers)):
                return await self._end(bell)
            known = await renew(self._pool, self._id, self._lease)
        return _AT_ONCE

    def _lingers(self) -> float:
        return monotonic() + self._house.times.linger.total_seconds()

    async def _sat_out(self, stop: Delivered, bell: Bell) -> bool:
        """Wait here where it is not long; false where it is, or there is no more.

        A bell only makes us look: who is to be left alone still is.
        """
        linger = self._house.times.linger / timedelta(milliseconds=1)
        if stop.over or not stop.wait_ms or stop.wait_ms > linger:
            return False
        await _rung(bell, stop.wait_ms / 1_000)
        return not _stops()

    async def _in_turn(self, to: Claimed) -> Delivered | None:
        """Take a turn; what it gives ends the errand."""
        self._busy = False
        if to.status == "disabled":
            return _OVER
        now = datetime.now(UTC)
        if to.retry_at is not None and to.retry_at > now and not self._forgiven:
            return _after(to.retry_at - now)
        self._forgiven = False
        if to.status == "pending":
            return await self._ask_leave(to)
        turn = Turn(self._id, to, self._subscriber, self._house.ourselves)
        came = await turn.take(self._pool, self._lease, self._house.times)
        if not came.kept:
            return _AT_ONCE
        if came.over:
            _log.warning("subscription_disabled", id=self._id)
            return _OVER
        self._busy = came.busy
        return None if came.wait is None else _after(came.wait)

    async def _ask_leave(self, to: Claimed) -> Delivered | None:
        """Begin with the handshake, unless it was agreed that there is none."""
        verdict, rate = Verdict("taken"), to.rate
        if to.handshake:
            verdict, rate = await self._subscriber.handshake()
        settled, wait = self._left(to, verdict)._replace(rate=rate), None
        if verdict.kind == "away" and settled.retry_at is not None:
            wait = settled.retry_at - datetime.now(UTC)
        if not await settle(self._pool, self._id, self._lease, to, settled):
            return _AT_ONCE
        if settled.status == "active":
            # The pace that was agreed on holds from the first event on.
            return _AT_ONCE
        return _OVER if wait is None else _after(wait)

    def _left(self, to: Claimed, verdict: Verdict) -> Settled:
        """Say how a subscription stands after a request that was no turn."""
        now, times = datetime.now(UTC), self._house.times
        away = verdict.kind != "taken"
        since = (to.failing_since or now) if away else None
        gone = verdict.kind == "gone" or (
            to.status == "pending"
            and since is not None
            and now - since >= times.patience
        )
        pause = times.pause(now - since, verdict.wait) if since and not gone else None
        status = "disabled" if gone else "active" if not away else to.status
        return Settled(
            cursor=to.cursor,
            status=status,
            rate=to.rate,
            problem=verdict.problem[:500] if verdict.problem else None,
            failing_since=since,
            failures=to.failures + 1 if away else 0,
            retry_at=now + pause if pause else None,
            delivered_at=None,
            attempts=(),
            held=(),
            let_go=(),
            given_up=(),
        )

    async def _out_of_turn(self, to: Claimed) -> Delivered | None:
        """Send what somebody asked for: tests always, events once we may."""
        for asked in await asked_again(self._pool, self._id):
            if asked.leaf_index is None:
                at = datetime.now(UTC)
                ourselves = self._house.ourselves
                message = test_of(asked.id, to.organisation, at, to.format, ourselves)
                verdict, tried = await tried_now(self._subscriber, message, None)
                await answer(self._pool, self._id, to, asked, tried)
                self._forgiven |= verdict.kind == "taken"
                continue
            if to.status != "active":
                return None
            leaf = await one(self._pool, to.organisation, asked.leaf_index)
            if leaf is None:
                await answer(self._pool, self._id, to, asked, None)
                continue
            message = message_of(leaf, to.format, self._house.ourselves)
            verdict, tried = await tried_now(self._subscriber, message, leaf)
            if verdict.kind in {"away", "gone"}:
                # It stays asked for: the target is to be left alone first.
                return await self._leave_alone(to, verdict)
            await answer(self._pool, self._id, to, asked, tried)
        return None

    async def _leave_alone(self, to: Claimed, verdict: Verdict) -> Delivered:
        settled = self._left(to, verdict)
        await settle(self._pool, self._id, self._lease, to, settled)
        if settled.retry_at is None:
            return _OVER
        return _after(settled.retry_at - datetime.now(UTC))

    async def _end(self, bell: Bell) -> Delivered:
        """Stop lingering, and miss nothing that was rung meanwhile.

        First the lease goes, so that others ring elsewhere; then the bell, so that we
        do; what rang before that is in the bell.
        """
        await release(self._pool, self._id, self._lease)
        self._house.take_down(self._id, bell)
        if _stops() or await _rung(bell, 0.01):
            return _AT_ONCE
        retry = await self._retry()
        return Delivered() if retry is None else _after(retry)

    async def _rest(self, lingers: float) -> float:
        """Give how many seconds to wait for more: until a dialogue can be tried."""
        retry = await self._retry()
        rest = lingers - monotonic()
        return max(rest if retry is None else min(rest, retry.total_seconds()), 0)

    async def _retry(self) -> timedelta | None:
        """Give in how long the first dialogue that is held can be tried again."""
        waiting = await held(self._pool, self._id)
        retries = [each.retry_at for each in waiting if each.retry_at is not None]
        return min(retries) - datetime.now(UTC) if retries else None


def _after(wait: timedelta) -> Delivered:
    return Delivered(wait_ms=max(round(wait.total_seconds() * 1_000), 1))


async def _rung(bell: Bell, seconds: float) -> bool:
    """Wait for more; false where it did not come in time, or this worker stops."""
    comes = asyncio.create_task(bell.rung())
    stops = asyncio.create_task(activity.wait_for_worker_shutdown())
    try:
        await asyncio.wait({comes, stops}, timeout=seconds, return_when=FIRST_COMPLETED)
    finally:
        comes.cancel()
        stops.cancel()
    return comes.done() and not _stops()


def _stops() -> bool:
    return activity.is_worker_shutdown()


@asynccontextmanager
async def _heartbeats() -> AsyncGenerator[None]:
    """Say that we live, also while a target is slow."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_HEARTBEAT)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
