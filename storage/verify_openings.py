"""A commitment is opened by what its own command put in its own place, and no other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

from evidence.canonical import parse_canonical
from evidence.chain import Finding
from evidence.errors import EvidenceError
from evidence.event import commitment
from storage.cipher import Spot
from storage.errors import KeyMissing, Unreadable
from storage.keeping import about, kept_under
from storage.values import opened

ERASED: Final = "personal_data_erased"


class _Place(NamedTuple):
    cause: str
    path: str
    committed: str
    subject: str | None


class Openings:
    """The private fields of one stream, to be compared with the vault."""

    def __init__(self, stream: str) -> None:
        """Begin before the first event."""
        self._stream = stream
        self._private: dict[tuple[int, str], _Place] = {}
        self._erased: set[tuple[int, str]] = set()
        self._secret: Mapping[uuid.UUID, bytes] = {}
        self._lately: AbstractSet[uuid.UUID] = frozenset()

    def note(self, members: Mapping[str, Any]) -> None:
        """Take in what one event keeps private, and what it says was erased.

        Raises ``LookupError``, ``TypeError`` or ``ValueError`` for an erasure that
        names no places.
        """
        seq, cause = members["seq"], kept_under(members)
        subject = about(members)
        for pointer, committed in members["private"].items():
            self._private[seq, pointer] = _Place(cause, pointer, committed, subject)
        if members["type"] == ERASED:
            self._erased |= {(at, path) for at, path in members["data"]["paths"]}

    def check(
        self,
        rows: Sequence[Mapping[str, Any]],
        secret: Mapping[uuid.UUID, bytes],
        lately: AbstractSet[uuid.UUID] = frozenset(),
    ) -> Iterator[Finding]:
        """Compare the fields with all rows that the vault holds for this stream.

        ``secret`` are the keys of those rows, as far as they are there; ``lately``
        those that were destroyed since the rows were read.
        """
        self._secret = secret
        self._lately = lately
        held = {(row["command_id"], row["path"]): row for row in rows}
        for (seq, pointer), place in self._private.items():
            row = held.get((place.cause, pointer))
            problem = self._problem(seq, place, row)
            if problem is not None:
                yield Finding(self._stream, seq, "opening", f"{pointer} {problem}")
        known = {
            (place.cause, pointer, place.committed, seq)
            for (seq, pointer), place in self._private.items()
        }
        for row in rows:
            key = (row["command_id"], row["path"], row["commitment"], row["seq"])
            if row["status"] == "recorded" and key not in known:
                detail = "a value on record belongs to no event"
                yield Finding(self._stream, row["seq"], "opening", detail)

    def _problem(
        self, seq: int, place: _Place, row: Mapping[str, Any] | None
    ) -> str | None:
        if (seq, place.path) in self._erased:
            # Under the same command and place there may be another text, that waits
            # for an event which does not come; and the text of another event, that
            # this one only repeats the commitment of.
            same = (place.committed, seq)
            held = row is not None and (row["commitment"], row["seq"]) == same
            return "was erased, and is still in the vault" if held else None
        if row is None:
            return "is not in the vault, and no event says that it was erased"
        if row["commitment"] != place.committed:
            return "is not in the vault: its command put another value there"
        if row["status"] != "recorded":
            return "is on record, and still pending in the vault"
        if place.subject not in {None, row["subject"]}:
            return "is kept as about another person than the event names"
        return self._reading(row)

    def _reading(self, row: Mapping[str, Any]) -> str | None:
        try:
            opens = self._opens(row, self._plain(row))
        except KeyMissing:
            if row["key_id"] in self._lately:
                return None
            return "can't be read: its key is not there, and it was not erased"
        except Unreadable:
            opens = False
        return None if opens else "does not open: the vault was changed"

    def _plain(self, row: Mapping[str, Any]) -> bytes:
        spot = Spot(self._stream, row["command_id"], row["path"], row["subject"])
        sealed = bytes(row["value"]), row["key_id"], row["nonce"]
        return opened(spot, *sealed, self._secret)

    def _opens(self, row: Mapping[str, Any], plain: bytes) -> bool:
        try:
            value = parse_canonical(plain)
        except EvidenceError:
            return False
        made = commitment(
            salt=bytes(row["salt"]),
            stream=self._stream,
            subject=row["subject"],
            value=value,
        )
        return made == row["commitment"]
