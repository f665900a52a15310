"""A desk's key lies in a file of its own, beside the log's: who has it is that desk.

The file holds 32 random bytes in base64. ``<path>.pub`` holds the public key, for
everybody. While a new key takes its place it lies in ``<path>.next``.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from evidence.actor import SEED_BYTES, DeskKey, make_key, parse_secret
from evidence.errors import MalformedKey
from storage.errors import BadDeskKey, NoDeskKey
from storage.keyfile import beside, link


def create(path: Path | str) -> DeskKey:
    """Make a key unless one is there, and read it. Raises ``BadDeskKey``."""
    where = Path(path)
    if not where.exists():
        link(where, f"{_new().secret()}\n")
    key = read(where)
    if not public_path(where).exists():
        _write_public(where, key)
    return key


def read(path: Path | str) -> DeskKey:
    """Read a desk's key; raises ``NoDeskKey`` and ``BadDeskKey``."""
    try:
        return parse_secret(Path(path).read_text("utf-8").strip())
    except FileNotFoundError:
        raise NoDeskKey(f"there is no desk's key in {path}") from None
    except (MalformedKey, OSError, UnicodeDecodeError) as error:
        raise BadDeskKey(f"the desk's key in {path} can't be read: {error}") from None


def propose(path: Path | str) -> DeskKey:
    """Return the key that will sign next, made once and kept beside the file.

    Raises ``NoDeskKey`` and ``BadDeskKey``.
    """
    read(path)
    coming = _next(path)
    if not coming.exists():
        link(coming, f"{_new().secret()}\n")
    return read(coming)


def take(path: Path | str) -> DeskKey:
    """Sign with the key that ``propose`` gave from now on; return it."""
    where, coming = Path(path), _next(path)
    if coming.exists():
        # The public file first: whoever finds a signature finds whose it is.
        _write_public(where, read(coming))
        coming.replace(where)
    return read(where)


def changed_at(path: Path | str) -> tuple[int, int]:
    """Return what differs once the file is another; raises ``NoDeskKey``."""
    try:
        found = Path(path).stat()
    except OSError:
        raise NoDeskKey(f"there is no desk's key in {path}") from None
    return found.st_mtime_ns, found.st_ino


def public_path(path: Path | str) -> Path:
    """Return where the public key is."""
    return Path(f"{path}.pub")


def _new() -> DeskKey:
    return make_key(secrets.token_bytes(SEED_BYTES))


def _next(path: Path | str) -> Path:
    return Path(f"{path}.next")


def _write_public(path: Path, key: DeskKey) -> None:
    beside(public_path(path), f"{key.public}\n", 0o644).replace(public_path(path))
