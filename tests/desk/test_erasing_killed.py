"""A process that is killed while it erases leaves a sound record, and loses nothing."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from desk.resuming import resume
from storage.vault import openings
from tests.desk.killed import STEPS
from tests.desk.town_hall import ORGANISATION, TownHall


@pytest.mark.parametrize("step", STEPS)
async def test_another_goes_on_where_one_was_killed(hall: TownHall, step: str) -> None:
    """Killed right after a step; the record is sound, and a sweep does the rest."""
    stream, ended = await hall.dialogue(), await hall.dialogue()
    await hall.ends(ended)
    name = f"killed-{step}"
    await hall.granted(name)
    target = hall.client.service_client.config.target_host
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.desk.killed", hall.database, target, hall.client.namespace),
        *(ORGANISATION, name, step),
    )
    assert await process.wait() == -signal.SIGKILL
    assert await hall.findings() == []
    assert await resume(hall.desk) == 1
    for one in (stream, ended):
        left = await openings(hall.desk.pool, hall.desk.keys, one)
        assert "anna" not in {opening.subject for opening in left}
    assert await hall.desk.keys.id_of(ORGANISATION, "anna") is None
    assert await hall.findings() == []
