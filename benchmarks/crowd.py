"""Many at once: twenty clients on one dialogue, and fifty dialogues side by side."""

from __future__ import annotations

import json
import time
from itertools import chain, pairwise
from typing import Any

from temporalio.client import WorkflowHandle

from benchmarks.bare import Bare
from benchmarks.dialogues import (
    Driven,
    all_of,
    bare,
    connected,
    envelope,
    items,
    reason,
    start,
)
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, in_rounds, ratio
from benchmarks.sizes import Sizes
from desk.sending import send


async def one_dialogue(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Let clients send commands one after another, all to the same dialogue.

    Those that have an item of their own complete it and take it back in turn; the
    others note signals.
    """
    (dialogue,) = await start(ground)
    await dialogue.completes()
    await dialogue.reopens()
    run, before = await dialogue.history()
    began = time.perf_counter()
    sent = await all_of(
        _client(ground, dialogue, number, sizes.commands_each)
        for number in range(sizes.clients)
    )
    seconds = time.perf_counter() - began
    same, after = await dialogue.history()
    assert run == same, "the dialogue moved on to a next run while it was counted"
    commands = sizes.clients * sizes.commands_each
    wrong = await _wrong(ground, dialogue.stream, sent)
    return [
        Figure(
            name="crowd", what=f"{commands} commands from {sizes.clients} clients: "
            "not recorded once and in order", value=wrong, unit="commands", bound=0,
        ),
        Figure(
            name="crowd", what="history events for each of them",
            value=(after - before) / commands, unit="events", bound=6,
            note=f"{commands / seconds:.0f} commands/s",
        ),
    ]  # fmt: skip


async def _client(
    ground: Ground, dialogue: Driven, number: int, commands: int
) -> list[str]:
    """Send commands, each after the answer to the one before; give their ids."""
    sent: list[str] = []
    for turn in range(commands):
        kind, message = await _message(dialogue, number, turn)
        answer = await send(ground.client, dialogue.stream, kind, message)
        assert answer.recorded, "answered before it was on record"
        sent.append(message["id"])
    return sent


async def _message(
    dialogue: Driven, number: int, turn: int
) -> tuple[str, dict[str, Any]]:
    if number >= len(items()):
        source = f"source-{number}"
        return "note_signal", envelope({"type": "counted", "source": source})
    item = [items()[number]]
    if turn % 2 == 0:
        return "complete_items", envelope({"items": item})
    command_id, committed = await reason(dialogue.ground, dialogue.stream)
    command = {"items": item, "reason": {"commitment": committed}}
    return "reopen_items", envelope(command, command_id)


async def _wrong(ground: Ground, stream: str, sent: list[list[str]]) -> int:
    """Count the commands that are not on record once, in the order of their client."""
    query = "SELECT body FROM audit.event WHERE stream = %s ORDER BY seq"
    async with connected(ground) as conn:
        rows = await (await conn.execute(query, [stream])).fetchall()
    causes = [json.loads(bytes(row[0]))["cause"] for row in rows]
    place = {cause: position for position, cause in enumerate(causes)}
    many = sum(causes.count(name) != 1 for name in chain.from_iterable(sent))
    late = sum(
        place.get(one, -1) > place.get(next_one, -1)
        for mine in sent
        for one, next_one in pairwise(mine)
    )
    return many + late


async def side_by_side(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Compare how much gets done when many dialogues are driven at once.

    A block is the same number of updates for both, all dialogues (or workflows that
    do nothing) at once, each one after another; the ratio is that of their durations.
    """
    dialogues = await start(ground, sizes.dialogues)
    await all_of(dialogue.ready() for dialogue in dialogues)
    nothing = await bare(ground.client, sizes.dialogues)

    async def drive() -> None:
        await all_of(_drive(each, sizes.commands_a_block) for each in dialogues)

    async def idle() -> None:
        await all_of(_idle(each, sizes.commands_a_block) for each in nothing)

    samples = await in_rounds(
        {
            "commands": Operation(drive),
            "no-op": Operation(idle),
            "no-op again": Operation(idle),
        },
        sizes.blocks,
        warming=1,
        pause=0.2,
    )
    updates = sizes.dialogues * sizes.commands_a_block
    best = updates / min(samples["commands"])
    return [
        compared(
            "throughput", "no-op updates/s ÷ no-op updates/s again (A/A)",
            ratio(samples["no-op"], samples["no-op again"]),
        ),
        compared(
            "throughput",
            f"{sizes.dialogues} dialogues: recorded commands/s ÷ no-op updates/s",
            ratio(samples["no-op"], samples["commands"]),
            bound=0.3, aim=0.4, at_least=True,
            note=f"{best:.0f} commands/s at best",
        ),
    ]  # fmt: skip


async def _drive(dialogue: Driven, commands: int) -> None:
    for _ in range(commands):
        await dialogue.turns()


async def _idle(workflow: WorkflowHandle[Any, Any], updates: int) -> None:
    for _ in range(updates):
        await workflow.execute_update(Bare.nothing)
