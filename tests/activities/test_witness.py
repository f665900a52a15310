"""What a witness answers is believed when its signature holds, and kept only then.

The witnesses here are two programs by others, which were not made for us: what they
take and answer is what the protocol says.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncGenerator
from pathlib import Path

import psycopg
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activities.target import Contradiction, Newest, NotPublished
from activities.witness import Witness
from evidence.checkpoint import Checkpoint, sign_checkpoint
from evidence.note import COSIGNATURE, cosigned_at, parse_note, verifier_key
from storage.proofs import checkpoint_note
from storage.publications import cosignatures, note_published
from tests.activities.checkpoints import LOOPBACK, Journal, journal, serving
from tests.activities.witnesses import (
    OUR_WITNESS,
    PROGRAMS,
    Independent,
    cosignature,
    witness_running,
)

__all__ = ["journal"]


@pytest.fixture(params=PROGRAMS)
async def independent(
    journal: Journal, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncGenerator[Independent]:
    """A witness by others that knows this log."""
    folder, key = tmp_path / "witness", journal.key.vkey
    async with witness_running(folder, key, program=request.param) as running:
        yield running


def ours(independent: Independent) -> Witness:
    """Our side of it."""
    return Witness(independent.key, independent.url, LOOPBACK)


async def published(witness: Witness, journal: Journal, newest: Newest) -> None:
    """Publish, and note how far the witness is, as the activity does."""
    await witness.publish(journal.pool, newest)
    await note_published(journal.pool, witness.id, newest.size)


async def test_an_independent_witness_cosigns_a_log_that_grows(
    journal: Journal, independent: Independent
) -> None:
    """From nothing, by one event, by many, and across a full tile of the tree."""
    witness = ours(independent)
    for events in (1, 1, 5, 300):
        newest = await journal.grow(events)
        await published(witness, journal, newest)
        async with journal.pool.connection() as conn:
            note = parse_note(await checkpoint_note(conn, newest.size))
        assert cosigned_at(note, independent.key)
        assert note.text == parse_note(newest.note).text
        assert len(note.signatures) == 2


async def test_who_does_not_know_how_far_the_witness_is_is_told(
    journal: Journal, independent: Independent
) -> None:
    """A line that came and was not noted costs one more question (409), no more."""
    await ours(independent).publish(journal.pool, await journal.grow(3))
    newest = await journal.grow(4)
    assert await ours(independent).publish(journal.pool, newest)
    assert len(await cosignatures(journal.pool, newest.size)) == 1


async def test_a_checkpoint_is_cosigned_once(
    journal: Journal, independent: Independent
) -> None:
    """A repeat asks nobody."""
    newest = await journal.grow()
    assert await ours(independent).publish(journal.pool, newest)
    assert not await Witness(independent.key, "http://127.0.0.1:9", LOOPBACK).publish(
        journal.pool, newest
    )


async def test_a_witness_that_saw_more_says_that_an_old_record_was_put_back(
    journal: Journal, independent: Independent
) -> None:
    """It remembers what the record forgot."""
    await ours(independent).publish(journal.pool, await journal.grow())
    old = await journal.newest()
    await ours(independent).publish(journal.pool, await journal.grow(5))
    other = verifier_key("x", Ed25519PrivateKey.generate(), COSIGNATURE)
    forgetful = Witness(other, independent.url, LOOPBACK)
    with pytest.raises(Contradiction, match="was an older record put back"):
        await forgetful.publish(journal.pool, old)


async def test_a_log_that_was_written_anew_is_not_cosigned(
    journal: Journal, independent: Independent
) -> None:
    """Signed with the log's own key, and all the same refused: 422."""
    first = await journal.grow(4)
    await published(ours(independent), journal, first)
    real = await journal.grow(4)
    forged = Checkpoint(real.origin, real.size, bytes(32))
    note = sign_checkpoint(forged, journal.key.private)
    with pytest.raises(Contradiction, match="422"):
        await ours(independent).publish(
            journal.pool, real._replace(root=bytes(32), note=note)
        )
    assert await cosignatures(journal.pool, real.size) == ()


async def test_a_witness_that_does_not_know_the_log_says_so(
    journal: Journal, tmp_path: Path
) -> None:
    """The operator reads what to ask the witness's operator for."""
    stranger = verifier_key("polder/elders", Ed25519PrivateKey.generate())
    newest = await journal.grow()
    async with witness_running(tmp_path / "w", stranger) as running:
        with pytest.raises(NotPublished, match="does not know this log"):
            await ours(running).publish(journal.pool, newest)
    with pytest.raises(NotPublished, match="does not know the log's key"):
        await answering(journal, newest, b"", 403)


async def answering(journal: Journal, newest: Newest, body: bytes, code: int) -> None:
    """Publish to a witness that answers this."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=code, body=body)

    async with serving(answer) as url:
        await Witness(OUR_WITNESS, url, LOOPBACK).publish(journal.pool, newest)


async def test_a_cosignature_that_does_not_hold_is_not_kept(journal: Journal) -> None:
    """Over another checkpoint, of another time, by another key, or garbage."""
    before = await journal.grow()
    newest = await journal.grow()
    line = cosignature(newest.note)
    name, _space, encoded = line[2:].partition(" ")
    raw = bytearray(parse_note(newest.note + line.encode()).signatures[1].signature)
    raw[7] ^= 1
    later = b64encode(OUR_WITNESS.id + bytes(raw)).decode()
    stranger = "— elders.example AAAAAAAA" + encoded[8:]
    for answer, why in (
        (cosignature(before.note), "does not hold"),
        (cosignature(newest.note, at=0), "does not hold"),
        (f"— {name} {later}\n", "does not hold"),
        (stranger, "another key"),
        ("", "no signature"),
        ("<html>\n", "no signature"),
        (f"{line}garbage\n", "no signature"),
    ):
        with pytest.raises(NotPublished, match=why):
            await answering(journal, newest, answer.encode(), 200)
    assert await cosignatures(journal.pool, newest.size) == ()
    await answering(journal, newest, (stranger + line).encode(), 200)
    [kept] = await cosignatures(journal.pool, newest.size)
    assert kept.line == line


@pytest.mark.parametrize("body", [b"", b"x\n", b"1", b"01\n", b"-1\n", b"1\n2\n"])
async def test_a_409_without_a_size_is_no_answer(journal: Journal, body: bytes) -> None:
    """Nothing is asked again on a guess."""
    with pytest.raises(NotPublished, match="409 without a size"):
        await answering(journal, await journal.grow(), body, 409)


async def test_a_witness_that_never_settles_is_left_for_now(journal: Journal) -> None:
    """It may say 409 for ever; we do not ask for ever."""
    newest = await journal.grow()
    with pytest.raises(NotPublished, match="went on"):
        await answering(journal, newest, b"1\n", 409)


async def test_the_request_is_as_the_protocol_has_it(journal: Journal) -> None:
    """Old size, proof lines, an empty line, the checkpoint as the log signed it."""
    await journal.grow(2)
    newest = await journal.grow(3)
    asked: list[bytes] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(await request.read())
        if len(asked) == 1:
            return web.Response(status=409, body=b"3\n")
        return web.Response(body=cosignature(newest.note).encode())

    async with serving(answer, "/w1/add-checkpoint") as url:
        witness = Witness(OUR_WITNESS, f"{url}/w1/", LOOPBACK)
        assert await witness.publish(journal.pool, newest)
    assert asked[0] == b"old 0\n\n" + newest.note
    head, _empty, note = asked[1].partition(b"\n\n")
    assert note == newest.note
    lines = head.decode().split("\n")
    assert lines[0] == "old 3"
    assert all(len(line) == 44 for line in lines[1:])


async def test_a_cosignature_on_record_stays(journal: Journal) -> None:
    """Not even the sealer's role changes or removes one."""
    newest = await journal.grow()
    await answering(journal, newest, cosignature(newest.note).encode(), 200)
    async with journal.pool.connection() as conn:
        for change in ("UPDATE audit.cosignature SET line = ''", "DELETE FROM"):
            text = change if "SET" in change else f"{change} audit.cosignature"
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await conn.execute(text.encode())
