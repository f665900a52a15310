"""What a dialogue still has to say was erased, or never came: the vault knows."""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import ERASURES, ErasurePart, Erasures
from storage.absent import unnamed
from storage.erasing import approved
from storage.errors import StorageError
from storage.pool import Pool


class Erasing:
    """The activity that looks it up, on one pool of connections."""

    def __init__(self, pool: Pool) -> None:
        """Use ``pool``, whose role reads the vault."""
        self._pool = pool

    @activity.defn(name=ERASURES)
    async def erasures(self, stream: str) -> Erasures:
        """Give what events of this dialogue still have to name; safe to repeat."""
        try:
            decided = await approved(self._pool, stream)
            missing = await unnamed(self._pool, stream)
        except StorageError as error:
            raise ApplicationError(str(error), type=type(error).__name__) from None
        return Erasures(
            parts=tuple(
                ErasurePart(cause=part.cause, paths=part.paths)
                for part in (*missing, *decided)
            )
        )
