"""CloudEvents 1.0 in a JSON batch, by the NL GOV profile.

Sources: CloudEvents 1.0.2 §3 and its JSON Event Format §4 (batch), NL GOV profile for
CloudEvents 1.1. ``time`` is when the event was logged, as that profile has it; when it
happened is ``at`` in ``data``. ``subject`` is the stream, which holds no personal data.
The provenance is the last event of the batch.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from evidence.event import EVENT_NAMESPACE
from exports.rows import Row

TYPE: Final = "nl.polder."
PROVENANCE: Final = f"{TYPE}export-provenance"
_DIGITS: Final = 16


class Batch:
    """Writes a batch of CloudEvents."""

    def __init__(self, path: Path, source: str) -> None:
        """Write to ``path``; ``source`` names organisation and system, as a URI.

        The profile advises ``urn:nld:oin:<OIN>:systeem:<name>``.
        """
        self._out = path.open("wb")
        self._source = source
        self._out.write(b"[\n")

    def add(self, row: Row) -> None:
        """Write one event."""
        self._out.write(_written(event_of(row, self._source)) + b",\n")

    def finish(self, block: Mapping[str, Any]) -> None:
        """Write the provenance, and the end of the batch."""
        identity = uuid.uuid5(EVENT_NAMESPACE, json.dumps(block, sort_keys=True))
        last = {
            "specversion": "1.0",
            "id": str(identity),
            "source": self._source,
            "type": PROVENANCE,
            "time": block["checkpoint"]["at"],
            "datacontenttype": "application/json",
            "data": block,
        }
        self._out.write(_written(last) + b"\n]\n")

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()


def event_of(row: Row, source: str) -> dict[str, Any]:
    """Give a row as a CloudEvent."""
    data = {"event": row.members, "hash": row.hash, "erased": dict(row.erased)}
    if row.opened is not None:
        data["opened"] = dict(row.opened)
    return cloud_event(row.members, source, row.recorded_at, row.leaf_index, data)


def cloud_event(
    event: Mapping[str, Any],
    source: str,
    time: str,
    leaf_index: int,
    data: Mapping[str, Any],
) -> dict[str, Any]:
    """Give an event as a CloudEvent, wherever it goes: always with the same ``id``.

    ``time`` is when it was logged. ``sequence`` orders the events of one stream, as
    texts are ordered.
    """
    return {
        "specversion": "1.0",
        "id": event["id"],
        "source": source,
        "type": type_of(event["type"]),
        "subject": event["stream"],
        "time": time,
        "datacontenttype": "application/json",
        "sequence": f"{event['seq']:0{_DIGITS}}",
        "leafindex": str(leaf_index),
        "data": data,
    }


def type_of(kind: str) -> str:
    """Give the ``type`` of a kind of event: ``nl.polder.items-completed``."""
    return TYPE + kind.replace("_", "-")


def _written(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
