"""Keys change in the open: the old key vouches for the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.census import LOG_STREAM
from evidence.checkpoint import verify_checkpoint
from evidence.errors import BadSignature
from storage import proofs
from storage.logkey import propose, read
from storage.ownlog import events
from storage.pool import Pool, connection
from storage.rotation import rotate
from storage.sealing import Sealer, seal
from tests.storage.logs import Filling, check_log, key_in


async def test_the_old_key_signs_for_the_event_that_names_the_new(
    pool: Pool, tmp_path: Path
) -> None:
    """Every checkpoint stays verifiable, by the key that signed it."""
    path = tmp_path / "keys" / "log.key"
    old = key_in(tmp_path)
    filling = Filling(pool)
    await filling.some()
    first = await seal(pool, old, publish=True)
    new, sealed = await rotate(pool, path)
    assert first is not None
    assert new.vkeys == (old.vkey, new.vkey)
    told = await events(pool, LOG_STREAM, ["log_key_changed"])
    assert [one.data for one in told] == [{"old": str(old.vkey), "new": str(new.vkey)}]
    async with connection(pool) as conn:
        place = (await proofs.leaf_indexes(conn, LOG_STREAM))[told[0].seq - 1]
        sizes = [size for size, _ in await proofs.published(conn)]
        notes = [await proofs.checkpoint_note(conn, size) for size in sizes]
    assert sizes[-1] == sealed.size
    by_old = [verify_checkpoint(note, [old.vkey]).checkpoint for note in notes[:-1]]
    assert place < by_old[-1].size
    with pytest.raises(BadSignature):
        verify_checkpoint(notes[-1], [old.vkey])
    await filling.some()
    assert await Sealer(read(path)).seal(pool) is not None
    await check_log(pool, new.vkeys)


async def test_a_rotation_that_was_cut_short_is_finished_by_the_next(
    pool: Pool, tmp_path: Path
) -> None:
    """With the key that was announced, which is announced once."""
    old = key_in(tmp_path)
    path = tmp_path / "keys" / "log.key"
    proposed = propose(path)
    new, _ = await rotate(pool, path)
    assert new.vkey == proposed.vkey
    again, _ = await rotate(pool, path)
    assert again.vkeys == (old.vkey, new.vkey, again.vkey)
    assert len(await events(pool, LOG_STREAM, ["log_key_changed"])) == 2
    await check_log(pool, again.vkeys)
