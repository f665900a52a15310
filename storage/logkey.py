"""The log's key lies in a file of its own, beside neither the record nor the vault.

Whoever has the database and not this file can change the record, and can't sign for
what it then says. The last line is the private key that signs. The lines before it are
the keys that signed earlier, private or verifier keys, so that it is known whose
signatures those are. ``<path>.pub`` holds all verifier keys, for everybody.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from evidence.checkpoint import origin_of
from evidence.errors import MalformedKey
from evidence.note import VerifierKey, parse_key
from evidence.signer import (
    SEED_BYTES,
    PrivateKey,
    Signer,
    is_secret,
    make_signer,
    parse_signer,
)
from storage.errors import BadLogKey, NoLogKey
from storage.keyfile import beside, link


@dataclass(frozen=True)
class LogKey:
    """The key that signs, and the ones that signed before it, oldest first."""

    signer: Signer
    older: tuple[VerifierKey, ...] = ()

    @property
    def vkey(self) -> VerifierKey:
        """What others check the newest signatures with."""
        return self.signer.vkey

    @property
    def private(self) -> PrivateKey:
        """The private key, for `evidence.checkpoint.sign_checkpoint`."""
        return self.signer.private

    @property
    def vkeys(self) -> tuple[VerifierKey, ...]:
        """Every verifier key of the log, the newest last."""
        return (*self.older, self.vkey)


def new_log_name() -> str:
    """Return the name of a log that nobody named."""
    return f"local-{secrets.token_hex(4)}"


def create(path: Path | str, log_name: str | None = None) -> LogKey:
    """Make a key for a log that has none; what is there already stays and is read.

    ``log_name`` is the log's name, without ``polder/``. Raises ``BadLogKey``.
    """
    where = Path(path)
    if not where.exists():
        signer = _new(origin_of(log_name or new_log_name()))
        link(where, f"{signer.secret()}\n")
    key = read(where)
    if not public_path(where).exists():
        _write_public(where, key.vkeys)
    return key


def read(path: Path | str) -> LogKey:
    """Read the key of a log; raises ``NoLogKey`` and ``BadLogKey``."""
    *older, last = _lines(Path(path))
    try:
        signer = parse_signer(last)
        before = tuple(_older(line) for line in older)
    except MalformedKey as error:
        raise BadLogKey(f"{path}: {error}") from None
    if any(key.name != signer.vkey.name for key in before):
        raise BadLogKey(f"{path} does not hold the keys of one log")
    return LogKey(signer, before)


def rotate(path: Path | str) -> LogKey:
    """Put a new key in place of the one that signs, whose verifier key stays.

    Only the file changes: `storage.rotation.rotate` has the log say so as well.
    Raises ``NoLogKey`` and ``BadLogKey``.
    """
    return take(path, propose(path))


def propose(path: Path | str) -> Signer:
    """Return the key that will sign next, made once and kept beside the file.

    Raises ``NoLogKey`` and ``BadLogKey``.
    """
    held, coming = read(path), _next(path)
    if not coming.exists():
        link(coming, _new(held.vkey.name).secret() + "\n")
    return read(coming).signer


def take(path: Path | str, signer: Signer) -> LogKey:
    """Sign with ``signer``, which ``propose`` gave, from now on."""
    held = read(path)
    if signer.vkey not in held.vkeys:
        _write(Path(path), signer, held.vkeys)
    _next(path).unlink(missing_ok=True)
    return read(path)


def changed_at(path: Path | str) -> tuple[int, int]:
    """Return what differs once the file is another; raises ``NoLogKey``."""
    try:
        found = Path(path).stat()
    except OSError:
        raise NoLogKey(f"the log's key is not in {path}") from None
    return found.st_mtime_ns, found.st_ino


def public_path(path: Path | str) -> Path:
    """Return where the verifier keys are."""
    return Path(f"{path}.pub")


def _new(name: str) -> Signer:
    try:
        return make_signer(name, secrets.token_bytes(SEED_BYTES))
    except MalformedKey as error:
        raise BadLogKey(f"{name} can't be the name of a log: {error}") from error


def _next(path: Path | str) -> Path:
    return Path(f"{path}.next")


def _older(line: str) -> VerifierKey:
    # Of a key that signs no more the private half need not be kept.
    return parse_signer(line).vkey if is_secret(line) else parse_key(line)


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8").split()
    except FileNotFoundError:
        raise NoLogKey(f"the log's key is not in {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadLogKey(f"the log's key in {path} can't be read: {error}") from error
    if not lines:
        raise BadLogKey(f"{path} is empty, and no key of a log")
    return lines


def _write(path: Path, signer: Signer, older: tuple[VerifierKey, ...]) -> None:
    lines = "".join(f"{key}\n" for key in older)
    # The public file first: whoever finds a signature finds the key to check it.
    _write_public(path, (*older, signer.vkey))
    beside(path, f"{lines}{signer.secret()}\n", 0o600).replace(path)


def _write_public(path: Path, keys: tuple[VerifierKey, ...]) -> None:
    text = "".join(f"{key}\n" for key in keys)
    beside(public_path(path), text, 0o644).replace(public_path(path))
