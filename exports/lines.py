"""JSON Lines: a row a line, and the provenance as the last one.

All lines but the last are what the provenance's ``rowsSha256`` covers:
``head -n -1 FILE | sha256sum`` gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidence.canonical import canonical
from exports.rows import Row


class Lines:
    """Writes JSON Lines."""

    def __init__(self, path: Path) -> None:
        """Write to ``path``."""
        self._out = path.open("wb")

    def add(self, row: Row) -> None:
        """Write one row."""
        self._out.write(row.line)

    def finish(self, block: Mapping[str, Any]) -> None:
        """Write the provenance."""
        self._out.write(canonical({"provenance": block}) + b"\n")

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()
