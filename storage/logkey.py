"""The log's key lies in a file of its own, beside neither the record nor the vault.

Whoever has the database and not this file can change the record, and can't sign for
what it then says. The file holds one private key a line, the last of which signs; the
earlier ones stay, so that it is known whose signatures they were. ``<path>.pub`` holds
the verifier keys, one a line: that file is for everybody.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from evidence.checkpoint import origin_of
from evidence.errors import MalformedKey
from evidence.note import VerifierKey
from evidence.signer import SEED_BYTES, PrivateKey, Signer, make_signer, parse_signer
from storage.errors import BadLogKey, NoLogKey


@dataclass(frozen=True)
class LogKey:
    """The key that signs, and the ones that signed before it, oldest first."""

    signer: Signer = field(repr=False)
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
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        signer = _new(origin_of(log_name or new_log_name()))
        _write(where, [signer], replace=False)
    return read(where)


def read(path: Path | str) -> LogKey:
    """Read the key of a log; raises ``NoLogKey`` and ``BadLogKey``."""
    signers = _signers(Path(path))
    return LogKey(signers[-1], tuple(signer.vkey for signer in signers[:-1]))


def propose(path: Path | str) -> Signer:
    """Return a new key for the log of this file; nothing is written yet."""
    return _new(read(path).vkey.name)


def rotate(path: Path | str, signer: Signer | None = None) -> LogKey:
    """Put a new key in place of the one that signs, which stays known.

    Only the file changes: `storage.rotation.rotate` announces it in the log as well.
    Raises ``NoLogKey`` and ``BadLogKey``.
    """
    where = Path(path)
    held = _signers(where)
    signer = signer or _new(held[-1].vkey.name)
    if signer.vkey not in [one.vkey for one in held]:
        _write(where, [*held, signer], replace=True)
    return read(where)


def public_path(path: Path | str) -> Path:
    """Return where the verifier keys are."""
    return Path(f"{path}.pub")


def _new(name: str) -> Signer:
    try:
        return make_signer(name, secrets.token_bytes(SEED_BYTES))
    except MalformedKey as error:
        raise BadLogKey(f"{name} can't be the name of a log: {error}") from error


def _signers(path: Path) -> list[Signer]:
    try:
        lines = path.read_text("utf-8").split()
    except FileNotFoundError:
        raise NoLogKey(f"the log's key is not in {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadLogKey(f"the log's key in {path} can't be read: {error}") from error
    try:
        signers = [parse_signer(line) for line in lines]
    except MalformedKey as error:
        raise BadLogKey(f"{path}: {error}") from None
    if not signers or len({signer.vkey.name for signer in signers}) != 1:
        raise BadLogKey(f"{path} does not hold the keys of one log")
    return signers


def _write(path: Path, signers: list[Signer], *, replace: bool) -> None:
    secret = "".join(f"{signer.secret()}\n" for signer in signers)
    public = "".join(f"{signer.vkey}\n" for signer in signers)
    beside = _beside(path, secret, 0o600)
    if replace:
        beside.replace(path)
    else:
        try:
            os.link(beside, path)
        except FileExistsError:
            return  # another process was a moment earlier: its key it is
        finally:
            beside.unlink()
    _beside(public_path(path), public, 0o644).replace(public_path(path))


def _beside(path: Path, text: str, mode: int) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return beside
