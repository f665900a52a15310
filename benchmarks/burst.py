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
from benchmarks.dialogues import (
    DIRECTOR,
    Driven,
    bare,
    connected,
    envelope,
    start,
)
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, Samples, in_rounds, ratio
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


class _Window:
    """A public window, and in how many ways a block of responses comes to it.

    Each response is from somebody else, whatever its way.
    """

    def __init__(self, desk: Desk, dialogue: Driven, block: int) -> None:
        self._desk, self._dialogue, self._block = desk, dialogue, block
        self._numbers = count(1)

    @property
    def sent(self) -> int:
        """How many have come; ask when nothing comes any more."""
        return next(self._numbers) - 1

    async def by_the_desk(self) -> None:
        """Let a block come, each with its text, until all are on record."""
        await _many(self._one, self._block)

    async def _one(self) -> None:
        number = next(self._numbers)
        said = {
            "window": WINDOW,
            "respondent": f"burger-{number}",
            "response": _TEXT.format(number),
        }
        answer = await respond(self._desk, self._dialogue.stream, said, _SENDER)
        assert answer.recorded, "answered before it was on record"

    async def gathered(self) -> None:
        """Let a block come in commands of many, without texts, one by one."""
        for begin in range(0, self._block, _GATHERED):
            size = min(_GATHERED, self._block - begin)
            many = [_said(next(self._numbers)) for _ in range(size)]
            command = envelope({"window": WINDOW, "responses": many})
            await self._dialogue.handle.execute_update("record_responses", command)


async def burst(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Let responses come in, and compare them with updates that do nothing."""
    # Temporal takes two thousand updates in one run of a workflow.
    idlers = cycle(await bare(ground.client, 3))
    (dialogue,) = await start(ground)
    desk = Desk(ground.pool, ground.keys, ground.temporal)
    await _open(desk, dialogue.stream)
    block = sizes.burst // BLOCKS
    window = _Window(desk, dialogue, block)

    async def idle() -> None:
        none = next(idlers)
        await _many(lambda: none.execute_update(Bare.nothing), block)

    samples = await in_rounds(
        {
            "responses": Operation(window.by_the_desk),
            "gathered": Operation(window.gathered),
            "no-op": Operation(idle),
            "no-op again": Operation(idle),
        },
        BLOCKS,
        warming=1,
        pause=0.2,
    )
    lost = await _wrong(ground, dialogue.stream, window.sent)
    return _figures(samples, block, lost)


def _figures(samples: Samples, block: int, lost: int) -> list[Figure]:
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
