"""OCEL 2.0 as a SQLite database: specification, section 6 (relational implementation).

A fresh file, written in one transaction in one order: the same rows give the same
bytes with the same version of SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from exports.ocel_log import BEGINNING, Kind, OcelLog, Thing, Value, as_kind
from exports.rows import Row

_COLUMN: Final[Mapping[Kind, str]] = {
    "string": "TEXT",
    "time": "TIMESTAMP",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
}

_TABLES: Final = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT UNIQUE);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT UNIQUE);
CREATE TABLE event (
    ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT REFERENCES event_map_type (ocel_type)
);
CREATE TABLE object (
    ocel_id TEXT PRIMARY KEY,
    ocel_type TEXT REFERENCES object_map_type (ocel_type)
);
CREATE TABLE event_object (
    ocel_event_id TEXT REFERENCES event (ocel_id),
    ocel_object_id TEXT REFERENCES object (ocel_id),
    ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
);
CREATE TABLE object_object (
    ocel_source_id TEXT REFERENCES object (ocel_id),
    ocel_target_id TEXT REFERENCES object (ocel_id),
    ocel_qualifier TEXT,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""


class OcelSqlite:
    """Writes OCEL 2.0 in SQLite; keeps all rows in memory until the end."""

    def __init__(self, path: Path) -> None:
        """Write to ``path``, which must not be there yet."""
        self._path = path
        self._log = OcelLog()

    def add(self, row: Row) -> None:
        """Take in one row."""
        self._log.add(row)

    def finish(self, block: Mapping[str, Any]) -> None:
        """Write the file."""
        self._log.vouch(block)
        database = sqlite3.connect(self._path)
        try:
            database.executescript(f"PRAGMA journal_mode = OFF; BEGIN; {_TABLES}")
            _write(database, self._log)
            database.commit()
        finally:
            database.close()

    def close(self) -> None:
        """Nothing is held open."""


def _write(database: sqlite3.Connection, log: OcelLog) -> None:
    for kind, known in log.event_types().items():
        own = ("ocel_id TEXT PRIMARY KEY REFERENCES event (ocel_id)", "ocel_time")
        _table(database, "event", kind, own, known)
        rows = (
            {"ocel_id": each.id, "ocel_time": each.at, **each.values}
            for each in log.happenings
            if each.kind == kind
        )
        _fill(database, f"event_{named(kind)}", rows, known)
    for kind, known in log.object_types().items():
        own = ("ocel_id TEXT REFERENCES object (ocel_id)", "ocel_time")
        _table(database, "object", kind, (*own, "ocel_changed_field TEXT"), known)
        things = [each for each in log.things.values() if each.kind == kind]
        rows = (row for each in things for row in _moments(each))
        _fill(database, f"object_{named(kind)}", rows, known)
    _relate(database, log)


def _relate(database: sqlite3.Connection, log: OcelLog) -> None:
    happened, there = log.happenings, log.things.values()
    database.executemany(
        "INSERT INTO event VALUES (?, ?)", ((each.id, each.kind) for each in happened)
    )
    database.executemany(
        "INSERT INTO object VALUES (?, ?)", ((each.id, each.kind) for each in there)
    )
    database.executemany(
        "INSERT INTO event_object VALUES (?, ?, ?)",
        ((each.id, *other) for each in happened for other in each.related),
    )
    database.executemany(
        "INSERT INTO object_object VALUES (?, ?, ?)",
        ((each.id, *other) for each in there for other in each.related),
    )


def _table(
    database: sqlite3.Connection,
    what: str,
    kind: str,
    own: Iterable[str],
    known: Mapping[str, Kind],
) -> None:
    """Make the table of one type, and put it on the map."""
    wanted = (f"{quoted(name)} {_COLUMN[type_]}" for name, type_ in known.items())
    columns = ", ".join(
        f"{each} TIMESTAMP" if each == "ocel_time" else each for each in own
    )
    whole = ", ".join((columns, *wanted))
    database.execute(f"CREATE TABLE {quoted(f'{what}_{named(kind)}')} ({whole})")
    insert = f"INSERT INTO {what}_map_type VALUES (?, ?)"  # noqa: S608 (our own word)
    database.execute(insert, (kind, named(kind)))


def _moments(each: Thing) -> list[dict[str, Value | None]]:
    """Give a row with what an object always was, and one for each later change."""
    first: dict[str, Value | None] = {
        "ocel_id": each.id,
        "ocel_time": BEGINNING,
        "ocel_changed_field": None,
    }
    rows = [first]
    for name, at, value in each.values:
        if at == BEGINNING:
            first[name] = value
        else:
            changed: dict[str, Value | None] = {
                "ocel_id": each.id,
                "ocel_time": at,
                "ocel_changed_field": name,
                name: value,
            }
            rows.append(changed)
    return rows


def _fill(
    database: sqlite3.Connection,
    table: str,
    rows: Iterable[Mapping[str, Value | None]],
    known: Mapping[str, Kind],
) -> None:
    for row in rows:
        names = ", ".join(map(quoted, row))
        gaps = ", ".join("?" for _ in row)
        insert = f"INSERT INTO {quoted(table)} ({names}) VALUES ({gaps})"  # noqa: S608
        values = (_told(value, known.get(name)) for name, value in row.items())
        database.execute(insert, tuple(values))


def _told(value: Value | None, kind: Kind | None) -> Value | None:
    return as_kind(value, kind) if value is not None and kind else value


def named(kind: str) -> str:
    """Give the name of a type as part of a table's name: ``WindowOpened``."""
    return "".join(word.capitalize() for word in kind.split("_"))


def quoted(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'
