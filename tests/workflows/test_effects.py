"""Record first, act second; what fails waits for a person and never disappears."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

from activities.contracts import Notice
from tests.services import until
from tests.workflows.playing import (
    WINDOW,
    Engine,
    Play,
    broken,
    commitment,
    envelope,
)
from workflows import effects

REASON = commitment("a reason")


@pytest.fixture
async def play(engine: Engine) -> Play:
    """A dialogue in its third step, with two outward effects behind it."""
    play = await engine.start()
    await play.reach_window()
    await play.reach_third_step()
    await play.settled()
    return play


async def compensations(play: Play) -> list[tuple[str, str]]:
    """Give act and status of each compensation, in the order in which they run."""
    found = (await play.state())["compensations"].values()
    return [(c["act"], c["status"]) for c in found]


async def test_a_revisit_undoes_in_reverse_order(engine: Engine, play: Play) -> None:
    """The later effect is undone first, each once, after its start is on record."""
    preview = await play.handle.query("preview_revisit", "belangen")
    await play.does("revisit_step", step="belangen", reason=REASON)
    await play.settled()

    assert [c["act"] for c in preview["compensations"]] == ["tell", "retract_report"]
    assert await compensations(play) == [
        ("tell", "completed"),
        ("retract_report", "completed"),
    ]
    assert engine.letters.told(play.stream)[-2:] == ["tell", "retract_report"]
    types = await play.types()
    asked = [t for t in types if t.startswith("compensation_")]
    assert asked[-4:] == ["compensation_started", "compensation_completed"] * 2
    assert "window_voided" in types
    await play.is_sound()


async def test_a_compensation_that_fails_waits_for_a_person(
    engine: Engine, play: Play
) -> None:
    """The queue stops there, the dialogue goes on, and a retry is a new attempt."""
    engine.letters.failing[play.stream] = {"tell"}
    await play.does("revisit_step", step="belangen", reason=REASON)
    await play.settled()
    assert await compensations(play) == [
        ("tell", "failed"),
        ("retract_report", "planned"),
    ]
    (failed,) = [e for e in await play.events() if e["type"] == "compensation_failed"]
    assert failed["data"]["problem"] == "mail_put_off"
    assert failed["private"] == {}

    answer = await play.does("assign_role", role="parties", actor="k-3")
    assert answer["recorded"]
    name = failed["data"]["compensation"]
    await play.does("retry_compensation", compensation=name)
    await play.settled()
    engine.letters.failing[play.stream] = set()
    await play.does("retry_compensation", compensation=name)
    await play.settled()

    assert await compensations(play) == [
        ("tell", "completed"),
        ("retract_report", "completed"),
    ]
    told = [n for n in engine.letters.sent[play.stream] if n.notice == "tell"]
    assert [(n.effect, n.attempt) for n in told] == [(name, 3)]
    await play.is_sound()


async def test_a_compensation_can_be_waived_with_a_reason(
    engine: Engine, play: Play
) -> None:
    """What was waived stays visible, and the next in the queue is carried out."""
    engine.letters.failing[play.stream] = {"tell"}
    await play.does("revisit_step", step="belangen", reason=REASON)
    await play.settled()
    name = next(iter((await play.state())["compensations"]))
    await play.does("waive_compensation", compensation=name, reason=REASON)
    await play.settled()
    assert await compensations(play) == [
        ("tell", "waived"),
        ("retract_report", "completed"),
    ]
    await play.is_sound()


async def test_a_message_that_fails_can_be_retried_or_waived(engine: Engine) -> None:
    """It stays in the state as failed, with its problem, until a person decides."""
    play = await engine.start()
    engine.letters.failing[play.stream] = {"window_opened", "window_closed"}
    await play.reach_window()
    await play.does("close_window", window=WINDOW, reason=REASON)
    await play.settled()
    effects = (await play.state())["effects"]
    assert {e["status"] for e in effects.values()} == {"failed"}
    opened, closed = effects

    engine.letters.failing[play.stream] = set()
    await play.does("waive_effect", effect=opened, reason=REASON)
    await play.does("retry_effect", effect=closed)
    await play.settled()
    assert (await play.state())["effects"] == {}
    assert engine.letters.told(play.stream) == ["window_closed"]
    await play.is_sound()


async def test_messages_go_out_while_commands_come_in(engine: Engine) -> None:
    """A slow mail server holds up no command and no answer."""
    play = await engine.start()
    engine.letters.held.add(play.stream)
    await play.reach_window()

    async def asked() -> bool:
        return engine.letters.asked[play.stream] == 1

    await until(asked)
    for number in range(5):
        command = {"type": "note", "source": "x", "reference": str(number)}
        assert (await play.update("note_signal", envelope(command)))["recorded"]
    assert engine.letters.told(play.stream) == []
    engine.letters.held.discard(play.stream)
    await play.settled()
    assert engine.letters.told(play.stream) == ["window_opened"]
    await play.is_sound()


async def test_no_message_names_what_it_must_not(engine: Engine, play: Play) -> None:
    """A notice holds titles, ids and instants: no name, no address, no reason."""
    await play.does("revisit_step", step="belangen", reason=REASON)
    await play.settled()
    for notice in engine.letters.sent[play.stream]:
        assert notice.title == "Parkzicht"
        assert set(notice.recipients) <= {"k-1", "k-2"}
        assert REASON["commitment"] not in notice.model_dump_json()


async def test_a_fault_beside_the_main_loop_is_not_lost(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workflow task fails and is tried again, until a build without the fault."""
    play = await engine.start()

    def faulty(*_: object) -> Notice:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(effects, "notice", faulty)
        reaching = asyncio.create_task(play.reach_window())

        async def failed() -> bool:
            return "a fault of ours" in str(broken(await play.history()))

        await until(failed)
        reaching.cancel()
        with pytest.raises(WorkflowUpdateRPCTimeoutOrCancelledError):
            await reaching
    await play.settled()
    assert engine.letters.told(play.stream) == ["window_opened"]
    assert (await play.types()).count("window_opened") == 1
