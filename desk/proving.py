"""That nothing of a person is left is looked up everywhere, after it was destroyed.

What is looked for has to be known before it goes: texts and their salts are held in
memory from before the first is destroyed until they were looked for, and nowhere else.
After a crash only what was still there can be looked for by its text; that no row and
no key is left can be seen at any time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from desk.desk import Desk
from desk.errors import DeskError
from desk.histories import runs_of
from storage import erasing
from storage.erasing import Job, Made
from storage.pool import connection
from storage.searching import Hit, search, unread
from storage.vault import openings

SHORTEST: Final = 6
"""Characters of a text that is looked for: shorter ones are found everywhere."""


class Needles(NamedTuple):
    """What is looked for. It is never shown, logged or kept."""

    texts: tuple[bytes, ...]
    salts: tuple[bytes, ...]
    short: int
    """How many texts were too short to look for."""

    def __repr__(self) -> str:
        """Show how many there are, and none of them."""
        return f"Needles({len(self.texts)} texts, {len(self.salts)} salts)"


class Searched(NamedTuple):
    """The histories of one dialogue in Temporal: how many runs, and hits in them."""

    stream: str
    runs: int
    hits: int


class Proof(NamedTuple):
    """What was looked for, where, and what was found.

    ``values`` and ``key`` are of the vault and the keys, and must be 0 and False.
    ``found`` are columns that hold one of the texts or salts all the same, such as a
    title that has a name in it; ``named`` those that still hold the opaque id.
    """

    texts: int
    short: int
    values: int
    key: bool
    found: tuple[Hit, ...]
    named: tuple[Hit, ...]
    unread: tuple[str, ...]
    histories: tuple[Searched, ...]
    histories_read: bool

    @property
    def nothing_left(self) -> bool:
        """Whether nothing was found that should have gone."""
        in_temporal = any(each.hits for each in self.histories)
        return not (self.values or self.key or self.found or in_temporal)


async def before(desk: Desk, job: Job) -> Needles:
    """Take in what is about to be destroyed."""
    texts: set[bytes] = set()
    salts: set[bytes] = set()
    short = 0
    for stream in await erasing.dialogues(desk.pool, job.organisation, job.subject):
        found = await openings(desk.pool, desk.keys, stream, skip_unreadable=True)
        for opening in found:
            if opening.subject != job.subject:
                continue
            salts.add(opening.salt)
            value = opening.value
            if value == job.subject:
                continue
            if isinstance(value, str) and len(value) >= SHORTEST:
                texts.add(value.encode())
            else:
                short += 1
    return Needles(tuple(sorted(texts)), tuple(sorted(salts)), short)


async def after(desk: Desk, job: Job, made: Sequence[Made], needles: Needles) -> Proof:
    """Look for it in every table, among the keys, and in Temporal's histories."""
    wanted = (*needles.texts, *needles.salts)
    async with connection(desk.pool) as conn:
        found = await search(conn, wanted)
        named = await search(conn, [job.subject.encode()])
        dark = await unread(conn)
    streams = sorted({one.stream for one in made if not one.stream.startswith("org:")})
    histories, read = await _histories(desk, streams, wanted)
    return Proof(
        texts=len(needles.texts),
        short=needles.short,
        values=await erasing.left(desk.pool, job.organisation, job.subject),
        key=await desk.keys.id_of(job.organisation, job.subject) is not None,
        found=found,
        named=named,
        unread=dark,
        histories=histories,
        histories_read=read,
    )


async def _histories(
    desk: Desk, streams: Iterable[str], needles: Sequence[bytes]
) -> tuple[tuple[Searched, ...], bool]:
    try:
        client = await desk.client()
        return tuple([await _history(client, s, needles) for s in streams]), True
    except (DeskError, RPCError):
        return (), False


async def _history(client: Client, stream: str, needles: Sequence[bytes]) -> Searched:
    """Search every run that Temporal still holds, also those before a restore."""
    wanted = [form for needle in needles for form in _forms(needle)]
    hits = 0
    seen: set[str] = set()
    left = await runs_of(client, stream)
    while left:
        run_id = left.pop()
        try:
            before, found = await _run(client, stream, run_id, wanted)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                continue
            raise
        hits += found
        seen.add(run_id)
        # What Temporal lists may lag behind; a run knows the one that it continues.
        left |= {before} - seen - {""}
    return Searched(stream, len(seen), hits)


async def _run(
    client: Client, stream: str, run_id: str, wanted: Sequence[bytes]
) -> tuple[str, int]:
    """Search one run; give the run that it continues, or "", and the hits."""
    handle = client.get_workflow_handle(stream, run_id=run_id)
    before, hits = "", 0
    async for event in handle.fetch_history_events():
        started = event.workflow_execution_started_event_attributes
        before = before or started.continued_execution_run_id
        data = event.SerializeToString()
        hits += any(form in data for form in wanted)
    return before, hits


def _forms(needle: bytes) -> list[bytes]:
    """Give the ways in which a payload may hold it."""
    found = [needle, needle.hex().encode()]
    try:
        text = needle.decode()
    except UnicodeDecodeError:
        return found
    return [
        *found,
        *(json.dumps(text, ensure_ascii=a)[1:-1].encode() for a in (False, True)),
    ]
