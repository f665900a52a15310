"""A log of any length is summed up in 32 bytes, and any claim about it in a few more.

The Merkle tree of RFC 6962 §2.1. The hash of a range whose size is a power of two and
which begins at a multiple of it never changes again: such a *node* is stored once, at
its `Place`, and roots and proofs are put together from stored nodes, without reading
the leaves.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from evidence.errors import OutsideTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

HASH_BYTES: Final = 32
"""The length of every hash in a tree."""

EMPTY_ROOT: Final = sha256().digest()
"""The root of a tree without leaves."""


class Place(NamedTuple):
    """Where a node stands: it covers the leaves from nth·2^level, 2^level of them."""

    level: int
    nth: int


class Node(NamedTuple):
    """A node that is complete, so that it may be stored for good."""

    place: Place
    hash: bytes


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ entry); in the log an entry is an event hash, raw."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: all that is needed to make it grow.

    It holds one node for each bit of ``size``, the largest first.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Begin empty, or with the nodes at ``frontier_places(size)``.

        Raises ``OutsideTree`` when that is another number of nodes.
        """
        if size < 0 or len(peaks) != size.bit_count():
            raise OutsideTree(f"a tree of {size} has another number of peaks")
        self.size = size
        self._peaks = list(peaks)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash; return the nodes it completes, the leaf itself first."""
        index, level = self.size, 0
        made = [Node(Place(0, index), leaf)]
        while index & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            index, level = index >> 1, level + 1
            made.append(Node(Place(level, index), leaf))
        self._peaks.append(leaf)
        self.size += 1
        return made

    def extend(self, leaves: Iterable[bytes]) -> Iterator[Node]:
        """Add leaf hashes one by one; yield the nodes they complete."""
        for leaf in leaves:
            yield from self.append(leaf)

    def root(self) -> bytes:
        """Return the root of the tree as it is."""
        return _bag(self._peaks)

    def peaks(self) -> tuple[bytes, ...]:
        """Return the nodes at ``frontier_places(size)``, to begin again with."""
        return tuple(self._peaks)


def _bag(peaks: Sequence[bytes]) -> bytes:
    """Join the nodes of a range, largest first, into the hash of the range."""
    if not peaks:
        return EMPTY_ROOT
    joined = peaks[-1]
    for peak in reversed(peaks[:-1]):
        joined = node_hash(peak, joined)
    return joined


def frontier_places(size: int) -> list[Place]:
    """Return the places of the nodes that a tree of ``size`` leaves consists of."""
    return _cover(0, size)


def _cover(start: int, end: int) -> list[Place]:
    """Return the nodes of a range that is a subtree, left to right.

    Such a range begins at a multiple of the power of two that holds it, so its nodes
    are the bits of its length.
    """
    places: list[Place] = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append(Place(level, start >> level))
        start += 1 << level
    return places


def _split(size: int) -> int:
    """Return the largest power of two below ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


Span = tuple[int, int]
"""The leaves from … up to, not including, …"""


def _path(index: int, size: int) -> list[Span]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1, as spans of leaves, leaf to root."""
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def _consistency(old: int, new: int) -> list[Span]:
    """PROOF(m, D[n]) of RFC 6962 §2.1.2, as spans of leaves."""
    spans: list[Span] = []
    start, end, whole = 0, new, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    if not whole:
        spans.append((start, end))
    return spans[::-1]


def inclusion_places(index: int, size: int) -> list[Place]:
    """Return the places of all nodes that ``inclusion_proof`` will ask for."""
    _inside(index, size)
    return [place for span in _path(index, size) for place in _cover(*span)]


def inclusion_proof(
    index: int, size: int, nodes: Mapping[Place, bytes]
) -> tuple[bytes, ...]:
    """Return the audit path of a leaf in the tree of ``size`` leaves, leaf to root.

    ``nodes`` holds at least the ``inclusion_places``. Raises ``OutsideTree``.
    """
    _inside(index, size)
    return tuple(_of_span(span, nodes) for span in _path(index, size))


def consistency_places(old: int, new: int) -> list[Place]:
    """Return the places of all nodes that ``consistency_proof`` will ask for."""
    _ordered(old, new)
    return [place for span in _consistency(old, new) for place in _cover(*span)]


def consistency_proof(
    old: int, new: int, nodes: Mapping[Place, bytes]
) -> tuple[bytes, ...]:
    """Return the proof that the tree of ``old`` leaves is the beginning of ``new``.

    0 < old ≤ new; of equal sizes it is empty. ``nodes`` holds at least the
    ``consistency_places``. Raises ``OutsideTree``.
    """
    _ordered(old, new)
    return tuple(_of_span(span, nodes) for span in _consistency(old, new))


def root_of(size: int, nodes: Mapping[Place, bytes]) -> bytes:
    """Return the root of ``size`` leaves; ``nodes`` holds ``frontier_places(size)``."""
    return _of_span((0, size), nodes)


def _of_span(span: Span, nodes: Mapping[Place, bytes]) -> bytes:
    return _bag([nodes[place] for place in _cover(*span)])


def _inside(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise OutsideTree(f"there is no leaf {index} in a tree of {size}")


def _ordered(old: int, new: int) -> None:
    if not 0 < old <= new:
        raise OutsideTree(f"a tree of {new} does not continue one of {old}")


class Tree:
    """A whole tree in memory: 64 bytes a leaf. For heads, tests and small logs."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        """Begin with leaf hashes."""
        self._nodes: dict[Place, bytes] = {}
        self._frontier = Frontier()
        self.extend(leaves)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._frontier.size

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes."""
        self._nodes.update(self._frontier.extend(leaves))

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves, or of all."""
        size = self.size if size is None else size
        if not 0 <= size <= self.size:
            raise OutsideTree(f"there are no {size} leaves in a tree of {self.size}")
        return root_of(size, self._nodes)

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the audit path of a leaf among the first ``size``, or all."""
        size = self.size if size is None else size
        _inside(size - 1, self.size)
        return inclusion_proof(index, size, self._nodes)

    def consistency(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Return the proof from the first ``old`` to the first ``new``, or all."""
        new = self.size if new is None else new
        _inside(new - 1, self.size)
        return consistency_proof(old, new, self._nodes)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether ``proof`` leads from a leaf hash at ``index`` to ``root``.

    It must be of exactly the length that index and size ask for.
    """
    if not 0 <= index < size:
        return False
    spans = _path(index, size)
    if len(proof) != len(spans) or not _are_hashes(proof):
        return False
    for (start, _), sibling in zip(spans, proof, strict=True):
        # What lies left of the leaf is joined from the left.
        pair = (sibling, leaf) if start < index else (leaf, sibling)
        leaf = node_hash(*pair)
    return leaf == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether ``proof`` leads from the root of ``old`` leaves to that of ``new``.

    It must be of exactly the length that the sizes ask for. For 0 < old ≤ new only.
    """
    if not 0 < old <= new:
        return False
    spans = _consistency(old, new)
    if len(proof) != len(spans) or not _are_hashes(proof):
        return False
    # The first span ends where the old tree does, unless the old tree is a node itself.
    given = bool(spans) and spans[0][1] == old
    both = proof[0] if given else old_root
    old_side = new_side = both
    for (start, _), sibling in list(zip(spans, proof, strict=True))[given:]:
        if start < old:
            old_side = node_hash(sibling, old_side)
            new_side = node_hash(sibling, new_side)
        else:
            new_side = node_hash(new_side, sibling)
    return old_side == old_root and new_side == new_root


def _are_hashes(proof: Sequence[bytes]) -> bool:
    return all(len(sibling) == HASH_BYTES for sibling in proof)
