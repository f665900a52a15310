"""Where servers of tests keep their data: in memory, where there is room for it.

Nothing of it has to outlive a test, and thousands of databases are made and dropped.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import psutil

from servers.ground import ground

MEMORY: Final = Path("/dev/shm")
ENOUGH: Final = 1_000_000_000
"""Bytes for each process of tests, that have to be free there and of all memory."""

_PREFIX: Final = "polder-tests-"
_YOUNG: Final = 60
"""Seconds in which a directory may have a lock that its owner does not hold yet."""


@contextmanager
def in_memory(otherwise: Path, memory: Path = MEMORY) -> Generator[Path]:
    """Give a directory in memory, gone afterwards; without room there ``otherwise``."""
    if not _has_room(memory):
        yield otherwise
        return
    _clear(memory)
    directory = Path(mkdtemp(prefix=_PREFIX, dir=memory))
    # Whom PostgreSQL runs as has to pass through.
    directory.chmod(0o711)
    with _lock_of(directory).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield directory
        finally:
            _remove(directory)


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
    everybody = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return min(free, psutil.virtual_memory().available) >= ENOUGH * everybody


def _clear(memory: Path) -> None:
    """Remove what runs that were killed left: nobody holds its lock any more."""
    for directory in _made_in(memory):
        # What was just made may have a lock that its owner does not hold yet.
        with suppress(OSError):
            if time.time() - directory.stat().st_mtime < _YOUNG:
                continue
            with _lock_of(directory).open("a") as free:
                fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(directory)


def _made_in(memory: Path) -> list[Path]:
    return [each for each in memory.glob(f"{_PREFIX}*") if each.suffix != ".lock"]


def _remove(directory: Path) -> None:
    """Remove a directory, and its lock last: what has none is looked for by nobody."""
    shutil.rmtree(directory, ignore_errors=True)
    if not directory.exists():
        _lock_of(directory).unlink(missing_ok=True)


def _lock_of(directory: Path) -> Path:
    return directory.with_name(f"{directory.name}.lock")
