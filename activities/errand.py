"""One errand: turns for a subscription until there is rest, a pause, or a change.

What was asked for by hand goes first, then what is next in the log. Where a target is
to be left alone for moments only, we wait here; for longer, the workflow does.
"""

from __future__ import annotations

import asyncio
import uuid
from asyncio import FIRST_COMPLETED
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final, NamedTuple

import structlog
from temporalio import activity

from activities.contracts import Delivered
from activities.notification import message_of, test_of
from activities.ourselves import Ourselves
from activities.subscriber import Subscriber, Verdict
from activities.turn import Times, Turn, tried_now
from storage.deliveries import (
    Claimed,
    Settled,
    answer,
    asked_again,
    held,
    one,
    release,
    renew,
    settle,
)
from storage.listening import Bell
from storage.pool import Pool

_ROUND: Final = 3_600.0
"""Seconds after which the activity returns, whatever happened."""

AT_ONCE: Final = Delivered(wait_ms=0)
"""Begin anew: something about the subscription changed."""

OVER: Final = Delivered(over=True)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("polder.delivery")


class Tools(NamedTuple):
    """What an errand is run with."""

    pool: Pool
    ourselves: Ourselves
    times: Times
    take_down: Callable[[str, Bell], None]
    """Has the bell of a subscription rung no more."""


class Errand:
    """One run of the activity: turns until there is rest, a pause, or a change."""

    def __init__(
        self, tools: Tools, id: str, lease: uuid.UUID, subscriber: Subscriber
    ) -> None:
        """Take what a claim gave; nothing is sent before `run`."""
        self._tools = tools
        self._pool = tools.pool
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
        return AT_ONCE

    def _lingers(self) -> float:
        return monotonic() + self._tools.times.linger.total_seconds()

    async def _sat_out(self, stop: Delivered, bell: Bell) -> bool:
        """Wait here where it is not long; false where it is, or there is no more.

        A bell only makes us look: who is to be left alone still is.
        """
        linger = self._tools.times.linger / timedelta(milliseconds=1)
        if stop.over or not stop.wait_ms or stop.wait_ms > linger:
            return False
        await _rung(bell, stop.wait_ms / 1_000)
        return not _stops()

    async def _in_turn(self, to: Claimed) -> Delivered | None:
        """Take a turn; what it gives ends the errand."""
        self._busy = False
        if to.status == "disabled":
            return OVER
        now = datetime.now(UTC)
        if to.retry_at is not None and to.retry_at > now and not self._forgiven:
            return _after(to.retry_at - now)
        self._forgiven = False
        if to.status == "pending":
            return await self._ask_leave(to)
        return await self._turn(to)

    async def _turn(self, to: Claimed) -> Delivered | None:
        """Send what is next, and say what it came to."""
        turn = Turn(self._id, to, self._subscriber, self._tools.ourselves)
        came = await turn.take(self._pool, self._lease, self._tools.times)
        if not came.kept:
            return AT_ONCE
        if came.over:
            _log.warning("subscription_disabled", subscription=self._id)
            return OVER
        self._busy = came.busy
        if came.wait is None:
            return None
        seconds = round(came.wait.total_seconds())
        _log.warning("subscriber_away", subscription=self._id, seconds=seconds)
        return _after(came.wait)

    async def _ask_leave(self, to: Claimed) -> Delivered | None:
        """Begin with the handshake, unless it was agreed that there is none."""
        verdict, rate = Verdict("taken"), to.rate
        if to.handshake:
            verdict, rate = await self._subscriber.handshake()
        settled, wait = self._left(to, verdict)._replace(rate=rate), None
        if verdict.kind == "away" and settled.retry_at is not None:
            wait = settled.retry_at - datetime.now(UTC)
        if not await settle(self._pool, self._id, self._lease, to, settled):
            return AT_ONCE
        if settled.status == "active":
            # The pace that was agreed on holds from the first event on.
            return AT_ONCE
        return OVER if wait is None else _after(wait)

    def _left(self, to: Claimed, verdict: Verdict) -> Settled:
        """Say how a subscription stands after a request that was no turn."""
        now, times = datetime.now(UTC), self._tools.times
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
                ourselves = self._tools.ourselves
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
            message = message_of(leaf, to.format, self._tools.ourselves)
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
            return OVER
        return _after(settled.retry_at - datetime.now(UTC))

    async def _end(self, bell: Bell) -> Delivered:
        """Stop lingering, and miss nothing that was rung meanwhile.

        First the lease goes, so that others ring elsewhere; then the bell, so that we
        do; what rang before that is in the bell.
        """
        await release(self._pool, self._id, self._lease)
        self._tools.take_down(self._id, bell)
        if _stops() or await _rung(bell, 0.01):
            return AT_ONCE
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
