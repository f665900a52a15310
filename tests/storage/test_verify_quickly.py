"""The quick way to check an event says no more than the careful way finds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.script import Script
from evidence.chain import Finding
from evidence.event import event_hash
from storage import verify_stream
from storage.projecting import Projections
from storage.verify_quickly import Row, members_of
from storage.verify_stream import StreamCheck

STREAM = "gemeente-waterdam:parkzicht"


@cache
def record() -> tuple[Row, ...]:
    """Give the rows of a dialogue with private texts."""
    script = Script(STREAM)
    bodies = [*script.start().events, *script.next(8).events]
    return tuple(map(row_of, bodies))


def row_of(body: bytes) -> Row:
    """Give the row that an append of these bytes makes."""
    event: dict[str, Any] = json.loads(body)
    at = datetime.fromisoformat(event["at"])
    return Row(
        stream=event["stream"],
        seq=event["seq"],
        event_id=event["id"],
        hash=bytes.fromhex(event_hash(body)),
        prev=bytes.fromhex(event["prev"]),
        type=event["type"],
        at=at,
        cause=event["cause"],
        actor_id=event["actor"]["id"],
        actor_role=event["actor"]["role"],
        body=body,
        recorded_at=at + timedelta(seconds=3),
    )


def findings(rows: Sequence[Row]) -> tuple[list[Finding], object]:
    """Give what a check of these rows finds, and what it keeps of them."""
    check = StreamCheck(STREAM, Projections(), None, projections=False)
    found = [finding for row in rows for finding in check.follow(row)]
    held: dict[str, Any] = vars(check)
    names = ("_positions", "_archived", "_restored", "drift", "foldable")
    kept: dict[str, object] = {name: held[name] for name in names}
    for name in ("_chain", "_private"):
        kept |= cast("dict[str, object]", vars(held[name]))
    return found, kept


def place_of(row: Row) -> int:
    """Give an event's place within its cause."""
    return [each.seq for each in record() if each.cause == row.cause].index(row.seq)


def unsure(_row: Row, _prev: str, _position: int) -> None:
    """Stand in for the quick way: it could not tell."""


def agree(rows: Sequence[Row]) -> list[Finding]:
    """Check that both ways come to the same; give what they found."""
    quick = findings(rows)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(verify_stream, "members_of", unsure)
        assert findings(rows) == quick
    return quick[0]


texts = st.one_of(
    st.sampled_from(
        ["", "c-2", "null", '"', "\\", "é", "{}", "x\n", '","seq":3', "\x7f"]
    ),
    st.text(max_size=6),
)
fragments = st.sampled_from(
    [
        *(b"{", b"}", b'"', b",", b" ", b"null", b"true", b"1.0", b"\\u0061", b"\xff"),
        *(b'"a":1,', b'"v":1', b'"mandate":null,', b'"private":{},', b"-0", b"{}"),
        *('"é":"é",'.encode(), b'"data":{},', b',"seq":2', b"9007199254740993"),
    ]
)


@st.composite
def changed_bytes(draw: st.DrawFn, body: bytes) -> bytes:
    """Put something else in a place of the bytes, or exchange two pieces."""
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 12)))
    return body[:start] + draw(st.one_of(fragments, st.binary(max_size=3))) + body[end:]


@st.composite
def changed_members(draw: st.DrawFn, body: bytes) -> bytes:
    """Change a member, in bytes that are written as they should be."""
    event: dict[str, Any] = json.loads(body)
    values = st.one_of(texts, st.none(), st.integers(-1, 3), st.booleans())
    name = draw(st.sampled_from([*event, "new"]))
    event[name] = draw(st.one_of(values, st.dictionaries(texts, values, max_size=2)))
    if draw(st.booleans()):
        event["actor"] = {"id": draw(texts), "role": "p", "via": draw(values)}
    text = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode(errors="replace")


@st.composite
def changed_rows(draw: st.DrawFn) -> list[Row]:
    """Change one row of the record: its bytes, its hash with them, or a column."""
    rows = list(record())
    place = draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    ways = (changed_bytes(row.body), changed_members(row.body), st.just(row.body))
    body = draw(st.one_of(*ways))
    row = row._replace(body=body)
    if draw(st.booleans()):
        row = row._replace(hash=bytes.fromhex(event_hash(body)))
    name = draw(st.sampled_from(("none", *COLUMNS)))
    if name != "none":
        row = row._replace(**{name: draw(COLUMNS[name])})
    rows[place] = row
    return rows


COLUMNS: dict[str, st.SearchStrategy[object]] = {
    "stream": texts,
    "seq": st.integers(-1, 12),
    "event_id": texts,
    "hash": st.binary(max_size=32),
    "prev": st.binary(max_size=32),
    "type": texts,
    "at": st.datetimes(timezones=st.just(UTC)),
    "cause": texts,
    "actor_id": texts,
    "actor_role": texts,
}


def test_the_quick_way_knows_an_ordinary_event() -> None:
    """Nothing is found in a sound record, and none of it takes the careful way."""
    rows = record()
    assert agree(rows) == []
    assert any(json.loads(row.body)["private"] for row in rows)
    for row in rows:
        assert members_of(row, row.prev.hex(), place_of(row)) == json.loads(row.body)


@given(changed_rows())
def test_the_quick_way_agrees_with_the_careful_one(rows: list[Row]) -> None:
    """Whatever is changed in bytes or columns, both find the same."""
    agree(rows)


@given(st.data())
def test_quickly_taken_bytes_are_those_of_the_members(data: st.DataObject) -> None:
    """What the quick way takes, Python's own reader reads alike, member by member."""
    row = data.draw(st.sampled_from(record()))
    body = data.draw(st.one_of(changed_bytes(row.body), changed_members(row.body)))
    members = members_of(row._replace(body=body), row.prev.hex(), place_of(row))
    if members is not None:
        assert members == json.loads(body)


@given(st.data())
def test_columns_that_were_changed_with_the_bytes_are_read_alike(
    data: st.DataObject,
) -> None:
    """Bytes and columns that agree about something else pass or fail both ways."""
    rows = list(record())
    place = data.draw(st.integers(0, len(rows) - 1))
    body = data.draw(changed_members(rows[place].body))
    try:
        rows[place] = row_of(body)
    except (LookupError, TypeError, ValueError, AttributeError):
        return
    # What PostgreSQL would not hold in these columns does not come from there.
    names = ("stream", "event_id", "type", "cause", "actor_id", "actor_role")
    if type(rows[place].seq) is int and all(
        isinstance(getattr(rows[place], name), str) for name in names
    ):
        agree(rows)
