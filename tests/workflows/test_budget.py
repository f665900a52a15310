"""What a command costs in history events, which is what bounds a dialogue's life."""

from __future__ import annotations

from itertools import pairwise

from tests.workflows.playing import (
    FIRST,
    SECOND,
    Engine,
    Play,
    envelope,
    start_command,
    together,
)

EIGHT = [
    f"opdracht.{item}"
    for item in (
        "waartoe",
        "aanleiding",
        "rollen",
        "scope",
        "budget",
        "beslissers",
        "verwachtingen",
        "deadlines",
        "aanpak",
    )
]
"""An item that starts the step, and eight more."""


async def cost(play: Play, kind: str, **command: object) -> int:
    """Give the history events that one command costs once it is answered."""
    before = len(await play.history())
    await play.does(kind, **command)
    return len(await play.history()) - before


async def test_a_completion_costs_eleven_events(engine: Engine) -> None:
    """Update, append and answer; the second of its step, so nothing else happens."""
    play = await engine.start()
    await play.does("complete_items", items=FIRST[:1])
    assert await cost(play, "complete_items", items=FIRST[1:2]) <= 11
    await play.is_sound()


async def test_eight_items_cost_hardly_more_than_one(engine: Engine) -> None:
    """Eight items in one command are one event of ours, and one append."""
    roles = {"process_director": ["p-1"]}
    command = start_command(method="stakeholderdialoog", roles=roles)
    play = await engine.begin(envelope(command))
    await play.does("complete_items", items=EIGHT[:1])
    assert await cost(play, "complete_items", items=EIGHT[1:]) <= 12
    await play.is_sound()


async def test_two_hundred_commands_from_twenty_clients(engine: Engine) -> None:
    """All are recorded once and in the order answered, at 6 history events each."""
    play = await engine.start()
    before = len(await play.history())

    async def client(number: int) -> None:
        for turn in range(10):
            command = {"type": "note", "source": f"s-{number}", "reference": f"{turn}"}
            body = envelope(command, f"n-{number}-{turn}")
            answer = await play.update("note_signal", body)
            assert answer["recorded"]

    assert await together(*(client(n) for n in range(20))) == [None] * 20
    events = [e for e in await play.events() if e["type"] == "signal_noted"]
    assert len({event["cause"] for event in events}) == len(events) == 200
    for number in range(20):
        turns = [
            e["data"]["reference"]
            for e in events
            if e["data"]["source"] == f"s-{number}"
        ]
        assert turns == [str(turn) for turn in range(10)]
    assert (len(await play.history()) - before) / 200 <= 6
    seqs = [event["seq"] for event in await play.events()]
    assert all(b == a + 1 for a, b in pairwise(seqs))
    await play.is_sound()


async def test_queries_and_refusals_cost_nothing(engine: Engine) -> None:
    """Whoever asks, or is refused, leaves no history."""
    play = await engine.start()
    before = len(await play.history())
    for query in ("state", "progress", "head", "outbox"):
        await play.handle.query(query)
    await play.refused("complete_items", envelope({"items": SECOND}))
    assert len(await play.history()) == before
