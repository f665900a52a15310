"""What must not grow: the time of a command, with age and with company."""

from __future__ import annotations

from typing import Final

from benchmarks.dialogues import Driven, all_of, start
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground, embedded
from benchmarks.measuring import Operation, in_rounds, ratio
from benchmarks.sizes import Sizes

_AT_ONCE: Final = 4
"""Commands in flight while a dialogue grows old; fewer than it has items."""


async def age(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Compare a dialogue of thousands of events with one of a few dozen, in turns.

    The old one got there by commands of its own, over several runs: its last run is
    warm when it is measured, and as long a history lies behind it as it happens to be.
    """
    old, other, young = await start(ground, 3)
    await old.ready()
    runs = await _until(old, sizes.old)
    await all_of((_until(young, sizes.young), _until(other, sizes.young)))
    await all_of(each.stock() for each in (old, other, young))
    reached = (await old.head())["seq"]
    _, length = await old.history()
    samples = await in_rounds(
        {
            "old": Operation(old.turns),
            "young": Operation(young.turns),
            "other": Operation(other.turns),
        },
        sizes.rounds,
    )
    return [
        compared(
            "age", "p50 of a young dialogue ÷ of another (A/A)",
            ratio(samples["other"], samples["young"]),
        ),
        compared(
            "age", f"p50 at event {sizes.old:,} ÷ at event {sizes.young}",
            ratio(samples["old"], samples["young"]), bound=1.2,
            note=f"from event {reached:,}, run {runs}, {length} events into it",
        ),
    ]  # fmt: skip


async def _until(dialogue: Driven, seq: int) -> int:
    """Send commands until the dialogue has so many events; count its runs."""
    runs = set[str]()
    reached = 0
    while reached < seq:
        runs.add((await dialogue.history())[0])
        answers = await all_of(dialogue.turns() for _ in range(_AT_ONCE))
        reached = max(answer["version"] for answer in answers)
    runs.add((await dialogue.history())[0])
    return len(runs)


async def company(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Compare a dialogue among thousands of idle ones with one among a few.

    Two whole sets of servers and workers stand side by side, so that the two can be
    measured in turns; before the crowd comes in, they have to be alike. Nothing is
    measured on servers that were given: there is only one set of them.
    """
    if not ground.embedded:
        return []
    async with embedded(ground.directory / "second") as second:
        here, there = (await start(ground))[0], (await start(second))[0]
        await all_of((here.ready(), there.ready()))
        await start(ground, sizes.few)
        await start(second, sizes.few)
        before = await _in_turns(here, there, sizes)
        await start(second, sizes.many - sizes.few)
        after = await _in_turns(here, there, sizes)
    return [
        compared(
            "company", f"{sizes.few} idle dialogues on both servers (A/A)",
            ratio(before["there"], before["here"]),
        ),
        compared(
            "company", f"p50 with {sizes.many:,} idle dialogues ÷ with {sizes.few}",
            ratio(after["there"], after["here"]), bound=1.2,
        ),
    ]  # fmt: skip


async def _in_turns(
    here: Driven, there: Driven, sizes: Sizes
) -> dict[str, list[float]]:
    return await in_rounds(
        {"here": Operation(here.turns), "there": Operation(there.turns)}, sizes.rounds
    )
