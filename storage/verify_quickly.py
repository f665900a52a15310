"""An ordinary event is what its columns say, around its data: that is seen quickly.

From the columns of a row follow the bytes of all members but ``data``, ``private`` and
the actor's ``via``. Where an event's bytes are exactly those, with two canonical
objects and a word between them, they are canonical as a whole, the event is well
formed, and no column says anything else. Of whatever is not so, nothing is said here:
it is looked at the careful way, which also tells what is wrong with it.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from evidence.canonical import MAX_DEPTH, JsonValue, read_plain
from evidence.chain import is_event_id, is_hash, is_stream
from evidence.errors import MalformedEvent
from evidence.event import VERSION, check_private_pointer, event_id, format_instant


class Row(NamedTuple):
    """A row of audit.event."""

    stream: str
    seq: int
    event_id: str
    hash: bytes
    prev: bytes
    type: str
    at: datetime
    cause: str
    actor_id: str
    actor_role: str
    body: bytes
    recorded_at: datetime


def members_of(row: Row, prev: str, position: int | None) -> dict[str, Any] | None:
    """Return the members of a row's event, if bytes and columns are as they should be.

    ``prev`` is the hash of the event before it, ``position`` its place within its
    cause; without one its id may be any. The row's number and its hash are for the
    caller to look at. None where something may be wrong.
    """
    if row.prev.hex() != prev or not _are_plain(row):
        return None
    identity = row.event_id
    if position is not None:
        identity = event_id(row.stream, row.cause, position)
    elif not is_event_id(identity):
        return None
    head = f'{{"actor":{{"id":"{row.actor_id}","role":"{row.actor_role}","via":'
    at = format_instant(row.at)
    middle = f'}},"at":"{at}","cause":"{row.cause}","data":'
    rest = f',"id":"{identity}","mandate":null,"prev":"{prev}","private":'
    whose = f'"seq":{row.seq},"stream":"{row.stream}"'
    end = f',{whose},"type":"{row.type}","v":{VERSION}}}'
    # What takes the place of bytes that are no UTF-8 is not plain, wherever it is.
    text = row.body.decode(errors="replace")
    if row.event_id != identity or not (text.startswith(head) and text.endswith(end)):
        return None
    via, found, after = text[len(head) : -len(end)].partition(middle)
    written, found_too, private = after.rpartition(rest)
    if not (found and found_too and _is_via(via)):
        return None
    data, committed = _data(written, private)
    if data is None:
        return None
    return {
        "v": VERSION,
        "stream": row.stream,
        "seq": row.seq,
        "prev": prev,
        "id": identity,
        "type": row.type,
        "at": at,
        "actor": {
            "id": row.actor_id,
            "role": row.actor_role,
            "via": None if via == _NULL else via[1:-1],
        },
        "mandate": None,
        "cause": row.cause,
        "data": data,
        "private": committed,
    }


_NULL: Final = "null"
_ONE: Final = re.compile(r'\{"(/[0-9a-z_/]+)":"([0-9a-f]{64})"\}', re.ASCII)
"""The commitment to one value."""
_PLAIN: Final = re.compile(r"[0-9A-Za-z:._@/-]+", re.ASCII)
"""Text, not empty, that JSON writes as it is."""


def _are_plain(row: Row) -> bool:
    return (
        row.seq >= 1
        and _is_stream(row.stream)
        and _is_plain(row.type)
        and _is_plain(row.actor_id)
        and _is_plain(row.actor_role)
        and _PLAIN.fullmatch(row.cause) is not None
    )


@lru_cache(maxsize=1024)
def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


@lru_cache(maxsize=64)
def _is_stream(name: str) -> bool:
    return is_stream(name)


@lru_cache(maxsize=64)
def _is_via(written: str) -> bool:
    """Tell whether these are the bytes of a null, or of text that is plain."""
    quoted = len(written) > 1 and written[0] == written[-1] == '"'
    return written == _NULL or (quoted and _is_plain(written[1:-1]))


def _commitments(written: str) -> JsonValue:
    if written == "{}":
        return {}
    one = _ONE.fullmatch(written)
    return {one[1]: one[2]} if one else read_plain(written, MAX_DEPTH - 1)


def _data(written: str, private: str) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Read data and commitments, and hold them to each other; else no data."""
    # Both lie one level deeper than they would alone.
    data = read_plain(written, MAX_DEPTH - 1)
    committed = _commitments(private)
    if not isinstance(data, dict) or not isinstance(committed, dict):
        return None, {}
    try:
        for pointer, commitment in committed.items():
            if not is_hash(commitment):
                return None, {}
            check_private_pointer(pointer, data)
    except MalformedEvent:
        return None, {}
    return cast("dict[str, Any]", data), cast("dict[str, Any]", committed)
