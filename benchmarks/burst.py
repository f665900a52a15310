"""A burst: two thousand responses come to one public window, each from somebody else.

They come by the desk, forty at a time, each with a text of its own, and each waits
until it is on record. A block of them takes turns with as many updates of one workflow
that does nothing, forty at a time as well; and with as many responses that a client
sends fifty to a command. Afterwards the record is read: every response must be there,
once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import count, cycle
from typing import Any, Final

from benchmarks.bare import Bare
from benchmarks.dialogues import DIRECTOR, bare, connected, envelope, start
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, in_rounds, ratio
from benchmarks.sizes import Sizes
from desk.desk import Desk, Sender
from desk.gathering import respond

BLOCKS: Final = 10
"""In so many blocks they come, after one that counts for nothing."""

WINDOW: Final = "communicatie.nagekomen"
_AT_ONCE: Final = 40
_GATHERED: Final = 50
_SENDER: Final = Sender(DIRECTOR["id"], DIRECTOR["role"])
_TEXT: Final = "Laat de oude eiken aan de noordkant staan, nummer {}."


async def burst(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Let responses come in, and compare them with updates that do nothing."""
    # Temporal takes two thousand updates in one run of a workflow.
    idlers = cycle(await bare(ground.client, 3))
    (dialogue,) = await start(ground)
    desk = Desk(ground.pool, ground.keys, ground.temporal)
    await _open(desk, dialogue.stream)
    numbers, block = count(1), sizes.burst // BLOCKS

    async def one() -> None:
        number = next(numbers)
        said = {
            "window": WINDOW,
            "respondent": f"burger-{number}",
            "response": _TEXT.format(number),
        }
        answer = await respond(desk, dialogue.stream, said, _SENDER)
        assert answer.recorded, "answered before it was on record"

    async def idle() -> None:
        none = next(idlers)
        await _many(lambda: none.execute_update(Bare.nothing), block)

    async def gathered() -> None:
        for begin in range(0, block, _GATHERED):
            many = [_said(next(numbers)) for _ in range(min(_GATHERED, block - begin))]
            command = envelope({"window": WINDOW, "responses": many})
            await dialogue.handle.execute_update("record_responses", command)

    samples = await in_rounds(
        {
            "responses": Operation(lambda: _many(one, block)),
            "gathered": Operation(gathered),
            "no-op": Operation(idle),
            "no-op again": Operation(idle),
        },
        BLOCKS,
        warming=1,
        pause=0.2,
    )
    lost = await _wrong(ground, dialogue.stream, next(numbers) - 1)
    best = block / min(samples["responses"])
    return [
        Figure(
            name="burst", what=f"{2 * BLOCKS * block:,} responses to one window: "
            "not on record once", value=lost, unit="responses", bound=0,
        ),
        compared(
            "burst", "no-op updates/s ÷ no-op updates/s again (A/A)",
            ratio(samples["no-op"], samples["no-op again"]),
        ),
        compared(
            "burst", "responses/s ÷ no-op updates/s, one dialogue",
            ratio(samples["no-op"], samples["responses"]), bound=0.4, at_least=True,
            note=f"{best:.0f} responses/s at best",
        ),
        compared(
            "burst", f"the same, sent {_GATHERED} at a time and without texts",
            ratio(samples["no-op"], samples["gathered"]),
        ),
    ]  # fmt: skip


def _said(number: int) -> dict[str, str]:
    who = f"burger-{number}"
    return {"submission": f"r-{number}", "respondent": who, "reference": f"Z/{number}"}


async def _open(desk: Desk, stream: str) -> None:
    """Bring a dialogue to the window, by leaving out what comes before it."""
    last = WINDOW.partition(".")[0]
    plan = (await desk.dialogue(stream)).plan
    steps = list(plan.steps)
    for step in steps[: steps.index(last)]:
        told = {"step": step, "reason": "Deze stap is elders gezet."}
        await desk.send(stream, "skip_step", told, _SENDER)
    await desk.send(stream, "start_step", {"step": last}, _SENDER)
    await desk.send(stream, "open_window", {"window": WINDOW}, _SENDER)


async def _many(act: Callable[[], Awaitable[Any]], number: int) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one() -> None:
        async with gate:
            await act()

    await asyncio.gather(*(one() for _ in range(number)))


async def _wrong(ground: Ground, stream: str, sent: int) -> int:
    """Count the responses that are not on record, or more than once."""
    query = """SELECT body FROM audit.event
        WHERE stream = %s AND type = 'response_recorded'"""
    async with connected(ground) as conn:
        rows = await (await conn.execute(query, [stream])).fetchall()
    came = [json.loads(bytes(row[0]))["data"]["respondent"] for row in rows]
    missing = {f"burger-{n}" for n in range(1, sent + 1)} - set(came)
    return len(missing) + len(came) - len(set(came))
