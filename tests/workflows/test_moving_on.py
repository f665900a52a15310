"""A run hands everything to the next one, and nobody who sent something notices."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from activities.contracts import CompileRequest
from desk.library import Library
from domain.decide import refuse
from domain.errors import DomainError
from domain.facts import Actor, Cause
from domain.state import Dialogue, Handled
from storage.batch import Batch
from storage.pool import make_pool
from storage.record import append, take_over
from storage.record import head as recorded_head
from tests.services import until
from tests.workflows.hostile import raw, said
from tests.workflows.playing import (
    BRIEF,
    DIRECTOR,
    FIRST,
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
from workflows import fullness, policies
from workflows import ledger as ledgers
from workflows.beginning import Start, carry, read_start, started
from workflows.ledger import Ledger, LedgerState
from workflows.standing import Standing

SOON = 60
"""History events after which a run hands over, in these tests."""


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs hand over after few events, and not wait long for the record."""
    monkeypatch.setattr(policies, "HISTORY_BUDGET", SOON)
    monkeypatch.setattr(policies, "DRAIN_GRACE", timedelta(milliseconds=200))
    monkeypatch.setattr(policies, "NOTIFY_HEARTBEAT", timedelta(seconds=1))


@asynccontextmanager
async def record_down(engine: Engine) -> AsyncGenerator[None]:
    """Keep every append waiting, as a record that does not answer would."""
    async with await psycopg.AsyncConnection.connect(engine.database) as conn:
        await conn.execute(b"LOCK TABLE audit.stream IN ACCESS EXCLUSIVE MODE")
        yield
        await conn.rollback()


def note(number: int, text: str = "x") -> dict[str, object]:
    """A command that many can send; its id is its number."""
    command = {"type": "note", "source": "zaaksysteem", "reference": f"{number} {text}"}
    return envelope(command, f"note-{number}")


async def run_of(play: Play) -> str | None:
    """Give the id of the present run."""
    return (await play.handle.describe()).run_id


async def hand_over(play: Play) -> list[int]:
    """Send notes until the next run has begun; give their numbers."""
    first = await run_of(play)
    for number in range(1_000, 1_100):
        await play.update("note_signal", note(number))
        if await run_of(play) != first:
            return [*range(1_000, number + 1)]
    raise AssertionError("the run never handed over")


async def test_once_is_once_across_runs(engine: Engine, soon: None) -> None:
    """Commands of an earlier run, sent again, are repeats; other bodies are refused."""
    play = await engine.start()
    body = envelope({"items": FIRST[:1]})
    await play.update("complete_items", body)
    sent_before = await hand_over(play)
    head = await play.head()

    sent = [play.update("complete_items", body, f"again-{n}") for n in range(20)]
    assert all(answer["repeated"] for answer in await together(*sent))
    other = envelope({"items": FIRST[1:]}, body["id"])
    assert (await play.refused("complete_items", other)).type == "IdReused"
    for number in sent_before:
        assert (await play.update("note_signal", note(number)))["repeated"]
    assert await play.head() == head
    await play.is_sound()


async def test_no_caller_is_lost_between_runs(engine: Engine, soon: None) -> None:
    """Twenty clients at a time are all answered while runs hand over under them."""
    play = await engine.start()

    async def client(number: int) -> None:
        for turn in range(10):
            body = note(100 * number + turn)
            await play.update("note_signal", body, f"u-{number}-{turn}")
            await asyncio.sleep(0.02 * number)

    assert await together(*(client(n) for n in range(20))) == [None] * 20
    await play.settled()
    events = [e["cause"] for e in await play.events() if e["type"] == "signal_noted"]
    assert len(events) == len(set(events)) == 200
    assert len(await play.runs()) >= 5
    # With the record up only a dialogue that is never quiet answers before it is.
    assert sum(not answer["recorded"] for answer in play.answers) < 40
    await play.is_sound()


async def test_the_outbox_travels_while_the_record_is_down(
    engine: Engine, soon: None
) -> None:
    """Callers hear that it is not recorded yet; nothing is lost or comes twice."""
    play = await engine.start()
    async with record_down(engine):
        calls = [play.update("note_signal", note(n)) for n in range(5)]
        waiting = asyncio.gather(*calls)
        for number in range(100, 140):
            await play.handle.signal("note_signal", note(number))
        answers = await asyncio.wait_for(waiting, 30)
        assert {answer["recorded"] for answer in answers} == {False}
        head = await play.head()
        assert head["seq"] > head["recordedSeq"]
        assert len(await play.events()) == head["recordedSeq"]
        repeat = asyncio.create_task(play.update("note_signal", note(0), "again"))
        await asyncio.sleep(0.5)
        assert not repeat.done()
    assert (await repeat)["repeated"]

    await play.settled()
    causes = [e["cause"] for e in await play.events()][1:]
    assert sorted(causes) == sorted({*causes})
    assert {*causes} == {f"note-{n}" for n in (*range(5), *range(100, 140))}
    assert len(await play.runs()) >= 2
    await play.is_sound()


@pytest.mark.parametrize("desk", [True, False], ids=["by the desk", "by any client"])
async def test_a_start_that_is_not_on_record_yet_travels_whole(
    engine: Engine, soon: None, *, desk: bool
) -> None:
    """The compiled forms that the record has to keep go along to the next run."""
    async with record_down(engine):
        command = start_command(compiled=await compiled()) if desk else start_command()
        play = await engine.begin(envelope(command))
        first = await run_of(play)
        for number in range(40):
            await play.handle.signal("note_signal", note(number, f"{desk}"))

        async def moved() -> bool:
            return await run_of(play) != first

        await until(moved)
    await play.settled()
    assert await play.types() == ["dialogue_started", *["signal_noted"] * 40]
    await play.is_sound()


async def test_a_full_outbox_refuses_and_loses_nothing(
    engine: Engine, soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Updates are told to come back; refused signals wait for room, across runs."""
    monkeypatch.setattr(ledgers, "MAX_OUTBOX_BYTES", 64 * 1024)
    play = await engine.start()
    async with record_down(engine):
        for number in range(200):
            await play.handle.signal("note_signal", note(number, "x" * 400))
        refusal = await play.refused("note_signal", note(500, "x" * 400))
        assert refusal.type == "RecordFull"
        for number in range(10):
            await play.handle.signal("nonsense", raw(b"[" + b"1" * number))
    await play.settled()
    await until(lambda: has_refused_all(play, 210))

    types = await play.types()
    refused = types.count("command_refused")
    assert types.count("signal_noted") + refused == 210
    errors = [
        e["data"]["error"]
        for e in await play.events()
        if e["type"] == "command_refused"
    ]
    assert errors.count("RecordFull") == refused - 10
    # What was refused for want of room may come again, under the same id.
    assert (await play.update("note_signal", note(199, "x" * 400)))["recorded"]
    assert len(await play.runs()) >= 2
    await play.is_sound()


async def has_refused_all(play: Play, sent: int) -> bool:
    """Whether each signal is on record, obeyed or refused."""
    types = await play.types()
    return types.count("signal_noted") + types.count("command_refused") >= sent


async def test_a_message_under_way_is_never_sent_by_two_runs(
    engine: Engine, soon: None
) -> None:
    """The run lets it end before it hands over; the next one sends it, alone."""
    play = await engine.start()
    engine.letters.held.add(play.stream)
    await play.reach_window()

    async def asked() -> bool:
        return engine.letters.asked[play.stream] == 1

    await until(asked)
    await hand_over(play)
    engine.letters.held.discard(play.stream)
    await play.settled()

    assert engine.letters.told(play.stream) == ["window_opened"]
    assert engine.letters.most_at_once[play.stream] == 1
    types = await play.types()
    assert types.count("effect_completed") == 1
    await play.is_sound()


async def test_windows_close_in_a_later_run(engine: Engine, soon: None) -> None:
    """The next run arms the timers anew, from the instants in the state."""
    play = await engine.start(clock=fast_clock(2_000))
    await play.reach_window(**BRIEF)
    await hand_over(play)
    assert (await play.state())["windows"][WINDOW][0]["status"] == "open"
    await until(lambda: is_closed(play), within=60)

    closed = [e for e in await play.events() if e["type"] == "window_closed"]
    assert [(e["actor"]["role"], e["actor"]["via"]) for e in closed] == [
        ("clock", "timer")
    ]
    await play.settled()
    await play.is_sound()


async def is_closed(play: Play) -> bool:
    """Whether the closing of the window is on record."""
    return "window_closed" in await play.types()


async def test_a_record_that_contradicts_stops_the_dialogue(engine: Engine) -> None:
    """Callers are told so and nothing more is taken; the workflow stays to be seen."""
    play = await engine.start()
    await forge(play)
    first, second = note(1), note(2)

    refusal = await play.refused("note_signal", first)
    assert refusal.type == "RecordContradicts"
    before = len(await play.history())
    assert (await play.refused("note_signal", second)).type == "RecordContradicts"
    assert len(await play.history()) == before
    await play.handle.signal("note_signal", note(3))
    assert (await play.head())["seq"] == 2
    assert (await play.handle.describe()).status is not None
    assert (await play.types())[-1] == "command_refused"


async def forge(play: Play) -> None:
    """Put another event in the place of the next one, with the writer's own rights."""
    head = await play.head()
    forged = Ledger(
        LedgerState(
            stream=play.stream,
            epoch=1,
            seq=head["seq"],
            hash=head["hash"],
            recorded_seq=head["seq"],
            recorded_hash=head["hash"],
        )
    )
    state = Dialogue.model_validate(await play.state())
    by = Cause(
        stream=play.stream, id="forged", actor=Actor(**DIRECTOR), at=state.started
    )
    events = refuse(state, None, None, "NotEntitled", by)
    forged.take(events, forged.seal(events))
    batch = forged.next_batch()
    async with make_pool(play.engine.database) as pool:
        await append(
            pool,
            Batch(
                stream=batch.stream,
                epoch=batch.epoch,
                after_seq=batch.after_seq,
                after_hash=batch.after_hash,
                events=tuple(body.encode() for body in batch.events),
            ),
        )


async def test_a_run_that_was_superseded_ends_and_says_so(engine: Engine) -> None:
    """Once a restored dialogue has taken over, the old one stops with that type."""
    play = await engine.start()
    async with make_pool(engine.database) as pool:
        held = await recorded_head(pool, play.stream)
        assert held is not None
        await take_over(pool, held)

    assert (await play.refused("note_signal", note(1))).type == "Superseded"
    with pytest.raises(WorkflowFailureError) as failed:
        await play.handle.result()
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "Superseded"
    assert await play.types() == ["dialogue_started"]


async def test_what_travels_stays_within_what_temporal_takes() -> None:
    """Largest method, full outbox, all refusals and 5,000 commands: under 2 MB."""
    request = CompileRequest(
        method="imvo-dialoog",
        method_hash=None,
        calendar="NL",
        zone="Europe/Amsterdam",
        first_year=2026,
    )
    compiled = (await Library().compile(request)).model_dump(mode="json")
    command = start_command(method="imvo-dialoog", roles={}, compiled=compiled)
    body = envelope({**command, "question": "?" * 500}, "s" * 200)
    started_at = datetime(2026, 11, 23, tzinfo=UTC)
    stream = f"{'o' * 63}:{'s' * 63}"
    standing = Standing(stream, lambda: started_at, lambda: None)
    start = read_start(stream, [raw(said(body))])
    assert isinstance(start, Start)
    standing.begin(*started(stream, start, None, started_at))
    for number in range(5_000):
        source = f"{number}".ljust(200, "s")
        signal = {"type": "t" * 63, "source": source, "reference": '"' * 500}
        name = f"{number}".ljust(200, "c")
        args = [raw(said(envelope(signal, name)))]
        try:
            standing.take(standing.decide("note_signal", args, "signal"))
        except DomainError as error:
            standing.refuse("n" * 64, args, error)
    carried = standing.carried()
    handled = {n.to_bytes(8, "big"): b"12345678" for n in range(5_000)}
    state = carried.state.model_copy(update={"handled": Handled(handled)})

    kept = len(json.dumps(carried.parked))
    assert 115_000 < kept <= 125_000
    assert carried.parked_more > 3_000
    data = carry(carried.model_copy(update={"state": state})).payload.data
    assert 1_000_000 < len(data) < 2_000_000
    assert read_start(stream, [raw(data)], continued=True) == carried.model_copy(
        update={"state": state}
    )


async def outcome(play: Play, body: dict[str, object]) -> str:
    """Send a note; give the type of its refusal, or what it did."""
    try:
        await play.handle.execute_update("note_signal", body)
    except WorkflowUpdateFailedError as error:
        return str(getattr(error.cause, "type", error.cause))
    return "obeyed"


async def test_a_dialogue_that_holds_too_much_takes_only_its_end(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not be handed over any more; who sends something else is told so."""
    play = await engine.start()
    held = len(json.dumps(await play.state(), separators=(",", ":")))
    monkeypatch.setattr(fullness, "MAX_STATE_BYTES", held + 10_000)
    taken = [await outcome(play, note(number, "x" * 400)) for number in range(20)]
    assert taken[:5] == ["obeyed"] * 5
    assert taken[-5:] == ["DialogueFull"] * 5
    await play.does("cancel_dialogue", reason=commitment("it is full"))
    await play.settled()
    await play.is_sound()
