"""Any claim about the log is proved from few tiles, whatever the log's length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from psycopg.rows import class_row

from evidence.census import Head, HeadProof, prove_among
from evidence.errors import OutsideTree
from evidence.note import add_signatures, parse_note
from evidence.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Place,
    consistency_places,
    consistency_proof,
    frontier_places,
    inclusion_places,
    inclusion_proof,
    root_of,
)
from storage.errors import LogDamaged, UnknownCheckpoint
from storage.log import TILE, TILE_LEVELS, Stored, length, newest, top, unfinished
from storage.pool import Connection
from storage.statements import statement

__all__ = [
    "Stored",
    "checkpoint_note",
    "consistencies",
    "consistency",
    "heads_at",
    "inclusion",
    "leaf_indexes",
    "length",
    "newest",
    "prove_head",
    "published",
    "root",
]

_AT_ONCE: Final = 2_000
"""How many tiles are held in memory at a time: 16 MB."""

_Key = tuple[int, int]
"""A tile: its level and number."""


async def inclusion(
    conn: Connection, indexes: Iterable[int], size: int
) -> dict[int, tuple[bytes, ...]]:
    """Return the audit path of each leaf in the tree of ``size`` leaves.

    Raises ``evidence.errors.OutsideTree``, and ``LogDamaged`` where the log has fewer
    leaves or lacks a tile.
    """
    wanted = sorted(set(indexes))
    places = {place for index in wanted for place in inclusion_places(index, size)}
    nodes = await _nodes(conn, places, size)
    return {index: inclusion_proof(index, size, nodes) for index in wanted}


async def consistency(conn: Connection, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the log of ``old`` leaves is the beginning of ``new``.

    0 < old ≤ new. Raises as ``inclusion``.
    """
    return (await consistencies(conn, [old], new))[old]


async def consistencies(
    conn: Connection, sizes: Iterable[int], new: int
) -> dict[int, tuple[bytes, ...]]:
    """Return the proof of ``consistency`` from each of these sizes, in few reads."""
    each = sorted(set(sizes))
    places = {place for old in each for place in consistency_places(old, new)}
    nodes = await _nodes(conn, places, new)
    return {old: consistency_proof(old, new, nodes) for old in each}


async def root(conn: Connection, size: int) -> bytes:
    """Return the root of the first ``size`` leaves, made from the tiles."""
    if size == 0:
        return EMPTY_ROOT
    return root_of(size, await _nodes(conn, set(frontier_places(size)), size))


async def published(conn: Connection) -> list[tuple[int, datetime]]:
    """Return size and moment of every published checkpoint, by size."""
    cursor = await conn.execute(statement("proofs", "published"))
    return [(int(size), at) for size, at in await cursor.fetchall()]


async def checkpoint_note(conn: Connection, size: int) -> bytes:
    """Return the signed note of a checkpoint, with what witnesses put under it.

    Raises ``UnknownCheckpoint``.
    """
    where = {"size": size}
    notes = await (await conn.execute(statement("proofs", "notes"), where)).fetchall()
    if not notes:
        raise UnknownCheckpoint(f"no checkpoint of size {size} is on record")
    whole: bytes = notes[0][0]
    for (other,) in notes[1:]:
        # Signed again, by a key that came in its place.
        lines = "".join(line.line() for line in parse_note(other).signatures)
        whole = add_signatures(whole, lines.encode())
    rows = await conn.execute(statement("proofs", "cosignatures"), where)
    for (line,) in await rows.fetchall():
        whole = add_signatures(whole, line.rstrip("\n").encode() + b"\n")
    return whole


async def leaf_indexes(conn: Connection, stream: str) -> list[int]:
    """Return the places of a stream's events in the log, from seq 1 on."""
    where = {"stream": stream}
    cursor = await conn.execute(statement("proofs", "leaf_indexes"), where)
    return [int(row[0]) for row in await cursor.fetchall()]


async def heads_at(conn: Connection, size: int) -> list[Head]:
    """Return the last event of every stream within the first ``size`` leaves."""
    async with conn.cursor(row_factory=class_row(Head)) as cursor:
        await cursor.execute(statement("proofs", "heads"), {"size": size})
        return await cursor.fetchall()


async def prove_head(conn: Connection, size: int, stream: str) -> HeadProof:
    """Return the last event of one stream within ``size`` leaves, with its proof.

    Of all other streams only hashes are read. Raises ``evidence.errors.OutsideTree``.
    """
    where = {"size": size, "stream": stream}
    cursor = await conn.execute(statement("proofs", "heads_around"), where)
    rows = await cursor.fetchall()
    for index, (_, seq, digest) in enumerate(rows):
        if seq is not None:
            head = Head(stream, seq, digest)
            return prove_among((row[0] for row in rows), head, index)
    raise OutsideTree(f"the census knows no stream {stream}")


async def _nodes(
    conn: Connection, places: set[Place], size: int
) -> Mapping[Place, bytes]:
    held = await length(conn)
    if held < size:
        raise LogDamaged(f"the log has {held} leaves, not {size}")
    by_tile: dict[_Key, list[Place]] = defaultdict(list)
    for place in places:
        by_tile[_tile_of(place)].append(place)
    found: dict[Place, bytes] = {}
    keys = sorted(by_tile)
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        tiles = await _tiles(conn, some, held)
        found |= {
            place: _within(place, tiles[key]) for key in some for place in by_tile[key]
        }
    return found


def _tile_of(place: Place) -> _Key:
    level, above = divmod(place.level, TILE_LEVELS)
    return level, place.nth >> (TILE_LEVELS - above)


def _within(place: Place, nodes: list[bytes]) -> bytes:
    count = 1 << place.level % TILE_LEVELS
    start = (place.nth * count) % TILE
    return top(nodes[start : start + count])


async def _tiles(
    conn: Connection, keys: list[_Key], held: int
) -> dict[_Key, list[bytes]]:
    where = {
        "levels": [level for level, _ in keys],
        "numbers": [number for _, number in keys],
    }
    cursor = await conn.execute(statement("proofs", "tiles"), where)
    tiles = {
        (level, number): _split(hashes)
        for level, number, hashes in await cursor.fetchall()
    }
    for level, number in keys:
        if (level, number) not in tiles:
            start = number * TILE
            stop = held >> TILE_LEVELS * level
            if stop - start >= TILE:
                raise LogDamaged(f"tile {number} of level {level} is not there")
            tiles[level, number] = await unfinished(conn, level, start, stop)
    return tiles


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
