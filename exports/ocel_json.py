"""OCEL 2.0 as JSON: ocel-standard.org, "Formats: JSON", and its schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from exports.ocel_log import Happening, Kind, OcelLog, Thing, as_kind
from exports.rows import Row


class OcelJson:
    """Writes OCEL 2.0 in JSON; keeps all rows in memory until the end."""

    def __init__(self, path: Path) -> None:
        """Write to ``path``."""
        self._path = path
        self._log = OcelLog()

    def add(self, row: Row) -> None:
        """Take in one row."""
        self._log.add(row)

    def finish(self, block: Mapping[str, Any]) -> None:
        """Write the file."""
        self._log.vouch(block)
        document = as_json(self._log)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        self._path.write_text(text + "\n", "utf-8")

    def close(self) -> None:
        """Nothing is held open."""


def as_json(log: OcelLog) -> dict[str, Any]:
    """Give a log as the four collections of the format."""
    events, objects = log.event_types(), log.object_types()
    return {
        "objectTypes": [_type(kind, known) for kind, known in objects.items()],
        "eventTypes": [_type(kind, known) for kind, known in events.items()],
        "objects": [_object(each, objects) for each in log.things.values()],
        "events": [_event(each, events) for each in log.happenings],
    }


def _type(kind: str, known: Mapping[str, Kind]) -> dict[str, Any]:
    attributes = [{"name": name, "type": type_} for name, type_ in known.items()]
    return {"name": kind, "attributes": attributes}


def _event(each: Happening, types: Mapping[str, Mapping[str, Kind]]) -> dict[str, Any]:
    return {
        "id": each.id,
        "type": each.kind,
        "time": each.at,
        "attributes": [
            {"name": name, "value": as_kind(value, types[each.kind][name])}
            for name, value in each.values.items()
        ],
        "relationships": _relationships(each.related),
    }


def _object(each: Thing, types: Mapping[str, Mapping[str, Kind]]) -> dict[str, Any]:
    return {
        "id": each.id,
        "type": each.kind,
        "attributes": [
            {"name": name, "time": at, "value": as_kind(value, types[each.kind][name])}
            for name, at, value in each.values
        ],
        "relationships": _relationships(each.related),
    }


def _relationships(related: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": name, "qualifier": how} for name, how in related]
