"""An event's hash covers its bytes, and a private value only its commitment."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from evidence.canonical import JsonValue, parse
from evidence.errors import MalformedEvent
from evidence.event import (
    EVENT_NAMESPACE,
    ZERO_HASH,
    Sealed,
    check_private_pointer,
    commitment,
    event_hash,
    event_id,
    format_instant,
    parse_instant,
    seal,
)

STREAM = "gemeente-waterdam:parkzicht"
AT = datetime(2026, 11, 21, 16, 20, 0, 123456, tzinfo=UTC)


def sealed(data: dict[str, JsonValue], private: dict[str, str] | None = None) -> Sealed:
    """Seal an event with ``data``, the rest fixed."""
    return seal(
        stream=STREAM,
        seq=1,
        prev=ZERO_HASH,
        cause="c-1",
        position=0,
        type="items_completed",
        at=AT,
        actor={"id": "p-7f3", "role": "process_director", "via": "http"},
        mandate=None,
        data=data,
        private=private or {},
    )


def test_an_event_has_these_bytes_and_this_hash() -> None:
    """The bytes are fixed for ever; a change of format would show here."""
    event = sealed({"items": ["a.b"]})
    assert event.body.decode() == (
        '{"actor":{"id":"p-7f3","role":"process_director","via":"http"},'
        '"at":"2026-11-21T16:20:00.123456Z","cause":"c-1",'
        '"data":{"items":["a.b"]},"id":"' + event.id + '","mandate":null,'
        '"prev":"' + "0" * 64 + '","private":{},"seq":1,'
        '"stream":"gemeente-waterdam:parkzicht","type":"items_completed","v":1}'
    )
    assert event.hash == sha256(b"polder/event/v1\n" + event.body).hexdigest()
    assert event.hash == event_hash(event.body)


def test_an_id_follows_from_its_cause() -> None:
    """The id is the UUIDv5 of JCS([stream, cause, position]), and differs by each."""
    name = '["gemeente-waterdam:parkzicht","c-1",0]'
    assert event_id(STREAM, "c-1", 0) == str(uuid.uuid5(EVENT_NAMESPACE, name))
    for number in range(100):
        name = f'["{STREAM}","c-é-{number}",{number}]'
        known = str(uuid.uuid5(EVENT_NAMESPACE, name))
        assert event_id(STREAM, f"c-é-{number}", number) == known
    assert str(EVENT_NAMESPACE) == "e3ecfe17-8eaa-5da1-94da-c5a5822da1ef"
    assert len({event_id(STREAM, c, p) for c in ("a", "b") for p in (0, 1)}) == 4


def test_an_instant_is_utc_with_microseconds() -> None:
    """Whatever its zone, an instant is written in UTC and read back the same."""
    amsterdam = timezone(timedelta(hours=1))
    assert format_instant(AT.astimezone(amsterdam)) == "2026-11-21T16:20:00.123456Z"
    assert format_instant(datetime(2026, 1, 1, tzinfo=UTC)).endswith("00.000000Z")
    assert parse_instant("2026-11-21T16:20:00.123456Z") == AT
    with pytest.raises(MalformedEvent):
        format_instant(AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T16:20:00Z",
        "2026-11-21T16:20:00.123456+00:00",
        "2026-02-30T16:20:00.123456Z",
        "2026-11-21T16:20:60.123456Z",
        "2026-11-21 16:20:00.123456Z",
        "2026-11-21T16:20:00.123456Z\n",
        "２026-11-21T16:20:00.123456Z",
    ],
)
def test_another_way_to_write_an_instant_is_refused(text: str) -> None:
    """There is one way to write an instant."""
    with pytest.raises(MalformedEvent):
        parse_instant(text)


def test_a_commitment_binds_stream_subject_and_value() -> None:
    """The commitment is the hash of the format, and any other input gives another."""
    salt = bytes(range(32))
    made = commitment(salt=salt, stream=STREAM, subject="p-1", value="Anna")
    text = b'["gemeente-waterdam:parkzicht","p-1","Anna"]'
    assert made == sha256(b"polder/field/v1\n" + salt + text).hexdigest()
    other = commitment(salt=salt, stream=STREAM, subject="p-2", value="Anna")
    assert other != made
    with pytest.raises(MalformedEvent):
        commitment(salt=salt[1:], stream=STREAM, subject="p-1", value="Anna")


@pytest.mark.parametrize(
    "pointer", ["/reason", "/list/1/text", "/a~1b", "/m~0n", "/", "/list/0"]
)
def test_a_private_pointer_leads_to_a_null(pointer: str) -> None:
    """Pointers follow RFC 6901, its two escapes and the empty name included."""
    data: dict[str, JsonValue] = {
        "reason": None,
        "list": [None, {"text": None}],
        "a/b": None,
        "m~n": None,
        "": None,
    }
    check_private_pointer(pointer, data)
    assert parse(sealed(data, {pointer: "0" * 64}).body)


@pytest.mark.parametrize(
    "pointer",
    ["", "reason", "/other", "/list/01", "/list/-", "/list/2", "/text", "/a~2", "/a~"],
)
def test_a_private_pointer_to_anything_else_is_refused(pointer: str) -> None:
    """Sealing refuses a pointer that leads nowhere or to a value that is there."""
    data: dict[str, JsonValue] = {
        "reason": None,
        "list": [None, None],
        "text": "plain",
        "a~2": None,
        "a~": None,
    }
    with pytest.raises(MalformedEvent):
        sealed(data, {pointer: "0" * 64})
