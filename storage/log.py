"""The log is leaves, full tiles of the tree over them, and signed checkpoints.

A tile is 256 neighbouring nodes eight levels apart, stored once it is full. What is
not in a full tile follows from at most 255 leaves and 255 tiles a level: the right
edge, with which the tree grows and from which its root is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import class_row

from evidence.tree import Frontier, leaf_hash, node_hash
from storage.errors import LogDamaged
from storage.pool import Connection
from storage.statements import statement

TILE: Final = 256
"""How many nodes a tile holds."""

TILE_LEVELS: Final = 8
"""How many levels of the tree a tile spans: 2^8 is ``TILE``."""


class Leaf(NamedTuple):
    """An event that gets its place in the log."""

    stream: str
    seq: int
    hash: bytes
    """The event's hash, 32 bytes."""
    db_epoch: int


class Tile(NamedTuple):
    """256 nodes of the tree at level 8 × ``level``, and the node above them."""

    level: int
    number: int
    hashes: bytes
    root: bytes


class Stored(NamedTuple):
    """A checkpoint as it is stored; ``note`` without what witnesses added."""

    size: int
    root: bytes
    note: bytes
    at: datetime
    published: bool
    key_id: bytes


class Edge:
    """The right edge of the log: per level the nodes that fill no tile yet."""

    def __init__(self, size: int = 0, levels: Sequence[Sequence[bytes]] = ()) -> None:
        """Begin empty, or with what ``load`` read."""
        self.size = size
        self._levels = [list(level) for level in levels]
        self._full: list[Tile] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        self.size += 1
        self._put(0, leaf)

    def take_full(self) -> list[Tile]:
        """Return the tiles that became full since the last time."""
        full, self._full = self._full, []
        return full

    def root(self) -> bytes:
        """Return the root of all leaves."""
        peaks: list[bytes] = []
        for level in reversed(self._levels):
            within = Frontier()
            for node in level:
                within.append(node)
            peaks += within.peaks()
        return Frontier(self.size, peaks).root()

    def _put(self, level: int, node: bytes) -> None:
        if level == len(self._levels):
            self._levels.append([])
        held = self._levels[level]
        held.append(node)
        if len(held) == TILE:
            number = (self.size >> TILE_LEVELS * (level + 1)) - 1
            root = top(held)
            self._full.append(Tile(level, number, b"".join(held), root))
            held.clear()
            self._put(level + 1, root)


def top(nodes: Sequence[bytes]) -> bytes:
    """Return the node above a power of two of neighbouring nodes."""
    row = list(nodes)
    while len(row) > 1:
        row = [node_hash(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def leaf_of(event_hash: bytes) -> bytes:
    """Return the leaf hash of an event, by its hash."""
    return leaf_hash(event_hash)


async def load(conn: Connection) -> tuple[Edge, Stored | None]:
    """Return the right edge of the log and its last checkpoint.

    Raises ``LogDamaged`` where the one does not come to the other.
    """
    size = await length(conn)
    edge = Edge(size, await _levels(conn, size))
    last = await newest(conn)
    signed = (last.size, last.root) if last else (0, None)
    if signed != (size, edge.root() if size else None):
        raise LogDamaged(
            f"the log has {size} leaves, and the last checkpoint, of {signed[0]},"
            " does not speak for them"
        )
    return edge, last


async def length(conn: Connection) -> int:
    """Return how many leaves the log has."""
    row = await (await conn.execute(statement("log", "size"))).fetchone()
    return 0 if row is None else int(row[0])


async def newest(conn: Connection, *, published: bool = False) -> Stored | None:
    """Return the last checkpoint, or the last that was published, if there is one."""
    async with conn.cursor(row_factory=class_row(Stored)) as cursor:
        await cursor.execute(statement("log", "newest"), {"published": published})
        return await cursor.fetchone()


async def _levels(conn: Connection, size: int) -> list[list[bytes]]:
    levels: list[list[bytes]] = []
    count = size
    while count:
        level = len(levels)
        levels.append(await unfinished(conn, level, count - count % TILE, count))
        count >>= TILE_LEVELS
    return levels


async def unfinished(
    conn: Connection, level: int, start: int, stop: int
) -> list[bytes]:
    """Return the nodes from ``start`` to ``stop`` at level 8 × ``level``.

    Without the tile they lie in, which need not be full. Raises ``LogDamaged``.
    """
    where = {"level": level - 1, "start": start, "stop": stop}
    if level == 0:
        rows = await conn.execute(statement("log", "leaf_hashes"), where)
        nodes = [row[0] for row in await rows.fetchall()]
    else:
        rows = await conn.execute(statement("log", "tile_roots"), where)
        nodes = [row[0] for row in await rows.fetchall()]
    if len(nodes) != stop - start:
        raise LogDamaged(f"of the nodes {start} to {stop} of level {level} some lack")
    return nodes


async def add_leaves(conn: Connection, edge: Edge, leaves: Sequence[Leaf]) -> None:
    """Give leaves the next places, and store the tiles that they fill."""
    start = edge.size
    for leaf in leaves:
        edge.append(leaf_of(leaf.hash))
    columns: dict[str, Any] = {
        "start": start,
        "streams": [leaf.stream for leaf in leaves],
        "seqs": [leaf.seq for leaf in leaves],
        "hashes": [leaf.hash for leaf in leaves],
        "db_epochs": [leaf.db_epoch for leaf in leaves],
    }
    await conn.execute(statement("log", "add_leaves"), columns)
    await _add_tiles(conn, edge.take_full())


async def _add_tiles(conn: Connection, tiles: Iterable[Tile]) -> None:
    each = list(tiles)
    if each:
        columns = {
            "levels": [tile.level for tile in each],
            "numbers": [tile.number for tile in each],
            "hashes": [tile.hashes for tile in each],
            "roots": [tile.root for tile in each],
        }
        await conn.execute(statement("log", "add_tiles"), columns)


async def add_checkpoint(
    conn: Connection,
    edge: Edge,
    note: bytes,
    key_id: bytes,
    *,
    published: bool,
) -> None:
    """Store a signed checkpoint of the log as it is."""
    row: dict[str, Any] = {
        "size": edge.size,
        "root": edge.root(),
        "note": note,
        "key_id": key_id,
        "published": published,
    }
    await conn.execute(statement("log", "add_checkpoint"), row)
