"""No bit of a pack, and no line, can change without the verifier saying so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from random import Random

import pytest

from evidence.pack import write_zip
from evidence.verify import examine
from tests.evidence.logs import LOG, PACK, VKEY, Files, files_of, refitted, reissued

FILES = files_of()
SEED = 20261121
BUDGET = 15
"""Seconds that the short form may take, for both kinds together."""

COVERED = {
    "census.json",
    "events.jsonl",
    "log.vkey",
    "openings.jsonl",
    "proofs.jsonl",
}
"""What the log's own proofs cover, so that not even its issuer can change it.

The rest of a pack there is only the issuer's word for.
"""

BITS_COVERED = {"checkpoint.txt", "consistency.jsonl"}
"""Of these a whole line can go, or come twice; a bit of what is there can't change."""


def with_a_bit_flipped(files: Files, name: str, dice: Random) -> Files:
    """Return files of which one bit of one is another."""
    content = bytearray(files[name])
    bit = dice.randrange(len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    return {**files, name: bytes(content)}


def with_a_line_changed(files: Files, name: str, dice: Random) -> Files:
    """Return files of which one line is dropped, doubled, moved or overwritten."""
    lines = files[name].splitlines(keepends=True)
    place, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    stranger = dice.choice(files[dice.choice(sorted(files))].splitlines(keepends=True))
    way = dice.randrange(5)
    if way == 0:
        del lines[place]
    elif way == 1:
        lines.insert(other, lines[place])
    elif way == 2:
        lines[place], lines[other] = lines[other], lines[place]
    elif way == 3:
        lines[place] = stranger
    else:
        lines.insert(place, stranger)
    return {**files, name: b"".join(lines)}


Mutation = Callable[[Files, str, Random], Files]
BOTH = pytest.mark.parametrize("mutate", [with_a_bit_flipped, with_a_line_changed])


def mutants(mutate: Mutation, count: int, seconds: float) -> Iterator[Files]:
    """Yield changed files: ``count`` of them, or as many as the time allows."""
    dice, end = Random(SEED), time.monotonic() + seconds
    made = 0
    while made < count and time.monotonic() < end:
        changed = mutate(FILES, dice.choice(sorted(FILES)), dice)
        # A machine that is busy makes fewer of them in the same time.
        if changed != FILES:
            made += 1
            yield changed
    assert made >= min(count, 150)


def check(mutate: Mutation, count: int, seconds: float) -> None:
    """No mutant verifies, as it is or with hashes made to fit and the old note.

    Nor do those of what the log covers, when the issuer vouches for them anew.
    """
    for files in mutants(mutate, count, seconds):
        assert examine(write_zip(files), [VKEY]).verdict == 1
        if files["pack.json"] == FILES["pack.json"]:
            assert examine(write_zip(refitted(files)), [VKEY]).verdict == 1
        covered = COVERED
        if mutate is with_a_bit_flipped:
            covered = COVERED | BITS_COVERED
        if any(files[name] != FILES[name] for name in covered):
            # An event can become one of an unknown version: undecided, not sound.
            assert examine(reissued(files), [VKEY]).verdict != 0


@BOTH
def test_no_mutation_verifies(mutate: Mutation) -> None:
    """Thousands of random changes, as many as fit in the time of a quick test."""
    check(mutate, 10_000, BUDGET / 2)


@pytest.mark.slow
@BOTH
def test_ten_thousand_mutations_do_not_verify(mutate: Mutation) -> None:
    """Ten thousand random changes of each kind."""
    check(mutate, 10_000, float("inf"))


def test_no_mutation_of_the_file_shows_other_content() -> None:
    """Bits of the ZIP file itself: it is refused, or its content is the same."""
    dice = Random(SEED)
    for _ in range(1_500):
        pack = bytearray(PACK)
        bit = dice.choice([dice.randrange(len(pack) * 8), -dice.randrange(1, 6_000)])
        pack[bit // 8] ^= 1 << bit % 8
        report = examine(bytes(pack), [VKEY])
        assert report.verdict == 1 or report.examination.files == FILES


@pytest.mark.parametrize("size", sorted(LOG.published))
def test_no_mutated_older_checkpoint_verifies(size: int) -> None:
    """A bit of the reader's own checkpoint that is another is noticed."""
    dice, note = Random(SEED), LOG.published[size]
    for _ in range(150):
        changed = with_a_bit_flipped({"note": note}, "note", dice)["note"]
        assert examine(PACK, [VKEY], since=changed).verdict == 1
