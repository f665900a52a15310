"""A log to be sealed: who fills it, and who checks what it then says."""

from __future__ import annotations

from pathlib import Path
from random import Random

from evidence.canonical import canonical
from evidence.census import CENSUS_TAKEN, LOG_STREAM, census_data, prove_head
from evidence.checkpoint import verify_checkpoint
from evidence.event import Sealed as Event
from evidence.note import VerifierKey
from evidence.tree import Tree, leaf_hash, verify_consistency, verify_inclusion
from storage import proofs
from storage.logkey import LogKey, create
from storage.pool import Connection, Pool, connection
from storage.record import append
from tests.storage.streams import batch, events

STREAMS = ("gemeente-waterdam:aa", "gemeente-waterdam:bb", "org:gemeente-waterdam")


def key_in(directory: Path) -> LogKey:
    """Make the key of a log named waterdam."""
    return create(directory / "keys" / "log.key", "waterdam")


class Filling:
    """Streams that grow, and all their events in memory."""

    def __init__(self, pool: Pool, seed: int = 0) -> None:
        """Begin with nothing."""
        self.pool = pool
        self.made: dict[str, list[Event]] = {}
        self._random = Random(seed)

    async def grow(self, stream: str, count: int) -> list[Event]:
        """Append events to a stream."""
        so_far = self.made.setdefault(stream, [])
        new = events(count, stream=stream, after=so_far)
        await append(self.pool, batch(new, so_far[-1] if so_far else None))
        so_far += new
        return new

    async def some(self, most: int = 40) -> None:
        """Let a few streams grow, in any order."""
        for _ in range(self._random.randint(1, 4)):
            stream = self._random.choice(STREAMS)
            await self.grow(stream, self._random.randint(1, most))


async def leaves(conn: Connection) -> list[tuple[int, str, int, bytes]]:
    """Return the leaves of the log in order."""
    cursor = await conn.execute(
        "SELECT leaf_index, stream, seq, hash FROM audit.leaf ORDER BY leaf_index"
    )
    return await cursor.fetchall()


async def check_log(pool: Pool, vkeys: tuple[VerifierKey, ...]) -> Tree:
    """Hold the whole log against a tree in memory; return that tree."""
    async with connection(pool) as conn:
        rows = await leaves(conn)
        assert [index for index, *_ in rows] == list(range(len(rows)))
        seen: dict[str, int] = {}
        for _, stream, seq, _ in rows:
            assert seq == seen.get(stream, 0) + 1
            seen[stream] = seq
        tree = Tree(leaf_hash(digest) for *_, digest in rows)
        await _check_tiles(conn, tree)
        cursor = await conn.execute(
            "SELECT size, root, note, published FROM audit.checkpoint"
        )
        for size, root, note, published in await cursor.fetchall():
            assert root == tree.root(size) == await proofs.root(conn, size)
            signed = verify_checkpoint(note, vkeys).checkpoint
            assert (signed.size, signed.root) == (size, root)
            if published:
                await check_census(conn, size)
    return tree


async def _check_tiles(conn: Connection, tree: Tree) -> None:
    cursor = await conn.execute("SELECT level, number, hashes, root FROM audit.tile")
    tiles = await cursor.fetchall()
    wanted = {(0, n) for n in range(tree.size >> 8)}
    wanted |= {(1, n) for n in range(tree.size >> 16)}
    assert {(level, number) for level, number, *_ in tiles} == wanted
    for level, number, hashes, root in tiles:
        span = 256 ** (level + 1)
        assert len(hashes) == 8192
        below = Tree([hashes[at : at + 32] for at in range(0, 8192, 32)])
        assert below.root() == root
        proof = tree.inclusion(number * span, (number + 1) * span)
        # The first leaf's path within the tile ends at the tile's own root.
        assert len(proof) >= 8 * (level + 1)


async def check_census(conn: Connection, size: int) -> None:
    """Hold the last leaf of a published checkpoint against the heads before it."""
    cursor = await conn.execute(
        "SELECT e.type, e.body FROM audit.leaf l JOIN audit.event e USING (stream, seq)"
        " WHERE l.leaf_index = %s AND l.stream = %s",
        (size - 1, LOG_STREAM),
    )
    row = await cursor.fetchone()
    assert row is not None
    assert row[0] == CENSUS_TAKEN
    heads = await proofs.heads_at(conn, size - 1)
    assert canonical(census_data(size - 1, heads)) in row[1]
    for head in heads:
        assert prove_head(heads, head.stream).head == head


async def check_proofs(pool: Pool, tree: Tree, sizes: list[int]) -> None:
    """Make every proof for these sizes from the tiles, and verify it."""
    async with connection(pool) as conn:
        rows = await leaves(conn)
        for size in sizes:
            paths = await proofs.inclusion(conn, range(size), size)
            for index in range(size):
                assert paths[index] == tree.inclusion(index, size)
                leaf = leaf_hash(rows[index][3])
                root = tree.root(size)
                assert verify_inclusion(leaf, index, size, paths[index], root)
            for old in {1, size // 2 or 1, size}:
                proof = await proofs.consistency(conn, old, size)
                assert proof == tree.consistency(old, size)
                roots = (tree.root(old), tree.root(size))
                assert verify_consistency(old, size, *roots, proof)
