"""How long one command takes, beside an update that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

from temporalio.client import WorkflowHandle, WorkflowUpdateStage

from benchmarks.bare import Bare
from benchmarks.dialogues import (
    DIRECTOR,
    Driven,
    all_of,
    bare,
    envelope,
    start,
)
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, Samples, in_rounds, ratio
from benchmarks.sizes import Sizes
from desk.desk import Desk, Sender, open_desk

NOTHING = "no-op update"
AGAIN = "no-op update again (A/A)"
ACTIVITY = "no-op update and empty activity"
COMPLETION = "completion, answered on record"
REOPENING = "reopening, answered on record"
BY_DESK = "completion by the desk"
_ACCEPTED = "completion, answered when accepted"


async def on_record(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Compare commands that are answered once their events are on record."""
    none, dialogue, other = await _started(ground, sizes)
    async with open_desk(
        ground.database, ground.temporal, ground.client.namespace
    ) as desk:
        samples = await in_rounds(
            {
                **_bare(none),
                COMPLETION: Operation(dialogue.completes),
                REOPENING: Operation(dialogue.reopens),
                BY_DESK: _by_desk(desk, other),
            },
            sizes.rounds,
        )
    return [
        *_told("latency", samples, [AGAIN, ACTIVITY, "signal", "query"]),
        compared(
            "latency", COMPLETION, ratio(samples[COMPLETION], samples[NOTHING]),
            bound=2.9, aim=2.6, note=_milliseconds(samples, COMPLETION),
        ),
        *_told("latency", samples, [REOPENING, BY_DESK]),
        compared(
            "latency", "completion ÷ no-op update and empty activity",
            ratio(samples[COMPLETION], samples[ACTIVITY]),
        ),
    ]  # fmt: skip


async def accepted(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Compare commands that are answered once they are durable in Temporal.

    What is left of a command, its way to the record, is over before the next begins.
    """
    none, dialogue, _ = await _started(ground, sizes)
    samples = await in_rounds(
        {
            **{
                row: each
                for row, each in _bare(none).items()
                if row in {NOTHING, AGAIN}
            },
            ACTIVITY: _accepted(none, lambda: (Bare.activity, ())),
            _ACCEPTED: _accepted(
                dialogue.handle,
                lambda: ("complete_items", (envelope(dialogue.taken()),)),
            ),
            "reopening": _accepted(
                dialogue.handle,
                lambda: ("reopen_items", (dialogue.taken_back(),)),
            ),
        },
        sizes.rounds,
    )
    return [
        *_told("accepted", samples, [AGAIN, ACTIVITY]),
        compared(
            "accepted", _ACCEPTED, ratio(samples[_ACCEPTED], samples[NOTHING]),
            bound=1.2, note=_milliseconds(samples, _ACCEPTED),
        ),
    ]  # fmt: skip


def _accepted(
    handle: WorkflowHandle[Any, Any],
    next_one: Callable[[], tuple[Any, tuple[Any, ...]]],
) -> Operation:
    """Time an update until it is accepted; its answer is awaited afterwards."""

    async def act() -> Any:  # noqa: ANN401
        update, args = next_one()
        return await handle.start_update(
            update, args=args, wait_for_stage=WorkflowUpdateStage.ACCEPTED
        )

    return Operation(act, lambda update: update.result())


async def _started(
    ground: Ground, sizes: Sizes
) -> tuple[WorkflowHandle[Any, Any], Driven, Driven]:
    (none,) = await bare(ground.client)
    dialogue, other = await start(ground, 2)
    await all_of(each.stock(sizes.rounds * 2) for each in (dialogue, other))
    return none, await dialogue.ready(), await other.ready()


def _bare(none: WorkflowHandle[Any, Any]) -> dict[str, Operation]:
    return {
        NOTHING: Operation(lambda: none.execute_update(Bare.nothing)),
        AGAIN: Operation(lambda: none.execute_update(Bare.nothing)),
        ACTIVITY: Operation(lambda: none.execute_update(Bare.activity)),
        "signal": Operation(lambda: none.signal(Bare.tell)),
        "query": Operation(lambda: none.query(Bare.told)),
    }


def _by_desk(desk: Desk, dialogue: Driven) -> Operation:
    sender = Sender(DIRECTOR["id"], DIRECTOR["role"])

    async def act() -> object:
        return await desk.send(
            dialogue.stream, "complete_items", dialogue.taken(), sender
        )

    return Operation(act, lambda _: dialogue.reopens())


def _told(name: str, samples: Samples, rows: list[str]) -> list[Figure]:
    return [
        compared(
            name, row, ratio(samples[row], samples[NOTHING]),
            note=_milliseconds(samples, row),
        )
        for row in rows
    ]  # fmt: skip


def _milliseconds(samples: Samples, row: str) -> str:
    """Say the medians themselves; they are this machine's, at this moment."""
    one, none = (1_000 * median(samples[name]) for name in (row, NOTHING))
    return f"{one:.1f} ms ÷ {none:.1f} ms"
