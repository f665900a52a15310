"""What another Polder answered over HTTP, as what a desk of one's own gives.

So that whoever shows it need not know where it came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, Final, cast
from zipfile import BadZipFile, ZipFile
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from desk.advice import Advice
from desk.due import Due
from desk.errors import Refused
from desk.listing import Summary
from desk.methods import LoadedMethod
from desk.overview import Overview, seen
from desk.packs import Packed, Point
from desk.requests import Waiting
from desk.subscribing import Subscription
from desk.tasks import Task
from desk.today import Today
from domain.clock import to_dialogue_time
from domain.method import Method
from domain.state import Dialogue
from evidence import verify
from evidence.canonical import canonical
from evidence.checkpoint import parse_checkpoint
from evidence.errors import EvidenceError
from evidence.note import parse_note
from language import mark

_NO_PACK: Final = mark("What came is no evidence pack: {problem}.")
_NO_NOTE: Final = mark("What came is no checkpoint: {problem}.")


def looked_at(stream: str, state: Mapping[str, Any], lang: str | None) -> Overview:
    """Look at a dialogue as it is now, by its whole state as JSON."""
    found = _state(json.loads(json.dumps(state)))
    return seen(stream, found, to_dialogue_time(found.clock, datetime.now(UTC)), lang)


def _state(told: Any) -> Dialogue:  # noqa: ANN401  (JSON)
    """Read a state whose members without a value were left out, as HTTP has it."""
    while True:
        try:
            return Dialogue.model_validate_json(json.dumps(told))
        except ValidationError as error:
            missing = [e["loc"] for e in error.errors() if e["type"] == "missing"]
            if not all([_put_back(told, loc) for loc in missing] or [False]):
                raise


def _put_back(told: Any, place: Sequence[int | str]) -> bool:  # noqa: ANN401  (JSON)
    """Give a member no value, at a place that pydantic names."""
    *way, last = place
    for part in way:
        if isinstance(told, list) and isinstance(part, int):
            told = cast("list[Any]", told)[part]
        elif isinstance(told, dict) and part in told:
            told = cast("dict[str, Any]", told)[str(part)]
        # What else stands in a place is the name of one of a union's types.
    if not isinstance(told, dict) or last in told:
        return False
    told[str(last)] = None
    return True


def method_from(members: Mapping[str, Any]) -> LoadedMethod:
    """Read a compiled method."""
    method = Method.model_validate_json(json.dumps(members))
    content = canonical(method.model_dump(mode="json"))
    return LoadedMethod(method, sha256(content).hexdigest(), content)


def summary_from(members: Mapping[str, Any]) -> Summary:
    """Read a dialogue of a list."""
    method = members["method"]
    return Summary(
        stream=members["id"],
        organisation=members["organisation"],
        slug=members["slug"],
        title=members["title"],
        status=members["status"],
        phase=members["phase"],
        step=members.get("step"),
        method_id=method["id"],
        method_version=method["version"],
        method_hash=method["hash"],
        calendar_hash=members.get("calendarHash", ""),
        version=members["version"],
        head=members["head"],
        next_deadline=_moment(members.get("nextDeadline")),
        open_windows=members["openWindows"],
        attention=members["attention"],
        needs=members.get("needs", []),
        started_at=datetime.fromisoformat(members["startedAt"]),
        updated_at=datetime.fromisoformat(members["updatedAt"]),
        zone=members["zone"],
    )


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def today_from(
    items: Iterable[Mapping[str, Any]],
    counts: Mapping[str, int],
    after: str | None,
    zones: Mapping[str, str],
) -> Today:
    """Read a page of tasks; closings by the clocks of their dialogues' ``zones``."""
    return Today(tuple(_task(each, zones) for each in items), counts, after)


def _task(members: Mapping[str, Any], zones: Mapping[str, str]) -> Task:
    stream, told = members["dialogue"], members.get("advice")
    closes, day = members.get("closes"), members.get("lastDay")
    last = date.fromisoformat(day) if day else None
    due = None
    if closes and last:
        zone = ZoneInfo(zones.get(stream, "UTC"))
        moment = datetime.fromisoformat(closes).astimezone(zone)
        due = Due(moment, last, members["workingDaysLeft"])
    return Task(
        stream=stream,
        dialogue=members["title"],
        kind=members["kind"],
        target=members["target"],
        what=members["what"],
        due=due,
        date=None if due else last,
        days=members.get("days"),
        silent=tuple(members.get("silent", ())),
        advice=Advice(told["kind"], _tuples(told["command"])) if told else None,
        role=members.get("role"),
    )


def _tuples(body: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    return {
        name: tuple(cast("list[str]", value)) if isinstance(value, list) else value
        for name, value in body.items()
    }


def subscription_from(members: Mapping[str, Any]) -> Subscription:
    """Read a subscription; how far it is follows from what it still has to go."""
    cursor = members["cursor"]
    return Subscription(
        id=members["id"],
        organisation=members["organisation"],
        target=members["target"],
        format=members["format"],
        authorisation=members["authorisation"],
        types=members.get("types"),
        dialogues=members.get("dialogues"),
        handshake=members["handshake"],
        previous_until=_moment(members.get("previousSecretUntil")),
        status=members["status"],
        problem=members.get("problem"),
        rate=members.get("rate"),
        cursor=cursor,
        failing_since=_moment(members.get("failingSince")),
        failures=members["failures"],
        retry_at=_moment(members.get("retryAt")),
        delivered_at=_moment(members.get("deliveredAt")),
        created_at=datetime.fromisoformat(members["createdAt"]),
        created_by=members["createdBy"],
        held=members["heldDialogues"],
        undone_from=cursor,
        dead=members["deadLetters"],
        log_size=cursor + members["behind"],
    )


def request_from(members: Mapping[str, Any]) -> Waiting:
    """Read a request to erase that waits."""
    return Waiting(
        members["organisation"],
        members["erasure"],
        datetime.fromisoformat(members["askedAt"]),
        date.fromisoformat(members["lastDay"]),
        members["days"],
    )


def pack_from(content: bytes) -> Packed:
    """Read an evidence pack, with what its verifier says of it.

    By the key that is in it: whether that is the log's, only its owner can say.
    Raises `Refused` for what is no pack.
    """
    try:
        with ZipFile(BytesIO(content)) as pack:
            key = pack.read("log.vkey").decode().strip()
    except (BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise _refused("NoPack", _NO_PACK, error) from error
    told = verify.examine(content, [key]).as_json()
    names = ("stream", "events", "checkpoint", "private", "sound", "failures")
    document: dict[str, Any] = {
        **{name: told[name] for name in names},
        "confidential": [],
        "key": key,
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }
    return Packed(content, document, barred=False)


def checkpoint_from(members: Mapping[str, Any]) -> Point:
    """Read a checkpoint. Raises `Refused` where its note is none."""
    note = str(members["note"]).encode()
    try:
        parse_checkpoint(parse_note(note).text)
    except EvidenceError as error:
        raise _refused("NoCheckpoint", _NO_NOTE, error) from error
    return Point(note, dict(members))


def _refused(name: str, template: str, error: Exception) -> Refused:
    facts = {"problem": str(error)}
    return Refused(name, template.format(**facts), facts, template=template)
