"""Proofs are put together from few tiles, and agree with a tree in memory."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.census import LOG_STREAM, Head, heads_root
from evidence.errors import OutsideTree
from evidence.note import COSIGNATURE, parse_note, sign, verifier_key
from evidence.signer import make_signer
from evidence.tree import EMPTY_ROOT, Tree, leaf_hash
from storage import proofs
from storage.errors import LogDamaged, UnknownCheckpoint
from storage.log import TILE, Edge, Leaf, Tile, add_leaves, load, top
from storage.logkey import LogKey
from storage.pool import Connection, Pool, connect, connection
from storage.sealing import seal
from tests.storage.logs import STREAMS, Filling, check_log

KEY = LogKey(make_signer("polder/waterdam", b"s" * 32))


def digest(n: int) -> bytes:
    """Return an event hash of our own."""
    return sha256(str(n).encode()).digest()


@given(sizes=st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_an_edge_grows_as_the_tree_does(sizes: list[int]) -> None:
    """However it is taken up again in between, its roots and tiles are the tree's."""
    tree, edge = Tree(), Edge()
    held: list[list[bytes]] = [[], []]
    for size in sizes:
        for n in range(tree.size, tree.size + size):
            leaf = leaf_hash(digest(n))
            tree.extend([leaf])
            edge.append(leaf)
            held[0].append(leaf)
        for tile in edge.take_full():
            assert tile.level == 0
            assert tile.number == len(held[1])
            span = held[0][tile.number * TILE : (tile.number + 1) * TILE]
            assert tile.hashes == b"".join(span)
            assert tile.root == Tree(span).root() == top(span)
            held[1].append(tile.root)
        assert edge.root() == tree.root()
        levels = [held[0][len(held[1]) * TILE :], held[1]]
        edge = Edge(tree.size, levels)
        assert edge.root() == tree.root()


def test_an_edge_fills_tiles_of_tiles() -> None:
    """65,536 leaves are one tile of tiles, and the next leaf begins another."""
    edge, tree = Edge(), Tree()
    tiles: list[Tile] = []
    for n in range(TILE * TILE + 1):
        leaf = leaf_hash(digest(n))
        edge.append(leaf)
        tree.extend([leaf])
        tiles += edge.take_full()
    upper = [tile for tile in tiles if tile.level == 1]
    assert [(tile.level, tile.number) for tile in upper] == [(1, 0)]
    assert upper[0].root == tree.root(TILE * TILE)
    assert upper[0].hashes == b"".join(t.root for t in tiles if t.level == 0)
    assert edge.root() == tree.root()


@pytest.fixture
async def sealer(url: str) -> Connection:
    """A connection in the sealer's role."""
    return await connect(url, role="polder_sealer")


async def test_proofs_reach_across_tiles_of_tiles(sealer: Connection) -> None:
    """In a log of more than 65,536 leaves every kind of node is found."""
    count = TILE * TILE + 2 * TILE + 3
    edge, _ = await load(sealer)
    made = [Leaf("org:waterdam", n + 1, digest(n), 1) for n in range(count)]
    async with sealer.transaction():
        for start in range(0, count, 5_000):
            await add_leaves(sealer, edge, made[start : start + 5_000])
    tree = Tree(leaf_hash(leaf.hash) for leaf in made)
    assert edge.root() == tree.root() == await proofs.root(sealer, count)
    whole = TILE * TILE
    for size in (1, TILE - 1, TILE, TILE + 1, whole - 1, whole, whole + 1, count):
        assert await proofs.root(sealer, size) == tree.root(size)
        some = {0, size // 2, size - 1, (size - 1) & ~255, max(0, size - 300)}
        paths = await proofs.inclusion(sealer, some, size)
        assert paths == {index: tree.inclusion(index, size) for index in some}
        for old in {1, size // 3 or 1, max(1, size - 1), size}:
            proof = await proofs.consistency(sealer, old, size)
            assert proof == tree.consistency(old, size)
    await sealer.close()


async def test_an_empty_log_has_a_root_and_nothing_else(sealer: Connection) -> None:
    """What is asked of leaves that are not there is refused."""
    assert await proofs.root(sealer, 0) == EMPTY_ROOT
    assert await proofs.newest(sealer) is None
    assert await proofs.heads_at(sealer, 0) == []
    assert await proofs.published(sealer) == []
    with pytest.raises(LogDamaged):
        await proofs.root(sealer, 1)
    with pytest.raises(OutsideTree):
        await proofs.inclusion(sealer, [5], 5)
    with pytest.raises(OutsideTree):
        await proofs.consistency(sealer, 0, 5)
    with pytest.raises(UnknownCheckpoint):
        await proofs.checkpoint_note(sealer, 1)
    await sealer.close()


async def test_heads_are_those_of_a_size_and_not_of_now(pool: Pool) -> None:
    """A census can be made again later, whatever came since."""
    filling = Filling(pool)
    taken: dict[int, dict[str, tuple[int, str]]] = {}
    for count in (1, 3, 2):
        for stream in STREAMS[: count + 1]:
            await filling.grow(stream, count)
        sealed = await seal(pool, KEY)
        assert sealed is not None
        taken[sealed.size] = {
            stream: (made[-1].seq, made[-1].hash)
            for stream, made in filling.made.items()
        }
    async with connection(pool) as conn:
        for size, wanted in taken.items():
            heads = await proofs.heads_at(conn, size)
            assert {h.stream: (h.seq, h.hash) for h in heads} == wanted
            again = [Head(stream, *place) for stream, place in wanted.items()]
            assert heads_root(heads) == heads_root(again)
        indexes = await proofs.leaf_indexes(conn, STREAMS[0])
        assert indexes == sorted(indexes)
        assert len(indexes) == len(filling.made[STREAMS[0]])


async def test_a_note_carries_what_witnesses_added(pool: Pool, url: str) -> None:
    """And every key of the log that signed this size."""
    sealed = await seal(pool, KEY, publish=True)
    assert sealed is not None
    text = parse_note(sealed.note).text
    name = "witness.example/w1"
    witness = make_signer(name, b"w" * 32)
    line = sign(text, name, witness.private).line()
    async with await connect(url, role="polder_sealer") as conn:
        await conn.execute(
            "INSERT INTO audit.cosignature (size, key_name, line) VALUES (%s, %s, %s)",
            (sealed.size, name, line),
        )
        note = await proofs.checkpoint_note(conn, sealed.size)
        newest = await proofs.newest(conn, published=True)
    assert newest is not None
    assert newest.note == sealed.note
    assert note == sealed.note + line.encode()
    assert verifier_key(name, witness.private).kind != COSIGNATURE
    assert [one.name for one in parse_note(note).signatures] == [
        KEY.vkey.name,
        name,
    ]
    assert [head.stream for head in await _heads(pool, 1)] == [LOG_STREAM]
    await check_log(pool, KEY.vkeys)


async def _heads(pool: Pool, size: int) -> list[Head]:
    async with connection(pool) as conn:
        return await proofs.heads_at(conn, size)
