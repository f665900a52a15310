"""One long activity seals what comes on record at once and publishes now and then.

Whoever records rings; a look each second finds what came without a ring. Between two
looks is a tenth of a second, or as much more as it takes to seal for a sixth of the
time only: a busy hour makes few checkpoints, and not one for each event. Whoever takes
over from a sealer that died knows nothing of it and needs nothing: what was sealed is
in the log, and what was published last as well.
"""

from __future__ import annotations

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError

from activities.contracts.log import (
    SEAL,
    SEALING,
    SEALING_ID,
    SEALING_QUEUE,
    SealedUpTo,
    SealRequest,
)
from activities.heartbeats import heartbeats
from storage.errors import AppendRefused, NoCensus, StorageError
from storage.incidents import Seen, found_since
from storage.listening import RECORDED, Bell, listening
from storage.logkey import changed_at, read
from storage.open_incidents import tell
from storage.pool import Pool, connection
from storage.proofs import newest
from storage.sealing import Sealer

EVERY: Final = timedelta(seconds=1)
SOON: Final = timedelta(milliseconds=100)
PUBLISH_EVERY: Final = timedelta(hours=1)
_ROUND: Final = 3_600.0
"""Seconds after which the activity returns, whatever happened."""
_REST: Final = 60.0
"""Seconds before what could not be published is tried again."""

_LOOK: Final = 5.0
"""Seconds between two looks for what others published, and for incidents."""

_SHARE: Final = 5
"""How many times as long as sealing took is rested afterwards, up to a second."""

_LOOKS: Final = 2
"""How many looks in a row find nothing before we wait to be called: what rang may stand
behind a transaction that is a few milliseconds from its end."""

log = structlog.get_logger()


class Sealing:
    """The seal activity, for who has the log's key."""

    def __init__(
        self,
        pool: Pool,
        key_path: Path,
        *,
        every: timedelta = EVERY,
        soon: timedelta = SOON,
        publish_every: timedelta = PUBLISH_EVERY,
    ) -> None:
        """Use ``pool``, whose user may become the sealer; raises ``NoLogKey``.

        It looks at least once in ``every``, and no sooner than ``soon`` after a look.
        """
        self._pool = pool
        self._path = key_path
        self._changed = changed_at(key_path)
        self._sealer = Sealer(read(key_path))
        self._every = every.total_seconds()
        self._soon = soon.total_seconds()
        self._in_vain = 0
        self._publish_every = publish_every
        self._seen = Seen()
        self._rests_until = 0.0

    @activity.defn(name=SEAL)
    async def seal(self, request: SealRequest) -> SealedUpTo:
        """Seal until what was published last is not what was passed on last.

        It is older where a backup was put in the place of the record: whoever holds a
        later checkpoint has to see that, and gets what the log signs from now on.
        """
        async with heartbeats(), listening(self._pool, RECORDED) as bell:
            try:
                published = await self._until_published(request.told, bell)
                return SealedUpTo(published=published)
            except StorageError as error:
                log.warning("sealing stopped", problem=str(error))
                name = type(error).__name__
                raise ApplicationError(str(error), type=name) from None

    async def _until_published(self, told: int, bell: Bell) -> int:
        size, due = await self._published()
        end, look = monotonic() + _ROUND, monotonic()
        while size == told and monotonic() < end:
            publish = datetime.now(UTC) >= due and monotonic() >= self._rests_until
            began = monotonic()
            await self._once(publish=publish)
            took = monotonic() - began
            if publish or monotonic() >= look:
                look = monotonic() + _LOOK
                await self._note_incidents()
                size, due = await self._published()
            await self._pause(bell, rest(took, self._soon, self._every))
        return size

    async def _once(self, *, publish: bool) -> None:
        self._renew_key()
        try:
            sealed = await self._sealer.seal(self._pool, publish=publish)
        except NoCensus as error:
            # All else is sealed by now; an operator has to act before this works.
            log.warning("nothing is published", problem=str(error))
            self._rests_until = monotonic() + _REST
            return
        self._in_vain = 0 if sealed else self._in_vain + 1
        if sealed is not None and (sealed.published or sealed.left_out):
            left_out = [f"{each.stream} {each.seq}" for each in sealed.left_out]
            log.info("sealed", size=sealed.size, published=publish, left_out=left_out)

    def _renew_key(self) -> None:
        """Sign with what is in the file now: keys are rotated while we seal."""
        changed = changed_at(self._path)
        if changed != self._changed:
            self._sealer.key = read(self._path)
            self._changed = changed

    async def _published(self) -> tuple[int, datetime]:
        """Return the size that was published last, and when it is time to again."""
        async with connection(self._pool) as conn:
            last = await newest(conn, published=True)
            first = last or await newest(conn)
        if last is not None:
            return last.size, last.at + self._publish_every
        # An empty log has nothing to publish.
        return 0, first.at if first else datetime.max.replace(tzinfo=UTC)

    async def _note_incidents(self) -> None:
        """Say in the log's own stream what contradicted the record, once for each."""
        for incident in await found_since(self._pool, self._seen):
            try:
                await tell(self._pool, incident.stream, incident.kind, incident.id)
            except AppendRefused as error:
                # It stays in the table, and is told when the stream takes it.
                log.warning("an incident is not told", problem=str(error))
                return
            self._seen.note(incident)

    async def _pause(self, bell: Bell, least: float) -> None:
        """Wait for the next turn; let another worker go on when this one stops."""
        await self._rest(asyncio.sleep(least))
        if self._in_vain < _LOOKS:
            return
        if await self._rest(bell.rung(), max(self._every - least, 0)):
            self._in_vain = 0

    async def _rest(
        self, until: Coroutine[Any, Any, None], most: float | None = None
    ) -> bool:
        """Wait for something; false where it did not come in ``most`` seconds.

        Ends where this worker ends.
        """
        stops = asyncio.create_task(activity.wait_for_worker_shutdown())
        comes = asyncio.create_task(until)
        both = {stops, comes}
        try:
            await asyncio.wait(both, timeout=most, return_when=FIRST_COMPLETED)
        finally:
            comes.cancel()
            stops.cancel()
        if activity.is_worker_shutdown():
            message = "this worker stops"
            at_once = timedelta(milliseconds=100)
            raise ApplicationError(
                message, type="WorkerStops", next_retry_delay=at_once
            )
        return comes.done()


def rest(
    took: float,
    soon: float = SOON.total_seconds(),
    most: float = EVERY.total_seconds(),
) -> float:
    """Give the seconds before the next look, after one that took so many."""
    return min(max(soon, _SHARE * took), most)


async def start_sealing(client: Client) -> None:
    """Start the sealer's workflow, unless it runs: then this changes nothing."""
    await client.start_workflow(
        SEALING,
        SealRequest(told=0),
        id=SEALING_ID,
        task_queue=SEALING_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
