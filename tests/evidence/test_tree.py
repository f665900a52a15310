"""The tree is that of RFC 6962, and nothing but its own proofs are accepted."""

from __future__ import annotations

import importlib
from hashlib import sha256
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import verify
from evidence.errors import OutsideTree
from evidence.tree import (
    EMPTY_ROOT,
    Frontier,
    Node,
    Place,
    Tree,
    consistency_places,
    consistency_proof,
    frontier_places,
    inclusion_places,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 300


def leaves_of(count: int) -> list[bytes]:
    """Return the hashes of so many different leaves."""
    return [leaf_hash(sha256(str(n).encode()).digest()) for n in range(count)]


LEAVES = leaves_of(LARGEST)
TREE = Tree(LEAVES)


def defined_root(leaves: Sequence[bytes]) -> bytes:
    """Return MTH as RFC 6962 §2.1 defines it, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(defined_root(leaves[:half]), defined_root(leaves[half:]))


ROOTS = [defined_root(LEAVES[:size]) for size in range(LARGEST + 1)]


def independent() -> ModuleType:
    """Return a tree that others wrote; it runs on Python 3.12 and later."""
    pytest.importorskip("aics_tlog", reason="needs Python 3.12 or later")
    return importlib.import_module("aics_tlog.tree")


def test_the_tree_of_rfc_6962_has_its_known_roots() -> None:
    """The roots are those of the test vectors of Certificate Transparency."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    inputs.append("606162636465666768696a6b6c6d6e6f")
    tree = Tree(leaf_hash(bytes.fromhex(text)) for text in inputs)
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c14")
    assert tree.root(1).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert tree.root(5).hex() == (
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"
    )
    assert tree.root(8).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


def test_every_root_is_as_defined() -> None:
    """Growing leaf by leaf gives, at each size to 300, the root of the definition."""
    frontier = Frontier()
    for size in range(LARGEST):
        assert frontier.root() == TREE.root(size) == ROOTS[size]
        frontier.append(LEAVES[size])


def test_every_leaf_of_every_tree_is_proved() -> None:
    """For each size to 300 and each leaf the proof holds, in both verifiers."""
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = TREE.inclusion(index, size)
            assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
            assert verify.root_of_path(LEAVES[index], index, size, proof) == ROOTS[size]


def test_every_pair_of_sizes_is_proved() -> None:
    """For each pair of sizes to 130 the proof holds, in both verifiers."""
    for new in range(1, 131):
        for old in range(1, new + 1):
            proof = TREE.consistency(old, new)
            assert verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)
            assert verify.is_consistent(old, new, ROOTS[old], ROOTS[new], proof)
            assert len(proof) == verify.consistency_length(old, new)


def test_an_implementation_by_others_makes_the_same_proofs() -> None:
    """Each root and proof, to 130 leaves, is that of an independent tree, which
    accepts ours as well.
    """
    theirs = independent()
    entries = [sha256(str(n).encode()).digest() for n in range(130)]
    other = theirs.MerkleTree(entries, level_cache_sizes=200)
    for size in range(1, 131):
        assert other.root(size) == ROOTS[size]
        for index in range(size):
            ours = TREE.inclusion(index, size)
            assert list(ours) == other.inclusion_proof(index, size)
            assert theirs.verify_inclusion(
                LEAVES[index], index, size, ours, ROOTS[size]
            )
            old = index + 1
            ours = TREE.consistency(old, size)
            assert list(ours) == other.consistency_proof(old, size)
            assert theirs.verify_consistency(old, size, ROOTS[old], ROOTS[size], ours)


sizes = st.integers(1, LARGEST)


@given(sizes, sizes, st.integers(0, LARGEST), st.data())
def test_no_other_inclusion_is_accepted(
    size: int, said: int, index: int, data: st.DataObject
) -> None:
    """Another leaf, place or size than the proof was made for does not verify."""
    place = data.draw(st.integers(0, size - 1))
    leaf = data.draw(st.sampled_from(LEAVES))
    proof = TREE.inclusion(place, size)
    holds = verify_inclusion(leaf, index, said, proof, ROOTS[size])
    same = leaf == LEAVES[place] and index == place
    # Another size may ask for the very same path; the root then is of `size` leaves
    # all the same, which is why a root is never believed without its size.
    assert not holds or same
    assert not (same and said == size) or holds
    assert holds == (verify.root_of_path(leaf, index, said, proof) == ROOTS[size])


@given(sizes, st.data())
def test_a_changed_proof_does_not_hold(size: int, data: st.DataObject) -> None:
    """A node more, a node less, or one changed: no proof, in either verifier."""
    index = data.draw(st.integers(0, size - 1))
    proof = list(TREE.inclusion(index, size))
    for changed in changes(proof, data):
        assert not verify_inclusion(LEAVES[index], index, size, changed, ROOTS[size])
        assert verify.root_of_path(LEAVES[index], index, size, changed) != ROOTS[size]
    old = data.draw(st.integers(1, size))
    proof = list(TREE.consistency(old, size))
    roots = (ROOTS[old], ROOTS[size])
    for changed in changes(proof, data):
        assert not verify_consistency(old, size, *roots, changed)
        assert not verify.is_consistent(old, size, *roots, changed)


def changes(proof: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """Return ways to spoil a proof."""
    spoiled = [[*proof, b"\x00" * 32], [b"\x00" * 32, *proof]]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        flipped = bytes([proof[place][0] ^ 1]) + proof[place][1:]
        spoiled += [
            proof[:-1],
            proof[1:],
            [*proof[:place], flipped, *proof[place + 1 :]],
        ]
        spoiled.append([*proof[:place], proof[place][:31], *proof[place + 1 :]])
    return spoiled


@given(sizes, sizes, st.sampled_from(ROOTS[1:]), st.sampled_from(ROOTS[1:]))
def test_no_other_consistency_is_accepted(
    old: int, new: int, old_root: bytes, new_root: bytes
) -> None:
    """A proof holds between the roots it was made for, and no others."""
    old, new = sorted((old, new))
    proof = TREE.consistency(old, new)
    right = (old_root, new_root) == (ROOTS[old], ROOTS[new])
    # Of equal sizes the roots must be equal, whatever they are.
    right = right or (old == new and old_root == new_root)
    assert verify_consistency(old, new, old_root, new_root, proof) == right
    assert verify.is_consistent(old, new, old_root, new_root, proof) == right


@given(st.integers(0, LARGEST), st.data())
def test_a_sealer_continues_from_stored_nodes(start: int, data: st.DataObject) -> None:
    """From the few nodes at the edge the tree grows as if it had never stopped."""
    end = data.draw(st.integers(start, LARGEST))
    stored = dict(Frontier().extend(LEAVES[:start]))
    peaks = [stored[place] for place in frontier_places(start)]
    frontier = Frontier(start, peaks)
    assert len(peaks) == start.bit_count()
    stored.update(frontier.extend(LEAVES[start:end]))
    assert frontier.root() == ROOTS[end] == root_of(end, stored)
    assert frontier.peaks() == tuple(stored[p] for p in frontier_places(end))


@given(sizes, st.data())
def test_a_proof_asks_for_few_nodes(size: int, data: st.DataObject) -> None:
    """The places named beforehand are all that a proof reads."""
    index = data.draw(st.integers(0, size - 1))
    stored = dict(Frontier().extend(LEAVES[:size]))
    some = {place: stored[place] for place in inclusion_places(index, size)}
    assert inclusion_proof(index, size, some) == TREE.inclusion(index, size)
    some = {place: stored[place] for place in consistency_places(index + 1, size)}
    assert consistency_proof(index + 1, size, some) == TREE.consistency(index + 1, size)
    assert len(some) <= 2 * LARGEST.bit_length()


def test_a_completed_node_is_told_once() -> None:
    """Each node is handed over once, when its last leaf is there."""
    made = [node for leaf in LEAVES[:8] for node in [Frontier().append(leaf)[0]]]
    assert {node.place for node in made} == {Place(0, 0)}
    told = list(Frontier().extend(LEAVES[:8]))
    assert len(told) == len(dict(told)) == 15
    assert told[-1] == Node(Place(3, 0), ROOTS[8])


def test_a_million_leaves_fit_in_a_hand() -> None:
    """The edge of a large tree is one node per bit of its size, and a proof in it is
    below a kilobyte.
    """
    size = 1_000_000
    assert len(frontier_places(size)) == size.bit_count()
    assert max(len(inclusion_spans(index, size)) for index in (0, size - 1)) <= 20
    assert 32 * 20 < 1_000


def inclusion_spans(index: int, size: int) -> list[int]:
    """Return something for each node of a proof in a tree too large to build."""
    zeros = dict.fromkeys(inclusion_places(index, size), b"\x00" * 32)
    return [len(sibling) for sibling in inclusion_proof(index, size, zeros)]


@pytest.mark.slow
def test_a_million_leaves_are_sealed_in_little_memory() -> None:
    """Sealing 10⁶ leaves keeps no more than the edge of the tree."""
    frontier = Frontier()
    for n in range(1_000_000):
        frontier.append(leaf_hash(n.to_bytes(32)))
    assert len(frontier.peaks()) == frontier.size.bit_count()


def test_what_lies_outside_the_tree_is_refused() -> None:
    """There is no proof of a leaf, or from a size, that is not there."""
    for index, size in [(-1, 3), (3, 3), (0, 0), (0, LARGEST + 1)]:
        with pytest.raises(OutsideTree):
            TREE.inclusion(index, size)
    for old, new in [(0, 3), (4, 3), (-1, 3), (1, LARGEST + 1)]:
        with pytest.raises(OutsideTree):
            TREE.consistency(old, new)
    with pytest.raises(OutsideTree):
        TREE.root(LARGEST + 1)
    with pytest.raises(OutsideTree):
        Frontier(3, [b"\x00" * 32])
    assert not verify_inclusion(LEAVES[0], 0, 0, (), LEAVES[0])
    assert not verify_consistency(0, 3, EMPTY_ROOT, ROOTS[3], ())
    assert not verify_consistency(3, 2, ROOTS[3], ROOTS[2], ())
