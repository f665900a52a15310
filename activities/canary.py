"""The canary's song: a row of the record is written, and read back."""

from __future__ import annotations

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import CANARY, Sung
from storage.errors import StorageError
from storage.pool import Pool
from storage.watching import beat


class Singing:
    """The canary activity, on one pool of connections."""

    def __init__(self, pool: Pool) -> None:
        """Use ``pool``, the one that events go on record by."""
        self._pool = pool

    @activity.defn(name=CANARY)
    async def sing(self) -> Sung:
        """Write and read back, once."""
        try:
            written, read = await beat(self._pool)
        except StorageError as error:
            name = type(error).__name__
            raise ApplicationError(name, type=name) from None
        return Sung(written=written, read=read)
