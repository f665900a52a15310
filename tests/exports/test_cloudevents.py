"""A batch is CloudEvents 1.0, as its own JSON schema has them, by the Dutch profile."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import jsonschema

from tests.exports.logs import STREAM, export, log

SCHEMA: Final[dict[str, Any]] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "source", "specversion", "type"],
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "source": {"type": "string", "format": "uri-reference", "minLength": 1},
            "specversion": {"const": "1.0"},
            "type": {"type": "string", "minLength": 1},
            "datacontenttype": {"const": "application/json"},
            "subject": {"type": "string", "minLength": 1},
            "time": {"type": "string", "format": "date-time"},
            "data": {},
        },
        "additionalProperties": {"type": "string"},
        "propertyNames": {"pattern": "^[a-z0-9]{1,20}$"},
    },
}
"""CloudEvents 1.0.2: required attributes, and names of extensions (§ Naming)."""


def batch(path: Path) -> list[dict[str, Any]]:
    """The events of an export of two dialogues."""
    export("cloudevents", path, [*log(), *log("gemeente-waterdam:aardlaan", 6)])
    return json.loads(path.read_bytes())


def test_each_is_a_cloudevent(tmp_path: Path) -> None:
    """The attributes that are required, extensions by their naming, and no others."""
    jsonschema.validate(
        batch(tmp_path / "x.json"),
        SCHEMA,
        format_checker=jsonschema.FormatChecker(),
    )


def test_the_dutch_profile_is_kept(tmp_path: Path) -> None:
    """Source as URN, type in reversed domain without organisation, time as logged."""
    events = batch(tmp_path / "x.json")
    pairs = [(event["source"], event["id"]) for event in events]
    assert len(set(pairs)) == len(pairs)
    for event in events:
        assert event["source"].startswith("urn:nld:oin:")
        assert re.fullmatch(r"nl\.polder\.[a-z-]+", event["type"])
    first = log()[0]
    assert events[0]["time"] == first.recorded_at
    assert events[0]["data"]["event"]["at"] == first.members["at"]
    assert events[0]["subject"] == STREAM


def test_sequence_rises_within_a_stream_as_text(tmp_path: Path) -> None:
    """So that whoever sorts texts has the order of events."""
    own = [e for e in batch(tmp_path / "x.json") if e.get("subject") == STREAM]
    numbers = [event["sequence"] for event in own]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == len(log())


def test_the_last_one_is_the_provenance(tmp_path: Path) -> None:
    """An event like the others, that says where they are from."""
    *_, last = batch(tmp_path / "x.json")
    assert last["type"] == "nl.polder.export-provenance"
    assert last["data"]["rows"] == 2 * len(log())
    assert last["time"] == last["data"]["checkpoint"]["at"]
