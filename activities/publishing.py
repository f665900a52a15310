"""Each published checkpoint goes to every target, and no target waits for another.

A target has a workflow of its own, so that one that is dead for a month costs one
workflow that tries again, and holds up neither the others nor the sealer. It always
gets the newest checkpoint there is when it is tried, because a checkpoint speaks for
all before it; a directory gets those it missed as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.checkpoint_mail import TooSoon
from activities.contracts.log import (
    CHECKPOINT_PUBLISHED,
    CONTRADICTION,
    NO_TARGET,
    NOT_PUBLISHED,
    PUBLISH,
    PUBLISH_TO,
    PUBLISHING,
    PUBLISHING_QUEUE,
    PublishedTo,
)
from activities.target import Contradiction, Newest, NotPublished, Target
from evidence.checkpoint import parse_checkpoint
from evidence.note import parse_note
from storage.errors import StorageError
from storage.pool import Pool
from storage.publications import (
    Published,
    newest_published,
    note_failed,
    note_known,
    note_published,
)

DIRECTORY = "directory"
"""The target that also takes what came back from the others."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("polder.publishing")


class Publishing:
    """Brings checkpoints to the targets that the settings name."""

    def __init__(self, pool: Pool, targets: Iterable[Target]) -> None:
        """Take the sealer's ``pool``: cosignatures and timestamps are kept by it."""
        self._pool = pool
        self._targets = {target.id: target for target in targets}

    @activity.defn(name=PUBLISH)
    async def publish(self, size: int) -> None:
        """See to it that every target gets a checkpoint of at least ``size``.

        Returns as soon as each has its workflow; safe to repeat.
        """
        await self.wake(activity.client())
        _log.info("checkpoint_published", size=size, targets=len(self._targets))

    def __bool__(self) -> bool:
        """Tell whether there is any target."""
        return bool(self._targets)

    async def wake(self, client: Client) -> None:
        """Let every target look for a checkpoint that is newer than its own."""
        for target in self._targets:
            await note_known(self._pool, target)
            await _wake(client, target)

    async def catch_up(self, client: Client) -> None:
        """Let every target see what it missed. What is away now delays nothing."""
        try:
            await self.wake(client)
        except (StorageError, RPCError) as error:
            _log.warning("no_target_was_woken", problem=str(error))

    @activity.defn(name=PUBLISH_TO)
    async def publish_to(self, target_id: str) -> PublishedTo:
        """Bring the newest checkpoint to one target.

        Raises `ApplicationError`: `NOT_PUBLISHED` and `CONTRADICTION` to be tried
        again, `NO_TARGET` for good. What was wrong is noted for the operator first.
        """
        target = self._targets.get(target_id)
        if target is None:
            raise ApplicationError(
                f"no setting of this worker names {target_id}",
                type=NO_TARGET,
                non_retryable=True,
            )
        found = await newest_published(self._pool)
        if found is None:
            return PublishedTo(target=target_id, size=None)
        try:
            brought = await target.publish(self._pool, _read(found))
        except TooSoon:
            return PublishedTo(target=target_id, size=None)
        except NotPublished as error:
            raise await self._failed(target_id, error) from error
        # At this point the target has it, and only this process knows. Killed here,
        # another tries again, which does no harm.
        await note_published(self._pool, target_id, found.size)
        _log.info("checkpoint_brought", target=target_id, size=found.size)
        if brought and DIRECTORY in self._targets:
            await _wake(activity.client(), DIRECTORY)
        return PublishedTo(target=target_id, size=found.size)

    async def _failed(self, target: str, error: NotPublished) -> ApplicationError:
        contradicts = isinstance(error, Contradiction)
        tell = _log.error if contradicts else _log.warning
        tell("checkpoint_not_brought", target=target, problem=str(error))
        with suppress(StorageError):
            text = str(error)
            await note_failed(self._pool, target, text, contradicts=contradicts)
        return ApplicationError(
            str(error),
            type=CONTRADICTION if contradicts else NOT_PUBLISHED,
            next_retry_delay=error.wait,
        )


def _read(found: Published) -> Newest:
    origin = parse_checkpoint(parse_note(found.note).text).origin
    return Newest(origin, found.size, found.root, found.note, found.at)


async def _wake(client: Client, target: str) -> None:
    """Start the target's workflow, or tell the one that runs to look once more."""
    await client.start_workflow(
        PUBLISHING,
        target,
        id=f"polder:publishing:{target}",
        task_queue=PUBLISHING_QUEUE,
        start_signal=CHECKPOINT_PUBLISHED,
    )
