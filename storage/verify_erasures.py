"""An erasure is believed where a decision stands behind it; a destruction by its head.

Whether each private field has a value or an event is looked at stream by stream
(`storage.verify_openings`). Here is what goes across streams: an erasure names only
fields that were there, has a decision in the organisation's stream, and what was said
to be executed is what dialogues say; a dossier that is gone went as its organisation
says. Bodies that can't be read say nothing: they are found where streams are checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from hashlib import sha256
from typing import Any, Final, NamedTuple, TypeAlias

from domain.erasures import MISSING, erasure_of
from domain.returns import CAUGHT_UP
from evidence.canonical import canonical
from evidence.census import LOG_STREAM
from evidence.chain import Finding
from storage.destroying import Destroyed, destroyed, what_is_left
from storage.ownlog import events
from storage.pool import Connection
from storage.statements import statement

CHECK: Final = "erasure"

_Place: TypeAlias = tuple[str, int, str]
"""Stream, number and hash of an event."""


class _Erased(NamedTuple):
    stream: str
    seq: int
    cause: str
    hash: str
    paths: list[tuple[int, str]]

    @property
    def organisation(self) -> str:
        first, _, rest = self.stream.partition(":")
        return rest if first == "org" else first


class _Said(NamedTuple):
    """What organisations decided and executed, by (organisation, erasure)."""

    granted: set[tuple[str, str]]
    executed: dict[tuple[str, str], tuple[int, Mapping[str, Any]]]


async def check_erasures(conn: Connection, *, vault: bool) -> list[Finding]:
    """Check what was erased, destroyed and held, as this transaction sees it.

    Without ``vault``, which this connection may not look into, holds are left out.
    """
    gone = await destroyed(conn)
    said = await _said(conn)
    erased = await _erased(conn)
    found = [finding for one in erased for finding in await _fields(conn, one)]
    came_back = await _came_back(conn)
    found += [f for one in erased if (f := _decided(one, said, came_back)) is not None]
    found += _executed(erased, said, gone)
    found += [f for one in gone.values() if (f := await _gone(conn, one)) is not None]
    if vault:
        found += await _held_blindly(conn)
    return found


async def _said(conn: Connection) -> _Said:
    said = _Said(set(), {})
    rows = await conn.execute(statement("erasing", "house_events"))
    for stream, seq, kind, body in await rows.fetchall():
        data = _data(body)
        if data is None or not isinstance(data.get("erasure"), str):
            continue
        key = stream.partition(":")[2], data["erasure"]
        if kind == "erasure_decided" and data.get("granted") is True:
            said.granted.add(key)
        elif kind == "erasure_executed":
            said.executed[key] = seq, data
    return said


async def _erased(conn: Connection) -> list[_Erased]:
    rows = await conn.execute(statement("erasing", "erasing_events"))
    found: list[_Erased] = []
    for stream, seq, cause, digest, body in await rows.fetchall():
        data = _data(body)
        try:
            paths = [(int(at), str(path)) for at, path in (data or {})["paths"]]
        except (LookupError, TypeError, ValueError):
            continue
        found.append(_Erased(stream, seq, cause, digest, paths))
    return found


def _data(body: bytes) -> Mapping[str, Any] | None:
    try:
        return dict(json.loads(body)["data"])
    except (LookupError, TypeError, ValueError):
        return None


async def _fields(conn: Connection, one: _Erased) -> list[Finding]:
    """Find what it names that is no private field of an earlier event."""
    where = {"stream": one.stream, "seqs": [at for at, _ in one.paths]}
    rows = await conn.execute(statement("erasing", "fields_of"), where)
    private = {seq: _private(body) for seq, body in await rows.fetchall()}
    return [
        Finding(
            one.stream, one.seq, CHECK, f"names {path} of event {at}: no such field"
        )
        for at, path in one.paths
        if at >= one.seq or path not in private.get(at, ())
    ]


def _private(body: bytes) -> Mapping[str, Any]:
    try:
        return dict(json.loads(body)["private"])
    except (LookupError, TypeError, ValueError):
        return {}


async def _came_back(conn: Connection) -> dict[str, list[range]]:
    """Give the events that came back from Temporal after an old backup, by stream."""
    found: dict[str, list[range]] = {}
    try:
        told = await events(conn, LOG_STREAM, [CAUGHT_UP])
    except (LookupError, TypeError, ValueError):
        return found
    for event in told:
        stream, first, last = (event.data.get(n) for n in ("stream", "first", "last"))
        if isinstance(first, int) and isinstance(last, int):
            found.setdefault(str(stream), []).append(range(first, last + 1))
    return found


def _decided(
    one: _Erased, said: _Said, came_back: Mapping[str, list[range]]
) -> Finding | None:
    """Find an erasure that nobody decided on.

    What never came needs no decision. What came back after the record was lost may
    have had one that is lost: Temporal does not hold an organisation's stream.
    """
    if one.cause.startswith(MISSING):
        return None
    if any(one.seq in each for each in came_back.get(one.stream, ())):
        return None
    name = erasure_of(one.cause)
    if name is not None and (one.organisation, name) in said.granted:
        return None
    detail = "fields were erased, and no decision on record says so"
    return Finding(one.stream, one.seq, CHECK, detail)


def _executed(
    erased: list[_Erased], said: _Said, gone: Mapping[str, Destroyed]
) -> Iterator[Finding]:
    """Hold what was said to be executed to the events that did it.

    Those in a dossier that was destroyed since went along: what is left is held to the
    counts.
    """
    made: dict[tuple[str, str], list[_Place]] = {}
    for one in erased:
        name = erasure_of(one.cause)
        if name is not None:
            place = made.setdefault((one.organisation, name), [])
            place.append((one.stream, one.seq, one.hash))
    for (organisation, name), (seq, data) in said.executed.items():
        house = f"org:{organisation}"
        events = sorted(made.get((organisation, name), []))
        digest = sha256(canonical([list(one) for one in events])).hexdigest()
        went = {
            one.stream
            for one in gone.values()
            if one.house == house and one.told_by > seq
        }
        if digest != data.get("events_hash") and not _went_along(events, data, went):
            detail = f"erasure {name} was executed by other events than it says"
            yield Finding(house, seq, CHECK, detail)


def _went_along(
    left: list[_Place], data: Mapping[str, Any], went: AbstractSet[str]
) -> bool:
    """Whether what is lacking can have gone with dossiers destroyed after it.

    An event that is lacking was in a dialogue of which nothing else of this erasure is
    there: so each dialogue that is lacking went, and lacks one event at least.
    """
    dialogues = {stream for stream, _, _ in left if not stream.startswith("org:")}
    try:
        events_lack = int(data["events"]) - len(left)
        lack = int(data["dialogues"]) - len(dialogues)
    except (LookupError, TypeError, ValueError):
        return False
    return 0 < lack <= len(went - dialogues) and lack <= events_lack


async def _held_blindly(conn: Connection) -> list[Finding]:
    """Find the holds that stand on a person, and nobody can tell any more on whom."""
    rows = await conn.execute(statement("erasing", "hold_events"))
    found: dict[tuple[str, str], Finding] = {}
    for stream, seq, kind, body, kept in await rows.fetchall():
        hold = str((_data(body) or {}).get("hold"))
        if kind == "hold_lifted":
            found.pop((stream, hold), None)
            continue
        about = _private(body).get("/subject")
        if about is not None and about not in kept:
            detail = f"nobody can tell any more whom hold {hold} is about: it holds all"
            found[stream, hold] = Finding(stream, seq, CHECK, detail)
    return list(found.values())


async def _gone(conn: Connection, one: Destroyed) -> Finding | None:
    """Find a dossier that was destroyed and is there, or went at another head."""
    rest = await what_is_left(conn, one.stream)
    problem = None
    if rest is None or (rest.seq, rest.head) != (one.seq, one.head):
        problem = "was destroyed at another head than its organisation says"
    elif rest.events:
        problem = f"was destroyed, and {rest.events} events are there"
    elif rest.leaf != one.head:
        problem = "was destroyed, and its last hash is not in the log"
    if problem is None:
        return None
    return Finding(one.stream, one.seq, "destroyed", problem)
