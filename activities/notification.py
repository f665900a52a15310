"""What a subscriber is sent: an event as a CloudEvent, the same each time it is sent.

Sources: CloudEvents 1.0.2 in structured JSON mode; NL GOV profile for CloudEvents 1.1
(its mark of time: when the event was logged); the Notificaties API of ZGW 1.0 for
``data`` in that format; the Belgian guide (``service``). Nothing here is personal data:
private fields of an event are null, and actors are ids that say nothing.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from activities.ourselves import Ourselves
from domain.facts import written
from exports.cloudevents import TYPE, cloud_event
from storage.deliveries import Leaf
from storage.keys import organisation_of
from storage.subscriptions import Format

MEDIA_TYPE: Final = "application/cloudevents+json; charset=utf-8"
SERVICE: Final = "nl.polder.v1"
"""The API description that defines these types."""

CHANNEL: Final = "dialogen"
"""The *kanaal* of a ZGW notification."""

TEST: Final = f"{TYPE}test"
_STARTED: Final = "dialogue_started"


class Message(NamedTuple):
    """One message; ``id`` is the event's, and stays."""

    id: str
    type: str
    body: bytes


def message_of(leaf: Leaf, form: Format, ourselves: Ourselves) -> Message:
    """Write a sealed event as subscribers get it."""
    event = leaf.members
    organisation = organisation_of(leaf.stream)
    logged = written(leaf.recorded_at)
    data: dict[str, Any] = {"event": event, "hash": leaf.hash}
    if form == "zgw":
        data = _zgw(leaf, organisation, logged, ourselves)
    source = ourselves.source(organisation)
    told = cloud_event(event, source, logged, leaf.leaf_index, data)
    told |= {"service": SERVICE, "traceparent": trace_of(event["id"])}
    if not leaf.stream.startswith("org:"):
        told["dataref"] = ourselves.event(leaf.stream, leaf.leaf_index)
    return Message(event["id"], told["type"], _written(told))


def test_of(
    id: str, organisation: str, at: datetime, form: Format, ourselves: Ourselves
) -> Message:
    """Write a test: like an event, and of no dialogue."""
    told: dict[str, Any] = {
        "specversion": "1.0",
        "id": id,
        "source": ourselves.source(organisation),
        "type": TEST,
        "time": written(at),
        "datacontenttype": "application/json",
        "service": SERVICE,
        "traceparent": trace_of(id),
        "data": {"test": True},
    }
    if form == "zgw":
        told["data"] = {
            "kanaal": "test",
            "hoofdObject": f"{ourselves.url or 'urn:polder'}/v1",
            "resource": "test",
            "resourceUrl": f"{ourselves.url or 'urn:polder'}/v1",
            "actie": "create",
            "aanmaakdatum": told["time"],
            "kenmerken": {"organisatie": organisation},
        }
    return Message(id, TEST, _written(told))


def trace_of(id: str) -> str:
    """Give the trace that everything about one event belongs to (W3C Trace Context)."""
    digest = sha256(f"polder/trace/v1\n{id}".encode()).hexdigest()
    return f"00-{digest[:32]}-{digest[32:48]}-01"


def _zgw(
    leaf: Leaf, organisation: str, logged: str, ourselves: Ourselves
) -> dict[str, Any]:
    """Give the notification that case systems know; it says where to look."""
    main, place = f"urn:polder:{leaf.stream}", f"urn:polder:{leaf.stream}:{leaf.seq}"
    if ourselves.url:
        main = ourselves.dialogue(leaf.stream)
        place = ourselves.event(leaf.stream, leaf.leaf_index)
    started = leaf.type == _STARTED
    return {
        "kanaal": CHANNEL,
        "hoofdObject": main,
        "resource": "dialoog" if started else "gebeurtenis",
        "resourceUrl": main if started else place,
        "actie": "create",
        "aanmaakdatum": logged,
        "kenmerken": {
            "organisatie": organisation,
            "dialoog": leaf.stream,
            "gebeurtenis": leaf.type,
        },
    }


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
