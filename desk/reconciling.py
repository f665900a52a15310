"""The record is held against what stands outside it: Temporal, and old checkpoints.

Temporal holds the head of every live dialogue. The record is read first, then Temporal
is asked, then, where they seem to differ, the record is read again: a dialogue that
goes on meanwhile is no difference. What was found is an event of `polder:log`.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from temporalio.client import Client

from desk.desk import Desk
from desk.histories import Told, ask, held, streams
from domain.facts import OWN_PREFIX
from domain.reconciliations import DONE, Difference, ReconciliationDone
from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from evidence.chain import is_stream
from evidence.checkpoint import verify_checkpoint
from evidence.errors import EvidenceError
from evidence.note import parse_key
from storage.open_incidents import note
from storage.ownlog import append
from storage.pool import Source, connection
from storage.projection import is_dialogue
from storage.proofs import length, root
from storage.record import Head, head
from storage.returning import dialogues, hash_at

AT_ONCE: Final = 16
"""How many dialogues are asked at the same time."""

SETTLE: Final = 3.0
"""Seconds after which a dialogue that waits for the record should have got further."""


class Known(NamedTuple):
    """Where a dialogue is known: on record, perhaps to its end, and in Temporal."""

    recorded: bool
    archived: bool
    open: bool


class Compared(NamedTuple):
    """What was looked at and found; ``document`` is the event as JSON."""

    dialogues: int
    checkpoints: int
    differences: tuple[Difference, ...]

    def fact(self, caught_up: int = 0) -> ReconciliationDone:
        """Give what the event says."""
        return ReconciliationDone.of(
            self.differences,
            dialogues=self.dialogues,
            checkpoints=self.checkpoints,
            caught_up=caught_up,
        )


async def compare(
    desk: Desk, since: Sequence[Path] = (), keys: Sequence[str] = ()
) -> Compared:
    """Compare every dialogue with Temporal, and the log with older checkpoints.

    ``keys`` are the log's verifier keys, with which the checkpoints were signed.
    Raises `Unreachable`; a dialogue that can't be asked is a difference.
    """
    client = await desk.client()
    known = await _known(desk.pool, client)
    found = [difference async for difference in _parted(client, desk.pool, known)]
    for file in since:
        found += await _against_checkpoint(desk.pool, file, keys)
    found.sort(key=lambda difference: (difference.stream, difference.kind))
    return Compared(len(known), len(since), tuple(found))


async def tell(
    desk: Desk,
    compared: Compared,
    actor: Mapping[str, JsonValue],
    *,
    caught_up: int = 0,
) -> dict[str, Any]:
    """Put the outcome on record, and the incidents that led to it; give it as JSON."""
    await note(desk.pool)
    said = compared.fact(caught_up).model_dump(mode="json")
    cause = f"{OWN_PREFIX}reconciliation:{uuid.uuid4()}"
    await append(desk.pool, LOG_STREAM, DONE, said, cause=cause, actor=actor)
    return said


async def _known(pool: Source, client: Client) -> dict[str, Known]:
    known: dict[str, Known] = {}
    gone: set[str] = set()
    async for row in dialogues(pool):
        if row.destroyed:
            gone.add(row.stream)
            continue
        known[row.stream] = Known(recorded=True, archived=row.archived, open=False)
    async for stream, is_open in streams(client):
        if not is_stream(stream) or not is_dialogue(stream):
            continue  # anybody can start a workflow under any name
        if stream in gone and not is_open:
            continue  # one that runs was not destroyed, whatever the record says
        there = known.get(stream, Known(recorded=False, archived=False, open=False))
        known[stream] = there._replace(open=there.open or is_open)
    return known


async def _parted(
    client: Client, pool: Source, known: Mapping[str, Known]
) -> AsyncIterator[Difference]:
    """Give where the two part, some dialogues at a time; those that wait twice."""
    waiting: list[tuple[str, Told]] = []
    names = sorted(known)
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        looked = [look(client, pool, name, known[name]) for name in some]
        for name, (told, kind) in zip(some, await asyncio.gather(*looked), strict=True):
            if kind is not None:
                yield await _difference(pool, name, kind, told)
            elif told.waits:
                waiting.append((name, told))
    if waiting:
        await asyncio.sleep(SETTLE)
    for name, before in waiting:
        told, kind = await look(client, pool, name, known[name])
        stuck = told.waits and told.recorded_seq == before.recorded_seq
        if kind or stuck:
            yield await _difference(pool, name, kind or "waits", told)


async def _difference(pool: Source, stream: str, kind: str, told: Told) -> Difference:
    recorded = await head(pool, stream)
    return Difference.of(
        stream,
        kind,
        recorded=recorded.seq if recorded else None,
        held=told.recorded_seq if told.life in {"running", "ended"} else None,
    )


async def look(
    client: Client, pool: Source, stream: str, known: Known
) -> tuple[Told, str | None]:
    """Compare one dialogue; give what Temporal says, and how they part, if they do."""
    before = await head(pool, stream)
    told = await ask(client, stream)
    if told.life == "silent":
        return told, "no_answer"
    if told.life == "none":
        return told, await _without(client, stream, known)
    after = before
    if before is None or before.seq < told.recorded_seq:
        after = await head(pool, stream)
    if after is None or after.seq == 0:
        return told, "not_on_record" if told.recorded_seq else None
    return told, await _parts(pool, told, before or after, after)


async def _without(client: Client, stream: str, known: Known) -> str | None:
    """Say what is the matter with a dialogue that nothing runs or ended for."""
    if known.recorded:
        return None if known.archived else "not_in_temporal"
    # A start that was refused leaves nothing; one that was obeyed has receipts.
    return "not_on_record" if (await held(client, stream)).last[0] else None


async def _parts(pool: Source, told: Told, before: Head, after: Head) -> str | None:
    """Say how a dialogue that both know parts, if it does."""
    live = told.ledger
    if after.seq < told.recorded_seq or (live and live.epoch > after.epoch):
        return "record_behind"
    if live and live.epoch < after.epoch:
        return "older_epoch"
    if live and before.seq > told.seq:
        return "record_ahead"
    # What came after the end of a dialogue was added by the desk.
    for seq in {told.recorded_seq, min(before.seq, told.seq)}:
        there = told.hash_at(seq)
        if there is not None and there != await hash_at(pool, after.stream, seq):
            return "head_differs"
    return "blocked" if live and after.blocked_by else None


async def _against_checkpoint(
    source: Source, file: Path, keys: Sequence[str]
) -> list[Difference]:
    """Hold the log against a checkpoint that somebody kept."""
    try:
        trusted = [parse_key(key) for key in keys]
        content = await asyncio.to_thread(file.read_bytes)
        older = verify_checkpoint(content, trusted).checkpoint
    except (OSError, EvidenceError):
        return [Difference.of(LOG_STREAM, "checkpoint_unreadable")]
    async with connection(source) as conn:
        size = await length(conn)
        if older.size > size:
            kind = "log_shorter"
        elif await root(conn, older.size) != older.root:
            kind = "log_differs"
        else:
            return []
    return [Difference.of(LOG_STREAM, kind, recorded=size, held=older.size)]
