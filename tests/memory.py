"""Where servers of tests keep their data: in memory, where there is room for it.

Nothing of it has to outlive a test, and thousands of databases are made and dropped.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psutil

from servers.ground import ground

MEMORY: Final = Path("/dev/shm")
ENOUGH: Final = 1_500_000_000
"""Bytes that have to be free there, and of the machine's memory."""

_PREFIX: Final = "polder-tests-"
_YOUNG: Final = 60
"""Seconds in which a lock may be there that its owner does not hold yet."""


@contextmanager
def in_memory(otherwise: Path, memory: Path = MEMORY) -> Generator[Path]:
    """Give a directory in memory, gone afterwards; without room there ``otherwise``."""
    if not _has_room(memory):
        yield otherwise
        return
    _clear(memory)
    with TemporaryDirectory(prefix=_PREFIX, dir=memory) as made:
        directory, lock = Path(made), Path(f"{made}.lock")
        # Whom PostgreSQL runs as has to pass through.
        directory.chmod(0o711)
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            try:
                yield directory
            finally:
                lock.unlink()


def lay_down(pg: Path, there: Path) -> None:
    """Have the PostgreSQL of a home (its ``pg``) keep its data in a new directory.

    For root alone, whose PostgreSQL runs as somebody else, with its data on the disk.
    """
    pg.mkdir(mode=0o700, parents=True)
    found = ground(pg)
    if found.account:
        shutil.move(found.directory, there)
        shutil.chown(there, found.account)
        (pg / "elsewhere").write_text(str(there))


def _has_room(memory: Path) -> bool:
    if not os.access(memory, os.W_OK | os.X_OK):
        return False
    free = shutil.disk_usage(memory).free
    return min(free, psutil.virtual_memory().available) >= ENOUGH


def _clear(memory: Path) -> None:
    """Remove what runs that were killed left: nobody holds its lock any more."""
    for lock in memory.glob(f"{_PREFIX}*.lock"):
        try:
            if time.time() - lock.stat().st_mtime < _YOUNG:
                continue
            with lock.open() as free:
                fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink()
        except OSError:
            # Held by who lives, another's, or just gone.
            continue
