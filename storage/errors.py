"""What storage can answer instead of doing what was asked: one tree of errors.

The class says what happened, its docstring is the message where nothing more is
known, its attributes are the facts. ``retry`` says whether the same call can succeed
later without anybody doing anything.
"""

from __future__ import annotations

import inspect
from typing import ClassVar


class StorageError(Exception):
    """Storage could not do what was asked."""

    retry: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        """Take ``message``, or the class's docstring where there is none."""
        super().__init__(message or inspect.getdoc(type(self)))


class Unavailable(StorageError):
    """PostgreSQL cannot be reached, or its answer was lost: the same call may be made
    again, and does no harm if the first one was carried out.
    """

    retry = True


class KeysUnavailable(Unavailable):
    """The database with the keys of the vault cannot be reached: private texts can be
    neither kept nor read; all else goes on.
    """


class AppendRefused(StorageError):
    """The record does not take these events, and will not when they are sent again."""


class BatchTooBig(AppendRefused):
    """The batch is larger than the record takes at once."""


class NotSound(AppendRefused):
    """The events of the batch do not form a chain, or one of them is malformed."""


class OnRecord(AppendRefused):
    """The record holds something else than the sender expects."""

    def __init__(self, stream: str, seq: int, head: str, message: str) -> None:
        """Keep the head of the stream on record: its ``seq`` and hash."""
        self.stream = stream
        self.seq = seq
        self.head = head
        super().__init__(f"{stream}: {message} (on record: event {seq}, {head[:12]}…)")


class Superseded(OnRecord):
    """A dialogue restored later has taken over this stream: this writer must stop."""


class DialogueExists(OnRecord):
    """The stream exists with other events: this dialogue was started before."""


class Incident(OnRecord):
    """What was offered contradicts the record, and an incident was recorded."""

    def __init__(
        self, stream: str, seq: int, head: str, message: str, incident: str
    ) -> None:
        """Keep the id of the incident, under which it is shown."""
        self.incident = incident
        super().__init__(stream, seq, head, f"{message}; incident {incident}")


class Forked(Incident):
    """Another event has this place or this id: the stream takes nothing more."""


class Blocked(Incident):
    """The stream takes nothing until an operator restores the dialogue."""


class Gap(Incident):
    """The events before these are not on record: was an old database put back?"""


class UnknownEpoch(Incident):
    """No restore gave out this epoch: an old record was put back, or it was made up."""


class PrivateValueDiffers(StorageError):
    """The same command already put another private value in this place."""


class Unreadable(StorageError):
    """A value in the vault does not open: it was changed, or put in another place."""


class KeyMissing(Unreadable):
    """A value is in the vault, and its subject's key is not: nobody can read it."""


class UnknownStream(StorageError):
    """No stream of this name is on record."""


class UnknownContent(StorageError):
    """No method or calendar with this hash is on record."""


class SchemaMismatch(StorageError):
    """The schema of the database is not the one this program was made for."""


class SetUpByAnother(SchemaMismatch):
    """Another version of this program set the database up; `number`: what tells so."""

    def __init__(self, message: str, number: int) -> None:
        """``number`` is of the first migration that is not as it is here."""
        super().__init__(message)
        self.number = number


class CauseTaken(AppendRefused):
    """The same cause put another event on record."""


class IdTaken(StorageError):
    """The id stands for the method of another organisation."""


class LogDamaged(StorageError):
    """The log does not continue what was signed: nothing more is signed before an
    operator has looked.
    """


class NoCensus(LogDamaged):
    """The log's own stream takes no census, so that nothing is published. All else is
    sealed.
    """


class MayNotSeal(StorageError):
    """This user of the database may not seal: it has to be in polder_sealer."""


class NoLogKey(StorageError):
    """The log's key is not there."""


class BadLogKey(StorageError):
    """The file of the log's key can't be read, or is that of another log."""


class NoDeskKey(StorageError):
    """The desk's key is not there."""


class BadDeskKey(StorageError):
    """The file of the desk's key can't be read, or holds no key."""


class UnknownCheckpoint(StorageError):
    """The log has no checkpoint of this size."""
