"""The heads of all streams follow from the leaves, and are made again for a census."""

from __future__ import annotations

from evidence.census import Head
from evidence.tree import Frontier


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
