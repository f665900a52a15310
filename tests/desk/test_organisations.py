"""An organisation suspends its windows: all dialogues, new ones too, and once."""

# ruff: noqa: ANN401  (a step takes anything)

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from desk import organisations, stopping
from desk.desk import Sender
from desk.errors import NotFound, Refused
from desk.methods import publish_method
from desk.minding import keep_stopped
from desk.organisations import listed, resume, suspend
from tests.desk.town_hall import TownHall

TRIAL = Path(__file__).parents[1] / "domain" / "method.yaml"
IDEAS = "brief.ideas"
STEERS = Sender("d-1", "director")
MAYOR = Sender("b-1", "director")

_numbers = count(1)


async def asked(hall: TownHall, organisation: str) -> str:
    """Start a dialogue of an organisation that asks everybody for ideas."""
    await publish_method(hall.desk, TRIAL, MAYOR.id)
    stream = f"{organisation}:p{next(_numbers)}"
    start = {"method": "proefmethode", "title": "Parkzicht", "language": "en"}
    await hall.desk.start(stream, start | {"roles": {"director": ["d-1"]}}, STEERS)
    if not (await hall.desk.dialogue(stream)).suspended:
        await hall.desk.send(stream, "start_step", {"step": "brief"}, STEERS)
    return stream


async def status(hall: TownHall, stream: str) -> str:
    """Give the status of a dialogue."""
    return (await hall.desk.dialogue(stream)).status


async def test_all_dialogues_stop_and_go_on_with_what_they_had_left(
    hall: TownHall,
) -> None:
    """New ones stand still from the start; what was paused by itself stays paused."""
    house = "gemeente-een"
    one, other = await asked(hall, house), await asked(hall, house)
    await hall.desk.send(other, "pause_dialogue", {"reason": "verkiezingen"}, STEERS)
    elsewhere = await asked(hall, "gemeente-anders")
    closes = (await hall.desk.dialogue(one)).windows[IDEAS][-1].closes
    told = await suspend(
        hall.desk, house, MAYOR, suspension="s-1", reason="noodverordening"
    )
    assert {each.stream for each in told.reached} == {one, other}
    new = await asked(hall, house)
    states = [await status(hall, each) for each in (one, other, new, elsewhere)]
    assert states == ["paused", "paused", "paused", "running"]
    with pytest.raises(Refused) as refused:
        await hall.desk.send(new, "start_step", {"step": "brief"}, STEERS)
    assert refused.value.name == "WindowsSuspended"
    told = await resume(hall.desk, house, MAYOR, reason="ingetrokken")
    assert {each.stream for each in told.reached} == {one, other, new}
    states = [await status(hall, each) for each in (one, other, new)]
    assert states == ["running", "paused", "running"]
    assert (await hall.desk.dialogue(one)).windows[IDEAS][-1].closes > closes
    assert await hall.findings() == []


async def test_some_dialogues_go_on_before_the_rest_and_stay_so(hall: TownHall) -> None:
    """Dates of resuming may differ; nobody is stopped again for the same thing."""
    house = "gemeente-twee"
    one, other = await asked(hall, house), await asked(hall, house)
    await suspend(hall.desk, house, MAYOR, suspension="s-1", reason="x")
    first = one.partition(":")[2]
    told = await resume(hall.desk, house, MAYOR, dialogues=(first,))
    assert [each.stream for each in told.reached] == [one]
    await suspend(hall.desk, house, MAYOR, suspension="s-1", reason="x")
    await keep_stopped(hall.desk)
    assert [await status(hall, s) for s in (one, other)] == ["running", "paused"]
    with pytest.raises(Refused, match="went on already"):
        await resume(hall.desk, house, MAYOR, dialogues=(first,))
    await resume(hall.desk, house, MAYOR)
    assert [await status(hall, s) for s in (one, other)] == ["running", "running"]
    (found,) = await listed(hall.desk, house)
    assert found.lifted is not None
    assert found.released == {first}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("act", ["suspend", "resume"])
async def test_what_a_crash_left_undone_a_worker_finishes(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch, act: str, when: str
) -> None:
    """On record first: the dialogues are reached by whoever looks next."""
    house = f"gemeente-{act}-{when}"
    streams = [await asked(hall, house) for _ in range(2)]
    if act == "resume":
        await suspend(hall.desk, house, MAYOR, suspension="s-1", reason="x")
    whole: Any = organisations.reach

    async def broken(*told: Any, **more: Any) -> Any:
        if when == "after":
            await whole(*told, **more)
        raise ConnectionAbortedError(act)

    with monkeypatch.context() as patched:
        patched.setattr(organisations, "reach", broken)
        acts = {
            "suspend": lambda: suspend(
                hall.desk, house, MAYOR, suspension="s-1", reason="x"
            ),
            "resume": lambda: resume(hall.desk, house, MAYOR),
        }
        with pytest.raises(ConnectionAbortedError):
            await acts[act]()
    await keep_stopped(hall.desk)
    wanted = {"suspend": "paused", "resume": "running"}[act]
    assert [await status(hall, s) for s in streams] == [wanted] * 2
    assert await keep_stopped(hall.desk) == 0


async def test_a_dialogue_that_does_not_answer_holds_up_no_other(
    hall: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, and reached later."""
    house = "gemeente-drie"
    one, other = await asked(hall, house), await asked(hall, house)
    whole: Any = stopping.send

    async def lost(client: Any, stream: str, *more: Any) -> Any:
        if stream == one:
            raise NotFound("nobody is there")
        return await whole(client, stream, *more)

    with monkeypatch.context() as patched:
        patched.setattr(stopping, "send", lost)
        told = await suspend(hall.desk, house, MAYOR, suspension="s-1", reason="x")
    assert {e.stream: e.trouble is None for e in told.reached} == {
        one: False,
        other: True,
    }
    await keep_stopped(hall.desk)
    assert await status(hall, one) == "paused"


async def test_who_may_and_which_is_meant(hall: TownHall) -> None:
    """A director of the organisation; one suspension, or the one that is named."""
    house = "gemeente-vier"
    with pytest.raises(Refused) as refused:
        await suspend(
            hall.desk, house, Sender("x-1", "member"), suspension="s-1", reason="x"
        )
    assert refused.value.name == "NotEntitled"
    with pytest.raises(NotFound, match="No suspension"):
        await resume(hall.desk, house, MAYOR)
    for name in ("s-1", "s-2"):
        await suspend(hall.desk, house, MAYOR, suspension=name, reason="x")
    with pytest.raises(NotFound, match="s-1, s-2"):
        await resume(hall.desk, house, MAYOR)
    await resume(hall.desk, house, MAYOR, suspension="s-2")
    await resume(hall.desk, house, MAYOR)
    assert all(each.lifted for each in await listed(hall.desk, house))


async def test_nobody_takes_the_place_of_an_act_of_the_organisation(
    hall: TownHall,
) -> None:
    """Whoever knows what it is called can't have sent something under its id before."""
    house = "gemeente-vijf"
    stream = await asked(hall, house)
    passer_by = Sender("r-1", "public")
    body = {"by": "r-1", "goal_reached": "yes"}
    for taken in ("suspended.s-1", "lifted.s-1"):
        await hall.desk.send(
            stream, "record_evaluation", body, passer_by, command_id=taken
        )
    told = await suspend(hall.desk, house, MAYOR, suspension="s-1", reason="x")
    assert [each.trouble for each in told.reached] == [None]
    assert await status(hall, stream) == "paused"
    told = await resume(hall.desk, house, MAYOR)
    assert [each.trouble for each in told.reached] == [None]
    assert await status(hall, stream) == "running"
