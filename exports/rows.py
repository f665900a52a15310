"""A row is one event with its place in the log: what every format writes.

The canonical line of a row is what the provenance's digest covers, so that exports of
the same events in different formats can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from evidence.canonical import canonical

COLUMNS: Final = (
    "leaf_index",
    "stream",
    "seq",
    "type",
    "at",
    "recorded_at",
    "sealed_at",
    "actor",
    "role",
    "via",
    "mandate",
    "cause",
    "data",
    "private",
    "erased",
    "hash",
)
"""The columns of a table, in order; ``opened`` follows where texts were opened."""

OPENED: Final = "opened"

JSON_COLUMNS: Final = frozenset({"data", "private", "erased", OPENED})
"""Columns that hold JSON: all text that people typed is in one of these."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sealed event."""

    leaf_index: int
    """Its place in the log, from 0."""
    hash: str
    """The event hash, in hex."""
    members: Mapping[str, Any]
    """The event, as in ``docs/audit-format.md``."""
    recorded_at: str
    """When the database recorded it, by the database's clock."""
    sealed_at: str
    """When it got its place in the log, by the database's clock."""
    erased: Mapping[str, int]
    """The private fields that were erased: JSON pointer → seq of the erasure."""
    opened: Mapping[str, str | None] | None = None
    """Private texts by JSON pointer, where they were asked for; None: they were not.

    A text that is in no vault, and was not erased, is None.
    """

    @property
    def line(self) -> bytes:
        """The row as one canonical line of JSON, with its newline."""
        return canonical(self.document) + b"\n"

    @property
    def document(self) -> dict[str, Any]:
        """The row as JSON."""
        told: dict[str, Any] = {
            "erased": dict(self.erased),
            "event": self.members,
            "hash": self.hash,
            "leaf_index": self.leaf_index,
            "recorded_at": self.recorded_at,
            "sealed_at": self.sealed_at,
        }
        return told if self.opened is None else {**told, OPENED: dict(self.opened)}

    @property
    def cells(self) -> tuple[str | int, ...]:
        """The row as the cells of a table, in the order of `columns`."""
        event = self.members
        actor, mandate = event["actor"], event["mandate"]
        told: tuple[str | int, ...] = (
            self.leaf_index,
            event["stream"],
            event["seq"],
            event["type"],
            event["at"],
            self.recorded_at,
            self.sealed_at,
            actor["id"],
            actor["role"],
            actor["via"] or "",
            f"{mandate['stream']}/{mandate['seq']}" if mandate else "",
            event["cause"],
            compact(event["data"]),
            compact(sorted(event["private"])),
            compact(self.erased),
            self.hash,
        )
        return told if self.opened is None else (*told, compact(self.opened))


def columns(*, opened: bool) -> tuple[str, ...]:
    """Give the names of the columns."""
    return (*COLUMNS, OPENED) if opened else COLUMNS


def compact(value: Any) -> str:  # noqa: ANN401 (any JSON)
    """Write a value as canonical JSON."""
    return canonical(value).decode()
