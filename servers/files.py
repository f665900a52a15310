"""Files that are there whole or not at all, and for our eyes only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: Path, text: str, *, owner: int = -1) -> None:
    """Write a file, mode 0600, that a reader never sees half, as the user `owner`'s.

    After the rename the text is durable; a crash before it leaves what was there.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        # By its handle: in another's directory the name may point elsewhere by now.
        os.fchown(file.fileno(), owner, -1)
        os.fsync(file.fileno())
    beside.replace(path)


def private_directory(path: Path) -> Path:
    """Make a directory that only its owner may enter, if it is not there yet."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
