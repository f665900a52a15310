"""What follows from the leaves is made again: full tiles, and the heads of streams."""

from __future__ import annotations

from hashlib import sha256

from evidence.census import Head
from evidence.tree import Frontier, Node
from storage.log import TILE, TILE_LEVELS


class Heads:
    """The last leaf of every stream so far, and the root of the tree over them."""

    def __init__(self) -> None:
        """Begin before the first leaf."""
        self._last: dict[str, tuple[int, bytes]] = {}
        self._leaves: dict[str, bytes] = {}
        self._order: list[str] = []

    def __len__(self) -> int:
        """How many streams there are."""
        return len(self._last)

    def seq(self, stream: str) -> int:
        """Return the number of a stream's last event; 0 where it has none."""
        return self._last.get(stream, (0, b""))[0]

    def note(self, stream: str, seq: int, hashed: bytes) -> None:
        """Take in the next leaf."""
        self._last[stream] = seq, hashed
        self._leaves.pop(stream, None)

    def root(self) -> bytes:
        """Return what `evidence.census.heads_root` gives, without making all anew."""
        if len(self._order) != len(self._last):
            self._order = sorted(self._last, key=str.encode)
        frontier = Frontier()
        for stream in self._order:
            frontier.append(self._leaf(stream))
        return frontier.root()

    def _leaf(self, stream: str) -> bytes:
        leaf = self._leaves.get(stream)
        if leaf is None:
            seq, hashed = self._last[stream]
            leaf = self._leaves[stream] = Head(stream, seq, hashed.hex()).leaf()
        return leaf


class Tiles:
    """What the full tiles of a growing tree should hold: a digest of each."""

    def __init__(self) -> None:
        """Begin before the first leaf."""
        self.made: dict[tuple[int, int], bytes] = {}
        self._open: dict[int, list[bytes]] = {}

    def note(self, nodes: list[Node]) -> None:
        """Take in the nodes that one more leaf completes."""
        # Whole nodes come from the leaf up, so the root of a tile that is full with
        # this leaf stands eight places after its last hash.
        for at in range(0, len(nodes), TILE_LEVELS):
            place, hashed = nodes[at]
            level = place.level // TILE_LEVELS
            row = self._open.setdefault(level, [])
            row.append(hashed)
            if len(row) == TILE:
                root = nodes[at + TILE_LEVELS].hash
                made = digest(b"".join(row), root)
                self.made[level, place.nth // TILE] = made
                row.clear()


def digest(hashes: bytes, root: bytes) -> bytes:
    """Return what two tiles are compared by."""
    return sha256(hashes + root).digest()
