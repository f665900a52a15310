"""A place out of reach: whoever owns the database has no hold on what lies there.

What every kind of target promises: ``publish`` returns once the checkpoint is durable
over there, may be called again with the same checkpoint and does no harm then, and
raises `NotPublished` when it did not come so far. Targets know nothing of each other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple, Protocol

from storage.pool import Pool


class BadTarget(ValueError):
    """A setting of where checkpoints go can't be used; the message names it."""


class NotPublished(Exception):
    """The target did not take the checkpoint, and may take it later."""

    def __init__(self, message: str, *, wait: timedelta | None = None) -> None:
        """``wait`` is how long the target asks to be left alone."""
        self.wait = wait
        super().__init__(message)


class Contradiction(NotPublished):
    """The target holds what this log can't have signed: was an old record put back?"""


class Newest(NamedTuple):
    """The newest checkpoint that was published."""

    origin: str
    size: int
    root: bytes
    note: bytes
    """As the log signed it, without cosignatures."""
    at: datetime


class Target(Protocol):
    """Somewhere that checkpoints go."""

    @property
    def id(self) -> str:
        """What it is known by, in the record and to Temporal: no secret, no person."""
        ...

    async def publish(self, pool: Pool, newest: Newest) -> bool:
        """Bring ``newest`` there; tell whether something came back to keep.

        What came back, a cosignature or a timestamp, is stored when this returns.
        """
        ...


def told_of(newest: Newest, *more: str) -> str:
    """Give what tells a checkpoint from every other one, in hex; ``more`` is to whom.

    Its root is part of it: a log that was put back can have another one of this size.
    """
    parts = ("checkpoint", newest.origin, str(newest.size), newest.root.hex(), *more)
    return sha256("\0".join(parts).encode()).hexdigest()


def short_hash(text: str) -> str:
    """Tell two targets apart without saying what they are."""
    return sha256(text.encode()).hexdigest()[:8]
