"""Recording: a batch of events goes to PostgreSQL, once, however often it is sent."""

from __future__ import annotations

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import (
    APPEND,
    CONTRADICTED,
    EXISTS,
    SUPERSEDED,
    Appended,
    AppendRequest,
)
from storage.batch import batch_of
from storage.errors import AppendRefused, DialogueExists, StorageError, Superseded
from storage.pool import Pool
from storage.projecting import Projections
from storage.record import append

log = structlog.get_logger()


class Recording:
    """The append activity, on one pool of connections."""

    def __init__(self, pool: Pool) -> None:
        """Use ``pool``, whose role may append."""
        self._pool = pool
        self._projections = Projections()

    @activity.defn(name=APPEND)
    async def append(self, request: AppendRequest) -> Appended:
        """Append a batch. Durable when it returns; an answer lost is asked again."""
        try:
            receipt = await append(self._pool, batch_of(request), self._projections)
        except AppendRefused as error:
            log.exception("append refused", stream=request.stream)
            raise _final(error) from None
        except StorageError as error:
            log.warning("record unavailable", stream=request.stream)
            name = type(error).__name__
            raise ApplicationError(str(error), type=name) from None
        if receipt.missing:
            log.warning(
                "texts missing", stream=request.stream, fields=len(receipt.missing)
            )
        return Appended(seq=receipt.seq, hash=receipt.hash, missing=receipt.missing)


def _final(error: AppendRefused) -> ApplicationError:
    """Give the refusal as a failure that no retry can mend."""
    match error:
        case Superseded():
            kind = SUPERSEDED
        case DialogueExists():
            kind = EXISTS
        case _:
            kind = CONTRADICTED
    return ApplicationError(str(error), type=kind, non_retryable=True)
