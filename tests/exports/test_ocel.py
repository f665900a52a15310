"""OCEL 2.0: what the standard asks of a log, and the same in JSON and in SQLite."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from domain.erasure_facts import HOUSE_EVENTS
from domain.events import EVENTS
from evidence.canonical import JsonValue
from exports.objects import CHANGES
from exports.ocel_sqlite import named
from tests.exports.logs import STREAM, TOLD, export, log

READS = {"string": str, "time": datetime.fromisoformat, "integer": int, "boolean": bool}


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    """The JSON of an export of two dialogues."""
    path = tmp_path / "x.json"
    export("ocel-json", path, [*log(), *log("gemeente-waterdam:aardlaan", 6)])
    return json.loads(path.read_bytes())


def test_every_reference_leads_somewhere_and_ids_are_unique(
    document: dict[str, Any],
) -> None:
    """Events and objects have a declared type, relations an object that is there."""
    events, objects = document["events"], document["objects"]
    ids = [each["id"] for each in (*events, *objects)]
    assert len(set(ids)) == len(ids)
    there = {each["id"] for each in objects}
    for each, types in ((events, "eventTypes"), (objects, "objectTypes")):
        declared = {kind["name"]: kind["attributes"] for kind in document[types]}
        for one in each:
            kinds = {a["name"]: a["type"] for a in declared[one["type"]]}
            pairs = [(r["objectId"], r["qualifier"]) for r in one["relationships"]]
            assert len(set(pairs)) == len(pairs)
            assert {target for target, _ in pairs} <= there
            for attribute in one["attributes"]:
                READS[kinds[attribute["name"]]](attribute["value"])


def test_an_event_is_about_what_its_data_names(document: dict[str, Any]) -> None:
    """Dialogue, person, mandate, step, items; qualified by what they are in it."""
    done = next(e for e in document["events"] if e["type"] == "items_completed")
    told = {(r["objectId"], r["qualifier"]) for r in done["relationships"]}
    assert told == {
        (f"dialogue/{STREAM}", "in"),
        ("actor/gemeente-waterdam/p-1", "by"),
        ("mandate/org:gemeente-waterdam/3", "under"),
        (f"item/{STREAM}/opdracht.a", "item"),
        (f"item/{STREAM}/opdracht.b", "item"),
    }


def test_an_object_changes_with_the_events_that_change_it(
    document: dict[str, Any],
) -> None:
    """OCEL 2.0 lets attributes change: the status of a window does."""
    name = f"window/{STREAM}/verslag.reactie"
    window = next(each for each in document["objects"] if each["id"] == name)
    statuses = [a for a in window["attributes"] if a["name"] == "status"]
    assert [(a["value"], a["time"][:16]) for a in statuses] == [
        ("open", "2026-11-23T09:04"),
        ("closed", "2026-11-23T09:06"),
    ]
    assert window["relationships"] == [
        {"objectId": f"step/{STREAM}/verslag", "qualifier": "part of"}
    ]


def test_nothing_of_the_data_is_left_out(document: dict[str, Any]) -> None:
    """Every member of the data that is not null is an attribute of the event."""
    for (kind, data), event in zip(TOLD, document["events"], strict=False):
        names = {attribute["name"] for attribute in event["attributes"]}
        wanted = {f"data_{name}" for name, value in data.items() if value is not None}
        assert (event["type"], wanted - names) == (kind, set())


def test_the_provenance_is_an_object(document: dict[str, Any]) -> None:
    """Of a type of its own, which no event is about."""
    (own,) = [each for each in document["objects"] if each["type"] == "export"]
    values = {a["name"]: a["value"] for a in own["attributes"]}
    assert values["rows"] == 2 * len(TOLD)
    assert json.loads(values["checkpoint"])["origin"] == "polder/waterdam"


def test_sqlite_says_the_same_as_json(document: dict[str, Any], tmp_path: Path) -> None:
    """With sound foreign keys, the same events, objects, relations and attributes."""
    path = tmp_path / "x.sqlite"
    export("ocel-sqlite", path, [*log(), *log("gemeente-waterdam:aardlaan", 6)])
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for what, types in (("event", "eventTypes"), ("object", "objectTypes")):
            kinds = dict(database.execute(f"SELECT * FROM {what}_map_type"))
            assert kinds == {k["name"]: named(k["name"]) for k in document[types]}
            told = set(database.execute(f"SELECT * FROM {what}"))
            assert told == {(e["id"], e["type"]) for e in document[f"{what}s"]}
        for table, every in (("event_object", "events"), ("object_object", "objects")):
            assert set(database.execute(f"SELECT * FROM {table}")) == {
                (each["id"], r["objectId"], r["qualifier"])
                for each in document[every]
                for r in each["relationships"]
            }
        assert attributes(database, "event") == from_json(document["events"])
        assert attributes(database, "object") == from_json(document["objects"])


def attributes(database: sqlite3.Connection, what: str) -> set[tuple[Any, ...]]:
    """Id, name, value, and for objects the moment, of every attribute in SQLite."""
    found: set[tuple[Any, ...]] = set()
    for (kind,) in list(database.execute(f"SELECT ocel_type_map FROM {what}_map_type")):
        cursor = database.execute(f'SELECT * FROM "{what}_{kind}"')
        names = [column[0] for column in cursor.description]
        for row in cursor:
            told = dict(zip(names, row, strict=True))
            at = told.pop("ocel_time") if what == "object" else None
            own = told.pop("ocel_id")
            found |= {
                (own, name, value, at)
                for name, value in told.items()
                if value is not None and not name.startswith("ocel_")
            }
    return found


def from_json(every: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """The same of the JSON; SQLite has 0 and 1 for false and true."""
    return {
        (each["id"], a["name"], a["value"], a.get("time"))
        for each in every
        for a in each["attributes"]
    }


def test_each_change_of_status_is_of_a_type_that_exists() -> None:
    """A type that was renamed is no longer in the table by accident."""
    mandates = {"mandate_granted", "mandate_delegated", "mandate_revoked"}
    assert CHANGES.keys() <= EVENTS.keys() | HOUSE_EVENTS.keys() | mandates


def test_an_organisations_events_are_about_mandates_dialogues_and_cases(
    tmp_path: Path,
) -> None:
    """A mandate is one object for who gives it, acts under it, and revokes it."""
    house, path = "org:gemeente-waterdam", tmp_path / "x.json"
    reference: dict[str, JsonValue] = {"stream": house, "seq": 3, "hash": "ab" * 32}
    told: list[tuple[str, dict[str, JsonValue]]] = [
        ("erasure_requested", {"erasure": "e-1"}),
        ("hold_placed", {"hold": "h-1", "dialogue": "parkzicht"}),
        ("mandate_granted", {"grantee": "p-1", "delegable": False}),
        ("mandate_revoked", {"mandate": reference}),
        ("dossier_destroyed", {"stream": STREAM, "seq": 6, "texts": 0}),
    ]
    export("ocel-json", path, [*log(), *log(house, 6, told)])
    document = json.loads(path.read_bytes())
    about = {
        event["type"]: {(r["objectId"], r["qualifier"]) for r in event["relationships"]}
        for event in document["events"]
    }
    mandate, dialogue = f"mandate/{house}/3", f"dialogue/{STREAM}"
    assert (mandate, "under") in about["items_completed"]
    assert (mandate, "gives") in about["mandate_granted"]
    assert ("actor/gemeente-waterdam/p-1", "grantee") in about["mandate_granted"]
    assert (mandate, "about") in about["mandate_revoked"]
    assert (dialogue, "about") in about["hold_placed"]
    assert (dialogue, "about") in about["dossier_destroyed"]
    assert statuses(document, mandate) == ["given", "revoked"]
    assert statuses(document, dialogue)[-1] == "destroyed"
    assert statuses(document, f"hold/{house}/h-1") == ["placed"]


def statuses(document: dict[str, Any], name: str) -> list[str]:
    """What became of an object, in the order of the file."""
    found = next(each for each in document["objects"] if each["id"] == name)
    return [a["value"] for a in found["attributes"] if a["name"] == "status"]
