"""Recording: a batch of events goes to PostgreSQL, once, however often it is sent."""

from __future__ import annotations

import json
from typing import Final

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
from domain.commands import COMMANDS
from observing.figures import UNKNOWN, recorded, refused
from storage.batch import batch_of
from storage.errors import AppendRefused, DialogueExists, StorageError, Superseded
from storage.pool import Pool
from storage.projecting import Projections
from storage.record import Receipt, append

_REFUSED: Final = "command_refused"

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
        _tell(request, receipt)
        if receipt.missing:
            log.warning(
                "texts missing", stream=request.stream, fields=len(receipt.missing)
            )
        return Appended(seq=receipt.seq, hash=receipt.hash, missing=receipt.missing)


def _tell(request: AppendRequest, receipt: Receipt) -> None:
    """Say what is on record now, in ids and names; count what was not there before."""
    if not receipt.added:
        return
    added = [json.loads(each) for each in request.events[-receipt.added :]]
    for event in added:
        recorded(event["type"])
        if event["type"] == _REFUSED:
            said: dict[str, str | None] = event["data"]
            kind = said.get("name")
            refused(kind if kind in COMMANDS else UNKNOWN, said.get("error") or UNKNOWN)
    log.info(
        "recorded",
        dialogue=request.stream,
        seq=receipt.seq,
        types=[event["type"] for event in added],
        commands=sorted({event["cause"] for event in added}),
    )


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
