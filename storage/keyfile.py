"""Files that hold a key: written whole or not at all, and read by their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def link(path: Path, text: str) -> None:
    """Write a secret file unless it is there: of two at once, one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = beside(path, text, 0o600)
    try:
        os.link(written, path)
    except FileExistsError:
        pass  # another process was a moment earlier: its key it is
    finally:
        written.unlink()


def beside(path: Path, text: str, mode: int) -> Path:
    """Write a new file in the same directory, to be put in the place of ``path``."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, mode)  # whatever the mask of this process
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return new
