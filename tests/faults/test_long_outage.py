"""The record may be away for long: what is accepted waits, what can't wait is refused.

The dialogue goes from run to run meanwhile, with its outbox; at the limit on what may
wait commands are refused, and refused signals get on record afterwards.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import pytest

from tests.faults.oracle import holds, runs
from tests.faults.rig import Rig
from tests.faults.telling import SOON, Told, begin, fresh, noted
from tests.services import until

pytestmark = pytest.mark.faults

SMALL: Mapping[str, int] = {
    "workflows.policies.HISTORY_BUDGET": 150,
    "workflows.ledger.MAX_OUTBOX_BYTES": 80_000,
}
"""Budgets that are used up in seconds; the long form has those of production."""


AS_IN_PRODUCTION: Final = timedelta(seconds=10)
"""What Temporal gives a workflow task unless told otherwise: a long run's replay
needs more than the moment that the other tests allow."""


async def signals(told: Told, rate: float, enough: asyncio.Event) -> None:
    """Send so many signals a second, whatever becomes of them."""
    while not enough.is_set():
        name = fresh("signal")
        sent = await told.tell("signal", "note_signal", noted(name), name)
        assert sent.outcome == "accepted"
        await asyncio.sleep(1 / rate)


async def updates(told: Told, enough: asyncio.Event) -> None:
    """Send one update after another, and hear when there is no more room."""
    while not enough.is_set():
        name = fresh("update")
        await told.tell("update", "note_signal", noted(name), name)
        await asyncio.sleep(0.5)


async def outage(
    rig: Rig, seconds: float, rate: float, patience: timedelta = SOON
) -> Told:
    """Let the record be away for so long at least, and until nothing more may wait."""
    enough = asyncio.Event()
    told = await begin(rig.client, patience=patience)
    await rig.postgres.stop()
    async with asyncio.TaskGroup() as senders:
        senders.create_task(signals(told, rate, enough))
        senders.create_task(updates(told, enough))
        await asyncio.sleep(seconds)
        await until(lambda: told_it_is_full(told))
        # Signals that find no more room either.
        await asyncio.sleep(1)
        enough.set()
        # The last update may wait for the record: let it have one.
        await rig.postgres.start()
    await told.settled(within=180)
    return told


async def told_it_is_full(told: Told) -> bool:
    """Whether an update was refused for want of room."""
    return any(sent.outcome == "refused" for sent in told.sheet)


async def nothing_is_missing(rig: Rig, told: Told) -> None:
    """Every signal is on record, obeyed or refused for want of room, and only once."""
    record = await holds(rig.database, told)
    obeyed = [e.cause for e in record if e.members["type"] == "signal_noted"]
    turned_away = [
        event.members["data"]["command"]
        for event in record
        if event.members["type"] == "command_refused"
        and event.members["data"]["error"] == "RecordFull"
    ]
    sent = {s.id for s in told.sheet if s.outcome != "refused"}
    assert Counter([*obeyed, *turned_away]) == Counter(sent)
    refused = [s.refusal for s in told.sheet if s.outcome == "refused"]
    assert set(refused) == {"RecordFull"}
    assert turned_away
    assert len(await runs(told)) >= 3


async def test_a_short_outage_with_small_budgets(rig: Rig) -> None:
    """Until small budgets are used up: nothing that arrived disappears."""
    async with rig.worker(rig.orders(counts=SMALL)):
        await nothing_is_missing(rig, await outage(rig, 10, rate=30))


@pytest.mark.slow
async def test_ten_minutes_without_the_record(rig: Rig) -> None:
    """Ten minutes, five signals a second, with the budgets of production."""
    async with rig.worker():
        await nothing_is_missing(rig, await outage(rig, 600, 5, AS_IN_PRODUCTION))
