"""A change anywhere in a stream is found, and named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.canonical import canonical, parse
from evidence.chain import check_chain
from evidence.event import ZERO_HASH, seal

if TYPE_CHECKING:
    from evidence.canonical import JsonValue

STREAM = "gemeente-waterdam:parkzicht"
START = datetime(2026, 11, 21, tzinfo=UTC)


def stream_of(count: int) -> list[bytes]:
    """Return the bodies of a sound stream, every other event with a private field."""
    bodies: list[bytes] = []
    prev = ZERO_HASH
    for seq in range(1, count + 1):
        event = seal(
            stream=STREAM,
            seq=seq,
            prev=prev,
            cause=f"c-{seq}",
            position=0,
            type="items_waived",
            at=START + timedelta(seconds=seq),
            actor={"id": "p-1", "role": "process_director", "via": "update"},
            mandate=None,
            data={"reason": None, "n": seq},
            private={"/reason": "ab" * 32} if seq % 2 else {},
        )
        bodies.append(event.body)
        prev = event.hash
    return bodies


SOUND = stream_of(5)


def checks(bodies: list[bytes]) -> list[tuple[int | None, str]]:
    """Return place and name of each finding."""
    return [(found.seq, found.check) for found in check_chain(bodies, STREAM)]


def changed(seq: int, /, **members: JsonValue) -> list[bytes]:
    """Return the sound stream with members of one event replaced."""
    event = parse(SOUND[seq - 1])
    assert isinstance(event, dict)
    body = canonical({**event, **members})
    return [*SOUND[: seq - 1], body, *SOUND[seq:]]


def test_a_sound_stream_has_no_findings() -> None:
    """What was sealed in order is sound, from the start and from half-way."""
    assert checks(SOUND) == []
    tail = check_chain(SOUND[3:], STREAM, after_seq=3, after=prev_of(SOUND[3]))
    assert list(tail) == []


def prev_of(body: bytes) -> str:
    """Return the hash that a body names as its predecessor's."""
    event = parse(body)
    assert isinstance(event, dict)
    return str(event["prev"])


def test_a_changed_value_breaks_the_next_link() -> None:
    """The event after a changed one no longer names it."""
    assert checks(changed(2, cause="other")) == [(3, "prev")]


def test_a_missing_or_swapped_event_is_found() -> None:
    """Leaving out or swapping shows in number and link."""
    assert checks([*SOUND[:1], *SOUND[2:]])[:2] == [(2, "seq"), (2, "prev")]
    swapped = [SOUND[0], SOUND[2], SOUND[1], *SOUND[3:]]
    assert (2, "prev") in checks(swapped)
    assert (3, "prev") in checks(swapped)


def test_another_stream_is_found() -> None:
    """An event of another stream does not belong here."""
    assert (2, "stream") in checks(changed(2, stream="gemeente-waterdam:elders"))


@pytest.mark.parametrize(
    ("members", "check"),
    [
        ({"v": 2}, "version"),
        ({"v": True}, "malformed"),
        ({"v": "1"}, "malformed"),
        ({"seq": 0}, "malformed"),
        ({"prev": "AB" * 32}, "malformed"),
        ({"id": "5D3A75A8-7D5F-4000-8000-000000000000"}, "malformed"),
        ({"type": ""}, "malformed"),
        ({"at": "2026-11-21T16:20:00Z"}, "malformed"),
        ({"actor": {"id": "p-1", "role": "x"}}, "malformed"),
        ({"actor": {"id": "p-1", "role": "x", "via": 1}}, "malformed"),
        ({"mandate": {}}, "malformed"),
        ({"mandate": {"stream": STREAM, "seq": 1, "hash": "x"}}, "malformed"),
        ({"cause": 1}, "malformed"),
        ({"data": []}, "malformed"),
        ({"private": None}, "malformed"),
        ({"extra": 1}, "malformed"),
        ({"private": {"/reason": "AB" * 32}}, "private"),
        ({"private": {"/n": "ab" * 32}}, "private"),
        ({"private": {"/absent": "ab" * 32}}, "private"),
        ({"private": {"": "ab" * 32}}, "private"),
    ],
)
def test_a_member_that_is_not_as_the_format_says_is_found(
    members: dict[str, JsonValue], check: str
) -> None:
    """Each member is held to the format, and the finding names the check."""
    assert (2, check) in checks(changed(2, **members))


def test_a_mandate_may_point_to_an_event() -> None:
    """A mandate with its three members is well formed."""
    mandate: JsonValue = {"stream": "org:waterdam", "seq": 3, "hash": "ab" * 32}
    assert checks(changed(5, mandate=mandate)) == []


def test_bytes_that_are_not_canonical_are_found() -> None:
    """The same value in other bytes is not the event."""
    body = SOUND[1].replace(b'{"actor"', b'{ "actor"', 1)
    assert (2, "canonical") in checks([SOUND[0], body, *SOUND[2:]])
    assert (2, "canonical") in checks([SOUND[0], b"\xff", *SOUND[2:]])
    assert (2, "malformed") in checks([SOUND[0], b"[]", *SOUND[2:]])


@given(st.integers(0, 4), st.data())
def test_any_flipped_bit_is_found(index: int, draw: st.DataObject) -> None:
    """No bit of any but the last event can change unnoticed; nor may the last break."""
    body = bytearray(SOUND[index])
    place = draw.draw(st.integers(0, len(body) * 8 - 1))
    body[place // 8] ^= 1 << place % 8
    found = checks([*SOUND[:index], bytes(body), *SOUND[index + 1 :]])
    assert found or index == len(SOUND) - 1
