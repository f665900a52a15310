"""One door to all formats: a writer for the name of a format.

A writer takes rows one by one, then the provenance, and is closed whatever happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, get_args

from exports.cloudevents import Batch
from exports.commas import Commas
from exports.lines import Lines
from exports.ocel_json import OcelJson
from exports.ocel_sqlite import OcelSqlite
from exports.rows import Row

Format = Literal["csv", "xlsx", "ocel-json", "ocel-sqlite", "cloudevents", "jsonl"]
FORMATS: tuple[str, ...] = get_args(Format)


class Writer(Protocol):
    """What writes a format."""

    def add(self, row: Row) -> None:
        """Write one row."""
        ...

    def finish(self, block: Mapping[str, Any]) -> None:
        """Write the provenance, where the format has a place for it."""
        ...

    def close(self) -> None:
        """Let go of the file, also after an error."""
        ...


class Manner(NamedTuple):
    """What formats need to know besides the rows."""

    made: datetime
    """The moment of the checkpoint: no file says another."""
    source: str
    """Organisation and system, as a URI, for CloudEvents."""
    words: Mapping[str, str]
    """Headings by column, for people's eyes."""
    opened: bool
    """Whether there is a column with private texts."""


def writer(form: Format, path: Path, manner: Manner) -> Writer:
    """Give the writer of a format, which writes to ``path``."""
    match form:
        case "csv":
            return Commas(path, opened=manner.opened)
        case "xlsx":
            # Loaded where it is needed: half a second that only this format takes.
            from exports.sheets import Sheets  # noqa: PLC0415

            return Sheets(path, manner.made, manner.words, opened=manner.opened)
        case "ocel-json":
            return OcelJson(path)
        case "ocel-sqlite":
            return OcelSqlite(path)
        case "cloudevents":
            return Batch(path, manner.source)
        case "jsonl":
            return Lines(path)
