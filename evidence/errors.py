"""What can be wrong with evidence before it is written: one small tree."""

from __future__ import annotations

import inspect


class EvidenceError(ValueError):
    """The evidence cannot be written or read."""

    def __init__(self, message: str | None = None) -> None:
        """Take ``message``, or the class's docstring where there is none."""
        super().__init__(message or inspect.getdoc(type(self)))


class NotCanonical(EvidenceError):
    """The value has no canonical form."""


class MalformedEvent(EvidenceError):
    """The event does not have the form that the format prescribes."""


class NotInCanonicalForm(EvidenceError):
    """The bytes are not the canonical form of what they say."""


class UnknownVersion(EvidenceError):
    """The event is of a version that this program does not know."""


class BadPrivateField(EvidenceError):
    """A private field does not have the form that the format prescribes."""


class OutsideTree(EvidenceError):
    """The tree has no such leaf or size."""


class MalformedKey(EvidenceError):
    """The text is no verifier key, or one that must not be trusted."""


class MalformedNote(EvidenceError):
    """The bytes are no signed note, or its text cannot stand in one."""


class MalformedCheckpoint(EvidenceError):
    """The text of the note is not that of a checkpoint."""


class BadSignature(EvidenceError):
    """No signature of a key that is trusted holds, or one of them fails."""
