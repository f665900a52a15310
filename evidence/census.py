"""A census says where every stream ended, so that no event can be left out unseen.

It is the event ``census_taken`` in the stream ``polder:log``. Its own leaf index is the
number of events it speaks for. The heads of all streams form a tree of the same kind as
the log's, so that one head can be shown without the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from evidence.canonical import canonical
from evidence.errors import OutsideTree
from evidence.tree import Frontier, Tree, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidence.canonical import JsonValue

LOG_STREAM: Final = "polder:log"
"""The stream of the installation itself."""

CENSUS_TAKEN: Final = "census_taken"
"""The type of the event."""


class Head(NamedTuple):
    """The last event of a stream within the leaves that a census speaks for."""

    stream: str
    seq: int
    hash: str
    """The event's hash, 64 hex digits."""

    def leaf(self) -> bytes:
        """Return SHA-256(0x00 ‖ JCS([stream, seq, event hash in hex]))."""
        return leaf_hash(canonical([self.stream, self.seq, self.hash]))


def in_order(heads: Iterable[Head]) -> list[Head]:
    """Return the heads sorted by the UTF-8 bytes of the stream's name."""
    return sorted(heads, key=lambda head: head.stream.encode())


def heads_root(heads: Iterable[Head]) -> bytes:
    """Return the root of the tree over all heads, in whatever order they come."""
    frontier = Frontier()
    for head in in_order(heads):
        frontier.append(head.leaf())
    return frontier.root()


def census_data(events: int, heads: Iterable[Head]) -> dict[str, JsonValue]:
    """Return the ``data`` of a census over the leaves 0 … ``events`` − 1.

    ``heads`` has one entry for each stream within those leaves, ``polder:log`` too.
    """
    every = list(heads)
    root = heads_root(every).hex()
    return {"events": events, "heads_root": root, "streams": len(every)}


class HeadProof(NamedTuple):
    """Where a head stands among all heads, and the path from there to their root."""

    head: Head
    head_index: int
    proof: tuple[bytes, ...]


def prove_head(heads: Iterable[Head], stream: str) -> HeadProof:
    """Return the head of ``stream`` with its proof; raises ``OutsideTree``."""
    ordered = in_order(heads)
    for index, head in enumerate(ordered):
        if head.stream == stream:
            return prove_among([other.leaf() for other in ordered], head, index)
    raise OutsideTree(f"the census knows no stream {stream}")


def prove_among(leaves: Iterable[bytes], head: Head, index: int) -> HeadProof:
    """Return the proof of a head where of the others only the leaf hashes are known."""
    return HeadProof(head, index, Tree(leaves).inclusion(index))
