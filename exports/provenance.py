"""Where an export comes from, so that it can be asked for again and compared.

The block says what was asked, by whom, at which checkpoint, and what came out. It says
no time of making: the same question at the same checkpoint has the same answer, byte
for byte. When somebody asked is in the log of reads.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from exports.rows import Row

FORMAT: Final = "polder-export/1"
SIDECAR: Final = ".provenance.json"
"""What follows the name of an export in the name of the file that vouches for it."""

_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, by whom, of which log."""

    query: str
    """The command that asks it again."""
    filters: Mapping[str, Any]
    by: str
    """The id of the actor who asked."""
    origin: str
    """The origin of the log: ``polder/<log name>``."""
    size: int
    root: str
    """The checkpoint's root, in base64."""
    at: str
    """When the checkpoint was made."""
    opened: bool
    """Whether private texts were opened."""
    gone: int = 0
    """How many sealed events of what was asked about are no longer on record."""


@dataclass(slots=True)
class Tally:
    """What came out, counted while it is written."""

    rows: int = 0
    totals: Counter[str] = field(default_factory=Counter[str])
    _digest: Any = field(default_factory=sha256)

    def add(self, row: Row) -> None:
        """Count one row."""
        self.rows += 1
        self.totals[row.members["type"]] += 1
        self._digest.update(row.line)

    def block(self, asked: Asked) -> dict[str, Any]:
        """Give the provenance block: what was asked, and what came out.

        ``rowsSha256`` covers the canonical lines of all rows, whatever the format.
        """
        return {
            "format": FORMAT,
            "query": asked.query,
            "filters": dict(asked.filters),
            "by": asked.by,
            "opened": asked.opened,
            "checkpoint": {
                "origin": asked.origin,
                "size": asked.size,
                "root": asked.root,
                "at": asked.at,
            },
            "gone": asked.gone,
            "rows": self.rows,
            "totals": dict(sorted(self.totals.items())),
            "rowsSha256": self._digest.hexdigest(),
        }


def vouch(file: Path, name: str, block: Mapping[str, Any]) -> bytes:
    """Give the content of the sidecar: the block, with the SHA-256 of the whole file.

    ``name`` is the name that the file will have.
    """
    own = {"name": name, "bytes": file.stat().st_size, "sha256": digest_of(file)}
    document = {**block, "file": own}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def digest_of(file: Path) -> str:
    """Give the SHA-256 of a file, in hex, as ``sha256sum`` does."""
    digest = sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def vouches(file: Path) -> bool:
    """Tell whether the sidecar beside a file is about exactly this file's bytes."""
    noted = json.loads(file.with_name(file.name + SIDECAR).read_bytes())["file"]
    return (noted["name"], noted["bytes"], noted["sha256"]) == (
        file.name,
        file.stat().st_size,
        digest_of(file),
    )
