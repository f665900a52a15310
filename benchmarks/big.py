"""A big dialogue: what it carries from run to run, and what one of its commands takes.

500 stakeholders, 1,000 responses that all have their answer, and 200 agreements: put
there by the desk, command by command, as people would. What it carries is its whole
state as the workflow hands it to its next run, the compiled method and calendar
included. Its commands are compared with those of a dialogue in which nothing happened
yet, and with updates of a workflow that does nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Coroutine, Iterable
from typing import Any, Final

from benchmarks.bare import Bare
from benchmarks.dialogues import DIRECTOR, Driven, all_of, bare, start
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, Samples, in_rounds, ratio
from benchmarks.sizes import Sizes
from desk.desk import Desk, Sender

BOUND: Final = 300_000
"""Bytes that it may carry."""

WINDOW: Final = "communicatie.nagekomen"
_SENDER: Final = Sender(DIRECTOR["id"], DIRECTOR["role"])
_AT_ONCE: Final = 8
_GATHERED: Final = 50
_GROUP: Final = 10


async def big(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Let a dialogue grow big, weigh it, and compare its commands."""
    (none,) = await bare(ground.client)
    large, young = await start(ground, 2)
    desk = Desk(ground.pool, ground.keys, ground.temporal)
    await _grow(desk, large, sizes)
    await _told(large)
    await all_of(each.ready() for each in (large, young))
    await all_of(each.stock(sizes.rounds) for each in (large, young))
    state = await large.handle.query("state")
    head = await large.head()
    numbers = iter(range(10**6))

    def changed() -> Coroutine[Any, Any, Any]:
        who = {"stakeholder": "s-001", "influence": next(numbers) % 2 + 1}
        return desk.send(large.stream, "change_stakeholder", who, _SENDER)

    samples = await in_rounds(
        {
            "no-op": Operation(lambda: none.execute_update(Bare.nothing)),
            "no-op again": Operation(lambda: none.execute_update(Bare.nothing)),
            "large": Operation(large.completes),
            "large, back": Operation(large.reopens),
            "young": Operation(young.completes),
            "young, back": Operation(young.reopens),
            "changed": Operation(changed),
        },
        sizes.rounds,
    )
    return [_weight(state, f"{head['seq']:,} events"), *_ratios(samples)]


def _ratios(samples: Samples) -> list[Figure]:
    return [
        compared(
            "big", "no-op update ÷ no-op update again (A/A)",
            ratio(samples["no-op again"], samples["no-op"]),
        ),
        compared(
            "big", "its completion, answered on record ÷ no-op update",
            ratio(samples["large"], samples["no-op"]), bound=2.9, aim=2.6,
        ),
        compared(
            "big", "its completion ÷ that of a dialogue that just began",
            ratio(samples["large"], samples["young"]), bound=1.2,
        ),
        compared(
            "big", "its reopening, answered on record ÷ no-op update",
            ratio(samples["large, back"], samples["no-op"]),
        ),
        compared(
            "big", "its reopening ÷ that of a dialogue that just began",
            ratio(samples["large, back"], samples["young, back"]), bound=1.2,
        ),
        compared(
            "big", "a young completion ÷ no-op update",
            ratio(samples["young"], samples["no-op"]),
        ),
        compared(
            "big", "a stakeholder changed by the desk ÷ no-op update",
            ratio(samples["changed"], samples["no-op"]),
        ),
    ]  # fmt: skip


def _weight(state: dict[str, Any], events: str) -> Figure:
    sizes = {name: len(_written(value)) for name, value in state.items()}
    most = sorted(sizes, key=lambda name: -sizes[name])[:6]
    parts = ", ".join(f"{name} {sizes[name] / 1000:.0f}" for name in most)
    return Figure(
        name="big",
        what="bytes that it carries, method and calendar included",
        value=len(_written(state)),
        unit="bytes",
        bound=BOUND,
        note=f"after {events}; in kB: {parts}",
    )


def _written(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


async def _grow(desk: Desk, large: Driven, sizes: Sizes) -> None:
    """Bring the dialogue where it is measured, by commands of its process director."""

    async def send(kind: str, **body: Any) -> None:  # noqa: ANN401 (any member)
        answer = await desk.send(large.stream, kind, body, _SENDER)
        assert answer is not None
        assert answer.recorded

    await _some_at_once(
        send("register_stakeholder", **_stakeholder(number))
        for number in range(sizes.stakeholders)
    )
    last, plan = WINDOW.partition(".")[0], (await desk.dialogue(large.stream)).plan
    steps = list(plan.steps)
    for step in steps[: steps.index(last)]:
        await send("skip_step", step=step, reason="Deze stap is elders gezet.")
    await send("start_step", step=last)
    large.open = deque(f"{last}.{item.id}" for item in plan.steps[last].items)
    await send("open_window", window=WINDOW)
    await _respond(send, sizes.responses)
    await _some_at_once(
        send("make_agreement", **_agreement(number))
        for number in range(sizes.agreements)
    )


async def _told(large: Driven) -> None:
    """Wait until its messages, one for each answer and agreement, had their outcome.

    Nobody here has an address; each is tried and noted all the same.
    """
    while True:
        if not (await large.handle.query("state"))["effects"]:
            return
        await asyncio.sleep(1)


async def _respond(send: Any, number: int) -> None:  # noqa: ANN401
    """Have the public respond; one half is answered singly, the other in groups."""
    for begin in range(0, number, _GATHERED):
        many = range(begin, min(begin + _GATHERED, number))
        await send(
            "record_responses", window=WINDOW, responses=[_said(n) for n in many]
        )
    half = number // 2
    why = "Wij nemen dit over: het stond al in het plan voor het park."
    await _some_at_once(
        send(
            "answer_response",
            window=WINDOW,
            numbers=str(n),
            outcome="partly",
            reason=why,
        )
        for n in range(1, half + 1)
    )
    for begin in range(half + 1, number + 1, _GROUP):
        group = f"thema-{begin}"
        numbers = f"{begin}-{min(begin + _GROUP - 1, number)}"
        asked = {"group": group, "window": WINDOW, "numbers": numbers}
        await send("group_responses", **asked, because="theme", title="Meer groen")
        await send("answer_response", group=group, outcome="adopted", reason=why)


def _stakeholder(number: int) -> dict[str, Any]:
    return {
        "stakeholder": f"s-{number:03}",
        "name": f"Bewoner {number}",
        "organisation": "Bewoners van het Parkkwartier",
        "impact": number % 4,
        "influence": number // 4 % 4,
        "reached": number % 3 > 0,
    }


def _said(number: int) -> dict[str, Any]:
    return {
        "submission": f"r-{number:05}",
        "respondent": f"burger-{number:05}",
        "reference": f"Z/26/{number:06}",
    }


def _agreement(number: int) -> dict[str, Any]:
    return {
        "agreement": f"afspraak-{number:03}",
        "what": "De gemeente plant bomen langs de noordkant.",
        "who": f"s-{number:03}",
        "duration": {"calendar_days": 90 + number},
    }


async def _some_at_once(waits: Iterable[Coroutine[Any, Any, Any]]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(wait: Coroutine[Any, Any, Any]) -> None:
        async with gate:
            await wait

    await asyncio.gather(*(one(wait) for wait in waits))
