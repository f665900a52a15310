"""A crash between any two steps of an erasure leaves a sound record, and a way on."""

# ruff: noqa: ANN401  (a step takes anything)

from __future__ import annotations

from typing import Any

import pytest

from desk import executing
from desk.executing import execute
from storage import erasing
from storage.vault import openings
from tests.desk.test_erasing import types
from tests.desk.town_hall import OFFICER, ORGANISATION, TownHall

STEPS = (
    (erasing, "begin"),
    (executing.proving, "before"),
    (erasing, "prepare"),
    (executing, "tell"),
    (erasing, "left"),
    (erasing, "made"),
    (executing, "note"),
    (erasing, "finish"),
    (executing.proving, "after"),
)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("place_", "step"), STEPS)
async def test_a_crash_between_any_two_steps_leaves_it_sound(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch, place_: Any, step: str, when: str
) -> None:
    """The record is sound right after it, and the next one carries out the rest."""
    stream = await hall.dialogue()
    name = f"crash-{step}-{when}"
    await hall.granted(name)
    whole = getattr(place_, step)

    async def broken(*told: Any, **more: Any) -> Any:
        if when == "after":
            await whole(*told, **more)
        raise ConnectionAbortedError(step)

    with monkeypatch.context() as patched:
        patched.setattr(place_, step, broken)
        with pytest.raises(ConnectionAbortedError):
            await execute(hall.desk, ORGANISATION, name, OFFICER)
    assert await hall.findings() == []
    done = await execute(hall.desk, ORGANISATION, name, OFFICER)
    assert done.case.status == "executed"
    assert await erasing.jobs(hall.desk.pool) == ()
    left = await openings(hall.desk.pool, hall.desk.keys, stream)
    assert "anna" not in {opening.subject for opening in left}
    assert await types(hall, name) == [
        "erasure_requested",
        "erasure_decided",
        "erasure_executed",
    ]
    assert await hall.findings() == []


async def test_a_crash_with_the_key_leaves_it_sound(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the key can't be destroyed, or just was, the next one goes on."""
    for when in ("before", "after"):
        await hall.dialogue()
        name = f"crash-key-{when}"
        await hall.granted(name)
        whole = hall.desk.keys.destroy

        async def broken(*told: str, when: str = when, whole: Any = whole) -> None:
            if when == "after":
                await whole(*told)
            raise ConnectionAbortedError(when)

        with monkeypatch.context() as patched:
            patched.setattr(hall.desk.keys, "destroy", broken)
            with pytest.raises(ConnectionAbortedError):
                await execute(hall.desk, ORGANISATION, name, OFFICER)
        assert await hall.findings() == []
        done = await execute(hall.desk, ORGANISATION, name, OFFICER)
        assert done.case.status == "executed"
        assert await hall.desk.keys.id_of(ORGANISATION, "anna") is None
