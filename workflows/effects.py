"""Effects: record first, act second; what came of it is a command again.

One message is sent at a time, once the event that asks for it is on record. A run
that has to hand over first lets the attempt under way come to an end, so that the
next run never sends the same message at the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError, CancelledError

from activities.contracts import NOTIFY, Sent
from domain.clock import to_real
from domain.commands import ReportEffect
from domain.facts import Actor
from domain.state import Dialogue, Effect
from workflows import policies
from workflows.letter import notice
from workflows.refusals import nameable, reason
from workflows.standing import Standing

WORKER_ACTOR: Final = Actor(id="polder", role="clock", via="activity")


class Effects:
    """Carries out the effects that the state holds, oldest first."""

    def __init__(
        self,
        standing: Standing,
        leaving: Callable[[], bool],
        heard: Callable[[], None],
    ) -> None:
        """Start no effect once ``leaving`` holds; say when one was ``heard`` of."""
        self._standing = standing
        self._heard = heard
        self._leaving = leaving
        self._reported: set[tuple[str, int]] = set()
        self.busy = False

    async def perform_all(self) -> None:
        """Carry out effects as they come, for as long as the run lasts."""
        while True:
            await workflow.wait_condition(lambda: self._owed() is not None)
            effect = self._owed()
            if effect is not None:
                self.busy = True
                await self._carry_out(effect)
                self._heard()
                self.busy = False

    def _owed(self) -> Effect | None:
        standing = self._standing
        if standing.state is None or standing.contradicted or self._leaving():
            return None
        recorded = standing.ledger.recorded_seq
        for effect in standing.state.effects.values():
            known = (effect.id, effect.attempt) in self._reported
            if effect.status == "pending" and effect.seq <= recorded and not known:
                return effect
        return None

    async def _carry_out(self, effect: Effect) -> None:
        report = await self._perform(self._standing.known, effect)
        if report is not None:
            # Whatever becomes of the report, the message is not sent again for it.
            self._reported.add((effect.id, effect.attempt))
            name = f"effect:{effect.id}:{effect.attempt}"
            self._standing.own(report, name, WORKER_ACTOR)

    async def _perform(self, state: Dialogue, effect: Effect) -> ReportEffect | None:
        """Send the messages; give what came of it, or None if it was broken off."""
        sending = workflow.start_activity(
            NOTIFY,
            notice(self._standing.stream, state, effect),
            result_type=Sent,
            start_to_close_timeout=policies.NOTIFY_TIMEOUT,
            heartbeat_timeout=policies.NOTIFY_HEARTBEAT,
            schedule_to_close_timeout=self._patience(state),
            retry_policy=policies.NOTIFY_RETRY,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        await workflow.wait_condition(lambda: sending.done() or self._leaving())
        if not sending.done():
            # No attempt follows the one under way, and that one is waited for.
            sending.cancel()
        try:
            return _succeeded(effect, await sending)
        except ActivityError as error:
            if isinstance(error.cause, CancelledError):
                return None
            return _failed(effect, error)
        except asyncio.CancelledError:
            if sending.cancelled():
                return None
            raise

    def _patience(self, state: Dialogue) -> timedelta:
        now = self._standing.now()
        until = to_real(state.clock, now + policies.PATIENCE)
        return max(until - to_real(state.clock, now), policies.LEAST_PATIENCE)


def _succeeded(effect: Effect, sent: Sent) -> ReportEffect:
    return ReportEffect(
        effect=effect.id,
        attempt=effect.attempt,
        succeeded=True,
        sent=sent.sent,
        undeliverable=sent.undeliverable,
        told=sent.told or None,
        untold=sent.untold or None,
    )


def _failed(effect: Effect, error: ActivityError) -> ReportEffect:
    problem = nameable(_snake(reason(error).type)) or "unknown"
    return ReportEffect(
        effect=effect.id, attempt=effect.attempt, succeeded=False, problem=problem
    )


def _snake(name: str | None) -> str:
    letters = (f"_{c.lower()}" if c.isupper() else c for c in name or "")
    return "".join(letters).strip("_")
