"""A pack handed to an auditor, made by the product from a real record, and changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from desk.desk import open_desk
from evidence.checkpoint import parse_checkpoint
from evidence.note import parse_note
from evidence.pack import Contents, write_pack, write_zip
from evidence.verify import examine
from storage.packing import Withheld, contents
from storage.pool import connection
from tests.attacks.owner import change
from tests.attacks.record import DIJK, HOUSE, LOG, PARK, SEALED, Record
from tests.evidence.logs import Files, files_of, refitted
from tests.evidence.test_mutations import BOTH, SEED, Mutation

STREAMS = (PARK, DIJK, HOUSE, LOG)
BUDGET = 1
"""Seconds that the short form may take, for each kind and pack."""


async def gathered(record: Record, size: int, stream: str = PARK) -> Contents:
    """Give what goes into a pack at a checkpoint."""
    async with open_desk(record.url, "nowhere") as desk, connection(desk.pool) as conn:
        return await contents(
            conn,
            desk.keys,
            stream,
            size,
            record.key.vkey,
            created_by="director",
            withheld=Withheld(),
        )


def size_of(note: bytes) -> int:
    """Give how many events a checkpoint has."""
    return parse_checkpoint(parse_note(note).text).size


def issued(record: Record, held: Contents) -> bytes:
    """Have a pack issued by whoever has the key of the log, and lies."""
    return write_pack(held, record.key.private)


async def test_packs_of_a_real_record_are_sound(record: Record) -> None:
    """A dialogue, one with an erasure, an organisation and the log itself."""
    for stream in STREAMS:
        pack = await record.pack(stream)
        assert record.judged(pack, record.old) == (0, set())
        assert record.judged(pack, record.new) == (0, set())


@pytest.mark.parametrize("kept", [1, SEALED - 1, SEALED])
async def test_events_left_out(record: Record, kept: int) -> None:
    """The tail is missing, from the key's own holder: the census knows the head."""
    note = await record.seals(publish=True)
    held = await gathered(record, size_of(note))
    less = replace(
        held,
        bodies=held.bodies[:kept],
        places=held.places[:kept],
        openings=[one for one in held.openings if one.seq <= kept],
    )
    verdict, checks = record.judged(issued(record, less))
    assert (verdict, checks) == (1, {"head"})


async def test_an_older_census(record: Record) -> None:
    """From before the last events, under the newest checkpoint: not its last leaf."""
    note = await record.seals(publish=True)
    held = await gathered(record, size_of(note))
    old = await gathered(record, size_of(record.new.read_bytes()))
    mixed = replace(
        held,
        bodies=old.bodies,
        places=held.places[: len(old.bodies)],
        openings=old.openings,
        census=old.census,
    )
    verdict, checks = record.judged(issued(record, mixed))
    assert verdict == 1
    assert "census" in checks


async def test_a_whole_older_pack(record: Record) -> None:
    """It is sound as of its census, and says when that was; a newer checkpoint: 6."""
    note = record.elsewhere / "newest"
    note.write_bytes(await record.seals(publish=True))
    old = issued(record, await gathered(record, size_of(record.new.read_bytes())))
    assert record.judged(old) == (0, set())
    assert record.judged(old, note) == (6, {"since"})


async def test_a_pack_of_a_record_that_was_changed(record: Record) -> None:
    """What was rewritten after it was sealed is in the pack, and does not verify."""
    where = f"stream = '{PARK}' AND seq = 3"
    await change(record.url, f"UPDATE audit.event SET body = body || ' ' WHERE {where}")
    verdict, checks = record.judged(await record.pack())
    assert verdict == 1
    assert {"canonical", "proof", "prev"} <= checks


async def test_a_pack_by_somebody_without_the_key(record: Record) -> None:
    """Everything fits but the issuer: a pack has one."""
    files = files_of(await record.pack())
    files["README.md"] += b"All is well.\n"
    verdict, checks = record.judged(write_zip(refitted(files)))
    assert (verdict, checks) == (1, {"issuer"})


def mutants(
    files: Files, mutate: Mutation, most: int, seconds: float
) -> Iterator[Files]:
    """Change files at random: so many times, or for as long as the time allows."""
    dice, end = Random(SEED), time.monotonic() + seconds
    full = {name: content for name, content in files.items() if content}
    made = 0
    while made < most and time.monotonic() < end:
        changed = {**files, **mutate(full, dice.choice(sorted(full)), dice)}
        if changed != files:
            made += 1
            yield changed
    assert made >= min(most, 10)


async def none_verifies(
    record: Record, mutate: Mutation, most: int, seconds: float
) -> None:
    """No mutant verifies, as it is or with hashes made to fit and the old note."""
    for stream in STREAMS:
        files = files_of(await record.pack(stream))
        for changed in mutants(files, mutate, most, seconds):
            assert examine(write_zip(changed), [str(record.key.vkey)]).verdict == 1
            if changed["pack.json"] == files["pack.json"]:
                fitted = write_zip(refitted(changed))
                assert examine(fitted, [str(record.key.vkey)]).verdict == 1


@BOTH
async def test_no_mutation_of_a_real_pack_verifies(
    record: Record, mutate: Mutation
) -> None:
    """One bit, or one line, of packs of a dialogue, an organisation and the log."""
    await none_verifies(record, mutate, 2_500, BUDGET)


@pytest.mark.slow
@BOTH
async def test_ten_thousand_mutations_of_real_packs(
    record: Record, mutate: Mutation
) -> None:
    """Ten thousand of each kind, over four packs."""
    await none_verifies(record, mutate, 2_500, float("inf"))
