"""Everything that nobody should send: payloads by name, as raw as they come."""

# ruff: noqa: ANN401  (anything at all is what this is about)

from __future__ import annotations

import json
from typing import Any, Final

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from tests.workflows.playing import DIRECTOR, FIRST

GOOD: Final[dict[str, Any]] = {
    "id": "hostile-1",
    "actor": DIRECTOR,
    "command": {"items": FIRST[:1]},
}
STRANGE: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    2**53,
    10**400,
    "",
    "x",
    "x" * 300,
    "\n",
    "é\u202e",
    [],
    [[]],
    {},
    {"": ""},
    ["a", 1, None],
)
"""A value of the wrong type for almost any member."""


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    """Give bytes under an encoding, as no converter would make them."""
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def said(value: Any) -> bytes:
    """Write JSON, with whatever Python lets through."""
    return json.dumps(value).encode()


def members() -> dict[str, RawValue]:
    """Give an envelope with each strange value in each member, and without each."""
    places: list[tuple[str, ...]] = [
        *((name,) for name in (*GOOD, "mandate", "if_version", "sig", "unknown")),
        *(("actor", name) for name in ("id", "role", "via", "unknown")),
        *(("mandate", name) for name in ("stream", "seq", "hash")),
        *(("command", name) for name in ("items", "note", "reference", "unknown")),
    ]
    found: dict[str, RawValue] = {}
    for place in places:
        for number, value in enumerate(STRANGE):
            found[f"{'.'.join(place)} {number}"] = raw(said(_placed(place, value)))
    for name in GOOD:
        rest = {key: value for key, value in GOOD.items() if key != name}
        found[f"without {name}"] = raw(said(rest))
    return found


def _placed(place: tuple[str, ...], value: Any) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads(said(GOOD))
    inner = envelope
    for name in place[:-1]:
        if not isinstance(inner.get(name), dict):
            inner[name] = {"stream": "org:x", "seq": 1, "hash": "0" * 64}
        inner = inner[name]
    inner[place[-1]] = value
    return envelope


def _with(member: bytes) -> bytes:
    good = said(GOOD)
    return good[:-1] + b"," + member + b"}"


PAYLOADS: Final[dict[str, tuple[RawValue, ...]]] = {
    "no argument": (),
    "two arguments": (raw(said(GOOD)), raw(said(GOOD))),
    "twenty arguments": (raw(b"1"),) * 20,
    "nothing": (raw(b""),),
    "null": (raw(b"", b"binary/null"),),
    "json null": (raw(b"null"),),
    "a number": (raw(b"1"),),
    "a string": (raw(b'"hello"'),),
    "a list": (raw(b"[1]"),),
    "no encoding": (RawValue(Payload(data=said(GOOD))),),
    "binary": (raw(bytes(range(256)), b"binary/plain"),),
    "protobuf": (raw(b"\x08\x96\x01", b"binary/protobuf"),),
    "encrypted": (raw(b"\x00\x01", b"binary/encrypted"),),
    "an encoding of bytes": (raw(said(GOOD), b"\xff\xfe"),),
    "no UTF-8": (raw(b'{"id":"\xff"}'),),
    "UTF-16": (raw(json.dumps(GOOD).encode("utf-16")),),
    "a byte order mark": (raw(b"\xef\xbb\xbf" + said(GOOD)),),
    "half a document": (raw(said(GOOD)[:-5]),),
    "two documents": (raw(said(GOOD) * 2),),
    "NaN": (raw(_with(b'"if_version":NaN')),),
    "infinity": (raw(_with(b'"if_version":-Infinity')),),
    "a float": (raw(_with(b'"if_version":1.5')),),
    "a float that is whole": (raw(_with(b'"if_version":1e2')),),
    "a huge integer": (raw(_with(b'"if_version":' + b"9" * 5_000)),),
    "an integer of 60 kB": (raw(_with(b'"if_version":' + b"9" * 60_000)),),
    "duplicate members": (raw(_with(b'"id":"hostile-2"')),),
    "duplicate members inside": (raw(_with(b'"mandate":{"seq":1,"seq":2}')),),
    "a lone surrogate": (raw(_with(b'"if_version":"\\ud800"')),),
    "a lone surrogate as a name": (raw(_with(b'"\\udc00":1')),),
    "NUL": (raw(_with(b'"if_version":"a\\u0000b"')),),
    "NUL in the id": (raw(said({**GOOD, "id": "a\x00b"})),),
    "a deep list": (raw(b"[" * 100_000 + b"]" * 100_000),),
    "a deep list that fits": (raw(b"[" * 30_000 + b"]" * 30_000),),
    "a deep object": (raw(b'{"a":' * 12_000 + b"1" + b"}" * 12_000),),
    "deep, and never closed": (raw(b"[" * 60_000),),
    "deep in a member": (raw(_with(b'"mandate":' + b"[" * 20_000 + b"]" * 20_000)),),
    "65 levels in a command": (raw(_with(b'"x":' + b"[" * 65 + b"]" * 65)),),
    "just too large": (raw(_with(b'"x":"' + b"x" * 65_536 + b'"')),),
    "a megabyte": (raw(_with(b'"x":"' + b"x" * 1_000_000 + b'"')),),
    "a private field in plain text": (
        raw(said({**GOOD, "command": {"items": FIRST, "note": "hush"}})),
    ),
    "a commitment that is none": (
        raw(said({**GOOD, "command": {"items": FIRST, "note": {"commitment": "x"}}})),
    ),
    "a command of our own": (
        raw(said({**GOOD, "command": {"epoch": 9, "from_seq": 1}})),
    ),
    "the clock's id": (raw(said({**GOOD, "id": "polder:close:x:1:1"})),),
    "the clock's role": (
        raw(said({**GOOD, "actor": {"id": "polder", "role": "clock"}})),
    ),
    "Polder's own id": (raw(said({**GOOD, "actor": {**DIRECTOR, "id": "polder"}})),),
    "the timer's way": (raw(said({**GOOD, "actor": {**DIRECTOR, "via": "timer"}})),),
    "a carried state": (raw(b'{"carried":1,"state":{},"ledger":{}}'),),
    "a carried state with rubbish": (raw(b'{"carried":[' + b"[" * 900),),
}
"""What goes wrong before a command is even looked at, most of it."""

NAMES: Final[tuple[str, ...]] = (
    "complete_items",
    "restore_dialogue",
    "report_effect",
    "start_dialogue",
    "frobnicate",
    "Complete Items",
    "x" * 900,
    "é\u202e\U0001f600",
    "complete_items\x00",
    "polder:close",
    "../../etc",
    "0",
)
"""Names of updates and signals, few of which exist."""
