"""Backups for whoever keeps the servers: made, put back, every refusal explained."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from desk.errors import NotFound, Refused
from desk.reachable import one_line, reaching
from evidence.canonical import JsonValue
from language import mark
from storage import backup, putting_back, swapping
from storage.backup import Database, DirectoryTaken, NotABackup, Places, keys_at
from storage.dumping import BackupFailed, NoProgram, Programs, VersionMismatch
from storage.keys import beside, with_password
from storage.putting_back import KeysTooOld, RecordInPlace, Wish
from storage.swapping import set_aside

MAX_KEY_AGE: Final = backup.MAX_KEY_AGE
"""How old a copy of the vault's keys may become."""

_WHY: Final[Mapping[type[BackupFailed], str]] = {
    DirectoryTaken: mark("A backup goes to a new directory: {problem}."),
    NotABackup: mark("This is no backup that can be used: {problem}."),
    VersionMismatch: mark("The versions of PostgreSQL do not fit: {problem}."),
    NoProgram: mark("PostgreSQL's own programs are needed: {problem}."),
    RecordInPlace: mark(
        "There is a record here already, with {events} events, in the database "
        "{database}. If it is really lost, add --replace. It is then kept under "
        "another name."
    ),
    KeysTooOld: mark(
        "This copy of the keys is {days} days old, and may be {most} at most: what was "
        "erased since could be read again with it. If it can't be otherwise, add "
        "--old-keys, and carry out every later erasure again."
    ),
}
_NO_LEFTOVER: Final = mark(
    "No return set aside a database {name}. See polder db leftovers."
)
_FAILED: Final = mark("The backup failed: {problem}.")


async def back_up(
    database: str,
    keys: str | None,
    places: Places,
    programs: Sequence[Path],
    actor: Mapping[str, JsonValue],
) -> dict[str, Any]:
    """Make a backup; give what it says of itself. Raises `Refused`, `Unreachable`.

    ``keys`` is where the vault's keys are, by default beside the record;
    ``programs`` are directories in which pg_dump may lie.
    """
    with _explained():
        made = await backup.make(
            Database(database),
            keys_at(with_password(keys or beside(database))),
            places,
            Programs(programs),
            actor,
        )
    return made.model_dump(mode="json")


async def put_back(
    database: str,
    keys: str | None,
    places: Places,
    programs: Sequence[Path],
    wish: Wish,
    *,
    actor: Mapping[str, JsonValue],
) -> dict[str, Any]:
    """Put a backup back; give what it was, and what was set aside for it."""
    with _explained():
        done = await putting_back.put_back(
            Database(database),
            keys_at(with_password(keys or beside(database))),
            places,
            Programs(programs),
            wish,
            actor=actor,
        )
    return {**done.fact.model_dump(mode="json"), "setAside": list(done.aside)}


async def left_over(database: str, keys: str | None) -> list[str]:
    """Give the databases that returns set aside. Raises `Unreachable`."""
    with _explained():
        return [name for one in _both(database, keys) for name in await set_aside(one)]


async def drop(database: str, keys: str | None, name: str) -> None:
    """Destroy one of these. Raises `NotFound`, `Unreachable`."""
    with _explained():
        gone = [await swapping.drop(one, name) for one in _both(database, keys)]
    if not any(gone):
        raise NotFound(_NO_LEFTOVER, name=name)


def _both(database: str, keys: str | None) -> tuple[Database, Database]:
    return Database(database), keys_at(with_password(keys or beside(database)))


@contextmanager
def _explained() -> Generator[None]:
    try:
        with reaching():
            yield
    except BackupFailed as error:
        template = _WHY.get(type(error), _FAILED)
        facts = {"problem": one_line(error), **error.facts}
        message = template.format_map(facts)
        name = type(error).__name__
        raise Refused(name, message, facts, template=template) from error
