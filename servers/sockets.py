"""A directory for a Unix socket whose path fits where the kernel keeps it."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from servers.embedded import ServerFailed

LIMIT = 103
"""Bytes of a path in sockaddr_un: 108 on Linux and 104 on macOS, the last a NUL."""

_LONGEST_NAME = "/.s.PGSQL.65535"


def socket_directory(preferred: Path) -> Path:
    """`preferred` if a socket's path in it is short enough, else a private stand-in.

    Raises `ServerFailed` when somebody else has made the stand-in.
    """
    digest = hashlib.sha256(os.fsencode(preferred)).hexdigest()[:12]
    name = f"polder-{os.geteuid()}-{digest}"
    short = Path("/tmp") / name  # noqa: S108 - ours alone, checked below
    for directory in (preferred, Path(tempfile.gettempdir()) / name, short):
        if len(os.fsencode(directory)) + len(_LONGEST_NAME) <= LIMIT:
            return directory if directory == preferred else _own(directory)
    raise AssertionError(short)  # never: `short` is 40 bytes


def leave(directory: Path, preferred: Path) -> None:
    """Remove a stand-in that is no longer used."""
    if directory != preferred and directory.is_dir() and not any(directory.iterdir()):
        directory.rmdir()


def _own(directory: Path) -> Path:
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    # In a directory of everybody's, the name may have been taken to listen in.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServerFailed("PostgreSQL", f"{directory} belongs to someone else")
    directory.chmod(0o700)
    return directory
