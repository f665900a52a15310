"""A window is open in [opens, closes), to the microsecond and through any outage."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.method import Method
from evidence.canonical import content_hash
from tests.faults.oracle import OnRecord, holds
from tests.faults.rig import Rig
from tests.faults.telling import (
    WINDOW,
    Sending,
    Told,
    Way,
    begin,
    compiled,
    fast_clock,
    fresh,
    together,
)
from tests.faults.windows import open_window, real, recorded

pytestmark = pytest.mark.faults

MICROSECOND = timedelta(microseconds=1)
AROUND = timedelta(seconds=0.4)
RESPONDENTS = tuple(f"k-{number}" for number in range(50))
WAYS: tuple[Way, ...] = ("update", "signal", "update")


async def refusing() -> dict[str, Any]:
    """Give the compiled forms of a method whose window refuses what is late."""
    made = await compiled()
    method = Method.model_validate(made["method"]).model_dump(mode="json")
    for step in (step for phase in method["phases"] for step in phase["steps"]):
        for window in step["windows"]:
            window["late"] = "refuse"
    strict = Method.model_validate(method)
    return {
        **made,
        "method": method,
        "method_hash": content_hash(strict.model_dump(mode="json")),
    }


async def opened(rig: Rig, *, strict: bool) -> tuple[Told, datetime]:
    """Start a fast dialogue with an open window; give when it closes."""
    async with rig.desk() as desk:
        told = await begin(
            rig.client,
            desk,
            clock=fast_clock(),
            roles={"process_director": ["p-1"], "parties": RESPONDENTS},
            compiled=await (refusing() if strict else compiled()),
        )
        return told, await open_window(told, days=3)


async def respond_around(told: Told, closes: datetime) -> None:
    """Let everybody respond around the closing, received at it to the microsecond."""
    instant = await real(told, closes)
    moments = (closes - MICROSECOND, closes, closes + MICROSECOND, None)

    async def respond(number: int, respondent: str) -> None:
        arrives = instant - AROUND + 2 * AROUND * (number / len(RESPONDENTS))
        await asyncio.sleep((arrives - datetime.now(UTC)).total_seconds())
        moment = moments[number % len(moments)]
        received = None if moment is None else moment.isoformat()
        response = {"window": WINDOW, "respondent": respondent, "received_at": received}
        way = WAYS[number % len(WAYS)]
        await told.insist(way, "record_response", response, fresh("response"))

    await together(*(respond(n, who) for n, who in enumerate(RESPONDENTS)))


def late(event: OnRecord, closes: datetime) -> bool:
    """Whether a response on record counts as late, having checked that it should."""
    data = event.members["data"]
    received = datetime.fromisoformat(data["received_at"])
    assert data["late"] == (received >= closes), event
    return data["late"]


def refused(sheet: Sequence[Sending], record: Sequence[OnRecord]) -> int:
    """Count the responses that were refused, to their sender or on record."""
    answered = sum(sending.refusal == "LateResponse" for sending in sheet)
    written = [e for e in record if e.members["type"] == "command_refused"]
    return answered + len(written)


async def agree(rig: Rig, told: Told, closes: datetime, *, strict: bool) -> None:
    """Answers, record and state say the same of every response."""
    record = await holds(rig.database, told)
    responses = [e for e in record if e.members["type"] == "response_recorded"]
    lateness = [late(event, closes) for event in responses]
    run = (await told.state())["windows"][WINDOW][-1]
    assert (run["on_time"], run["late"]) == (
        lateness.count(False),
        lateness.count(True),
    )
    missed = refused(told.sheet, record)
    assert len(responses) + missed == len(RESPONDENTS)
    if strict:
        assert not any(lateness)
        assert missed >= len(RESPONDENTS) // 2 - 1
    else:
        assert not missed
        assert any(lateness)
    closed = [e for e in record if e.members["type"] == "window_closed"]
    assert len(closed) == 1


async def test_a_response_at_the_instant_of_closing(steady: Rig) -> None:
    """Two hundred times: wholly in or wholly out, and everything agrees on it."""
    kinds = (False, True, False, True)
    plays = await together(*(opened(steady, strict=strict) for strict in kinds))
    await together(*(respond_around(*play) for play in plays))
    for (told, closes), strict in zip(plays, kinds, strict=True):
        await recorded(steady.database, told, "window_closed")
        await agree(steady, told, closes, strict=strict)


async def test_a_window_due_while_everything_is_down(rig: Rig) -> None:
    """It closes once, on recovery; what the desk had in time is on time."""
    async with rig.worker() as worker, rig.desk() as desk:
        told = await begin(rig.client, desk, clock=fast_clock())
        closes = await open_window(told, days=2)
        instant = await real(told, closes)
        await worker.kill()
        await rig.temporal.kill()
        await rig.postgres.stop()
        left = instant + timedelta(seconds=1) - datetime.now(UTC)
        await asyncio.sleep(left.total_seconds())
        await rig.postgres.start()
        await rig.temporal.start()
        await worker.start()
        [closed] = await recorded(rig.database, told, "window_closed")
        in_time = (closes - MICROSECOND).isoformat()
        response = {"window": WINDOW, "respondent": "k-1", "received_at": in_time}
        await told.insist("update", "record_response", response, fresh())
        record = await holds(rig.database, told)
        assert datetime.fromisoformat(closed.members["at"]) > closes
        [opening] = [e for e in record if e.members["type"] == "window_opened"]
        assert datetime.fromisoformat(opening.members["data"]["closes"]) == closes
        assert [e.members["type"] for e in record].count("window_closed") == 1
        [counted] = [e for e in record if e.members["type"] == "response_recorded"]
        assert not late(counted, closes)
