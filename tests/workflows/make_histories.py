"""Makes the histories that every later build must be able to replay.

    python -m tests.workflows.make_histories

They are made on real servers. A history that is there already is kept: it stands for
the dialogues that an earlier build began. `--all` makes all of them anew.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, cast

from temporalio.client import WorkflowFailureError

from evidence.actor import DeskKey, make_key, sign
from servers import PostgresServer, TemporalServer
from tests.services import (
    connect,
    create_database,
    postgres_running,
    temporal_running,
    until,
)
from tests.workflows.hostile import PAYLOADS
from tests.workflows.playing import (
    BRIEF,
    FIRST,
    SECOND,
    THIRD,
    WINDOW,
    Engine,
    Play,
    commitment,
    compiled,
    envelope,
    fast_clock,
    start_command,
    together,
)
from tests.workflows.running import engine_on
from workflows import policies

HISTORIES: Final = Path(__file__).parents[1] / "histories"
REASON: Final = commitment("a reason")
SUGGEST: Final = "limit.historyCount.suggestContinueAsNew"

Scenario = Callable[[Engine], Awaitable[Play]]


async def whole_dialogue(engine: Engine) -> Play:
    """From start to archive: steps, a window with responses, extended and closed."""
    play = await engine.start()
    await play.reach_window()
    await play.does("record_response", window=WINDOW, respondent="k-1")
    more = {"duration": {"working_days": 2}, "reason": REASON}
    await play.does("extend_window", window=WINDOW, **more)
    await play.does("pause_dialogue", reason=REASON)
    await play.does("resume_dialogue")
    await play.settled()
    await play.reach_third_step()
    await play.does("complete_items", items=THIRD[1:])
    await play.does("complete_step", step="samen-bepalen")
    await play.settled()
    await play.does("leave_unanswered", window=WINDOW, reason=REASON)
    await play.does("complete_dialogue")
    await play.does("archive_dialogue")
    await play.handle.result()
    return play


async def answers_to_responses(engine: Engine) -> Play:
    """Completing that is refused while a response waits, in a group and alone."""
    play = await engine.start()
    await play.reach_window()
    for who in ("k-1", "k-2", "k-1"):
        await play.does("record_response", window=WINDOW, respondent=who)
    group = {"group": "light", "window": WINDOW, "numbers": "1-2", "because": "theme"}
    await play.does("group_responses", **group)
    answer = {"outcome": "adopted", "reason": REASON}
    await play.does("answer_response", group="light", **answer)
    await play.settled()
    await play.reach_third_step()
    await play.does("complete_items", items=THIRD[1:])
    await play.does("complete_step", step="samen-bepalen")
    await play.handle.signal("complete_dialogue", envelope({}))
    await play.does("answer_response", window=WINDOW, numbers="3", **answer)
    await play.settled()
    await play.does("complete_dialogue")
    await play.does("archive_dialogue")
    await play.handle.result()
    return play


async def revisit_with_compensations(engine: Engine) -> Play:
    """A revisit whose first compensation fails, is retried, and then succeeds."""
    play = await engine.start()
    await play.reach_window()
    await play.reach_third_step()
    await play.settled()
    engine.letters.failing[play.stream] = {"tell"}
    await play.does("revisit_step", step="belangen", reason=REASON)
    await play.settled()
    failed = next(iter((await play.state())["compensations"]))
    await play.does("retry_compensation", compensation=failed)
    await play.settled()
    engine.letters.failing[play.stream] = set()
    await play.does("retry_compensation", compensation=failed)
    await play.settled()
    await play.does("reconfirm_items", step="belangen")
    return play


async def refused_signals(engine: Engine) -> Play:
    """Signals that were obeyed, repeated and refused, and Temporal's own cancel."""
    play = await engine.start()
    for args in list(PAYLOADS.values())[:20]:
        await play.handle.signal("complete_items", args=args)
    body = envelope({"items": FIRST[:1]})
    for _ in range(3):
        await play.handle.signal("complete_items", body)
    await play.handle.signal("frobnicate", body)
    await play.handle.cancel()
    await play.does("complete_items", items=FIRST[1:])
    await play.settled()
    return play


async def start_by_any_client(engine: Engine) -> Play:
    """A start without compiled forms, with messages that had to wait for them."""
    play = await engine.begin(envelope(start_command()))
    await play.handle.signal("complete_items", envelope({"items": FIRST[:1]}))
    await play.does("complete_items", items=FIRST[1:])
    await play.settled()
    return play


async def start_without_sense(engine: Engine) -> Play:
    """A start that could not be read."""
    play = await engine.begin({"hello": "world"}, "twice")
    try:
        await play.handle.result()
    except WorkflowFailureError:
        return play
    raise AssertionError(play)


async def window_by_the_clock(engine: Engine) -> Play:
    """A window that reminds and closes by its timers."""
    play = await engine.start(clock=fast_clock())
    await play.reach_window(**BRIEF)

    async def closed() -> bool:
        return "window_closed" in await play.types()

    await until(closed)
    await play.settled()
    return play


async def texts_that_never_came(engine: Engine) -> Play:
    """Commitments that nothing opens, named by the dialogue, also as it ends."""
    play = await engine.start()
    body = envelope({"items": FIRST[:1], "note": commitment("nowhere")})
    await play.handle.signal("complete_items", body)
    await play.handle.signal("look_for_erasures")

    async def said() -> bool:
        return "personal_data_erased" in await play.types()

    await until(said)
    await play.settled()
    await play.handle.signal("cancel_dialogue", envelope({"reason": REASON}))
    await play.handle.signal("archive_dialogue", envelope({}))
    await play.handle.result()
    return play


async def several_runs(engine: Engine) -> Play:
    """Runs that hand over, one with a message under way that was broken off."""
    play = await engine.start()
    engine.letters.held.add(play.stream)
    await play.reach_window()
    await play.does("complete_items", items=SECOND[:3])
    first = (await play.handle.describe()).run_id

    async def handed_over() -> bool:
        note = {"type": "note", "source": "zaaksysteem"}
        await play.does("note_signal", **note)
        return (await play.handle.describe()).run_id != first

    await until(handed_over, every=0.5)
    engine.letters.held.discard(play.stream)
    await play.does("complete_items", items=SECOND[3:])
    await play.settled()
    return play


async def callers_across_runs(engine: Engine) -> Play:
    """Signals and updates at once, while runs hand over with a timer armed."""
    play = await engine.start()
    await play.reach_window()

    async def caller(number: int) -> None:
        for turn in range(3):
            note = {"type": "note", "source": "zaaksysteem", "reference": str(turn)}
            body = envelope(note, f"n-{number}-{turn}")
            await play.handle.signal("note_signal", body)
            await play.update("note_signal", body)

    await together(*(caller(number) for number in range(8)))
    await play.settled()
    return play


async def signed_by_desks(engine: Engine) -> Play:
    """A start, updates and signals that are signed, or not, or by the wrong key."""
    first, second, stranger = (make_key(bytes([n]) * 32) for n in (1, 2, 3))

    def by(
        key: DeskKey,
        stream: str,
        kind: str,
        /,
        **command: Any,  # noqa: ANN401 (any member)
    ) -> dict[str, Any]:
        body = envelope(command)
        return {**body, "sig": sign(key, stream, kind, body)}

    begin = start_command(compiled=await compiled(), desk_keys=[first.public])

    def started(stream: str) -> dict[str, Any]:
        return by(first, stream, "start_dialogue", **begin)

    play = await engine.begin(started)
    name = play.stream
    trusted = by(first, name, "trust_desk_key", public=second.public)
    await play.update("trust_desk_key", trusted)
    signed = by(second, name, "complete_items", items=FIRST[:1])
    await play.update("complete_items", signed)
    await play.handle.signal("complete_items", signed)
    for forged in (
        by(stranger, name, "complete_items", items=FIRST[1:]),
        by(first, name, "waive_items", items=FIRST[1:]),
        {**signed, "id": "another"},
    ):
        await play.handle.signal("complete_items", forged)
    await play.does("complete_items", items=FIRST[1:2])
    narrow = by(second, name, "allow_unsigned", commands=["note_signal"])
    await play.update("allow_unsigned", narrow)
    await play.handle.signal("complete_items", envelope({"items": FIRST[2:]}))
    await play.does("note_signal", type="note", source="zaaksysteem")
    gone = by(second, name, "distrust_desk_key", key=first.id, reason=REASON)
    await play.update("distrust_desk_key", gone)
    late = by(first, name, "complete_items", items=FIRST[2:])
    await play.handle.signal("complete_items", late)
    await play.settled()
    return play


PLAIN: Final[tuple[Scenario, ...]] = (
    whole_dialogue,
    answers_to_responses,
    revisit_with_compensations,
    refused_signals,
    start_by_any_client,
    start_without_sense,
    window_by_the_clock,
    texts_that_never_came,
    signed_by_desks,
)
HANDING_OVER: Final[tuple[Scenario, ...]] = (several_runs, callers_across_runs)


async def make(*, anew: bool) -> None:
    """Play every scenario whose histories are not there yet, and keep them."""
    # Only how soon a message is broken off; no history depends on it.
    policies.NOTIFY_HEARTBEAT = timedelta(seconds=1)  # pyright: ignore[reportConstantRedefinition]
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        async with (
            postgres_running(here / "record") as postgres,
            temporal_running(here / "plain") as plain,
            temporal_running(here / "short", dynamic_config={SUGGEST: "60"}) as short,
        ):
            await _play(PLAIN, plain, postgres, anew=anew)
            await _play(HANDING_OVER, short, postgres, anew=anew)


async def _play(
    scenarios: tuple[Scenario, ...],
    temporal: TemporalServer,
    postgres: PostgresServer,
    *,
    anew: bool,
) -> None:
    database = await create_database(postgres.address, scenarios[0].__name__)
    async with engine_on(await connect(temporal), database) as engine:
        for scenario in scenarios:
            name = scenario.__name__.replace("_", "-")
            if anew or not list(HISTORIES.glob(f"{name}*.json")):
                await _keep(await scenario(engine), name)


async def _keep(play: Play, name: str) -> None:
    histories = await play.histories()
    for number, history in enumerate(histories, 1):
        run = f"-{number}" if len(histories) > 1 else ""
        path = HISTORIES / f"{name}{run}.json"
        told = _without_traces(json.loads(history.to_json()))
        text = json.dumps(told, separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8")


def _without_traces(told: Any) -> Any:  # noqa: ANN401  (JSON is anything)
    """Leave out stack traces: they tell where a machine keeps its programs."""
    match told:
        case dict():
            members = cast("dict[str, Any]", told).items()
            return {k: _without_traces(v) for k, v in members if k != "stackTrace"}
        case list():
            return [_without_traces(each) for each in cast("list[Any]", told)]
        case _:
            return told


if __name__ == "__main__":
    asyncio.run(make(anew="--all" in sys.argv))
