"""Many processes come to what one comes to."""

from __future__ import annotations

from storage.pool import Pool, connect
from storage.projecting import Projections
from storage.record import append
from storage.verify import verify_all
from storage.verify_shares import verify_record
from tests.storage.dialogues import Play
from tests.storage.planting import plant


async def test_a_record_in_shares_is_the_whole_record(url: str, pool: Pool) -> None:
    """However many shares, the same is read and found; each stream by one process."""
    projections = Projections()
    for number in range(7):
        play = Play(f"dialoog-{number}")
        await append(pool, play.batch(play.starts()), projections)
    await plant(
        url,
        "UPDATE audit.event SET body = body || ' ' WHERE stream LIKE '%-3'",
        "DELETE FROM audit.stream WHERE stream LIKE '%-5'",
        "UPDATE audit.stream SET seq = 9 WHERE stream LIKE '%-6'",
    )
    async with await connect(url) as conn:
        whole = await verify_all(conn)

    assert len({finding.stream for finding in whole.findings}) >= 3
    for processes in (1, 2, 3, 20):
        shared = await verify_record(url, processes)
        assert sorted(map(repr, shared.findings)) == sorted(map(repr, whole.findings))
        assert (shared.events, shared.streams) == (whole.events, whole.streams)


async def test_the_proof_alone_rests_on_no_projection(url: str, pool: Pool) -> None:
    """What is changed beside the events is found by the whole check, and not by it."""
    play = Play("parkzicht")
    await append(pool, play.batch(play.starts()), Projections())
    await plant(url, "UPDATE read.dialogue SET title = 'x'")
    assert (await verify_record(url, proof_only=True)).sound
    assert not (await verify_record(url)).sound

    await plant(url, "UPDATE audit.event SET body = body || ' ' WHERE seq = 1")
    proof = await verify_record(url, proof_only=True)
    assert {finding.check for finding in proof.findings} >= {"canonical", "hash"}
    assert not proof.vault_checked


async def test_nothing_on_record_can_be_shared_as_well(url: str) -> None:
    """An empty record is sound in any number of shares."""
    assert (await verify_record(url, 2)).sound
