"""The clock and the human take the same path, and keep time without waste."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import TimeSkipper

from tests.services import until
from tests.workflows.playing import (
    BRIEF,
    WINDOW,
    Engine,
    Play,
    commitment,
    counted,
    envelope,
    fast_clock,
)

REASON = commitment("a reason")


@pytest.fixture
async def play(engine: Engine) -> Play:
    """A dialogue whose clock can be moved, with its window of ten working days open."""
    play = await engine.start(skips=True)
    await play.reach_window()
    await play.settled()
    return play


async def run(play: Play) -> dict[str, Any]:
    """Give the window as the state has it."""
    return (await play.state())["windows"][WINDOW][-1]


async def pass_until(play: Play, moment: str, *, and_then: timedelta) -> None:
    """Let time go by until so long after an instant."""
    skipper: TimeSkipper = play.engine.skipper
    now = await skipper.get_current_time(play.handle)
    span = datetime.fromisoformat(moment) - now + and_then
    await skipper.fast_forward(play.handle, span)


async def has(play: Play, kind: str, times: int = 1) -> None:
    """Wait until so many events of a type are on record."""

    async def recorded() -> bool:
        return (await play.types()).count(kind) >= times

    await until(recorded)


def of(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Give the events of one type."""
    return [event for event in events if event["type"] == kind]


async def test_a_window_closes_by_its_timer_as_by_hand(
    engine: Engine, play: Play
) -> None:
    """Event, message and state are those of closing by hand, but for who and when."""
    closes = (await run(play))["closes"]
    await pass_until(play, closes, and_then=timedelta(minutes=1))
    await has(play, "window_closed")
    by_hand = await engine.start()
    await by_hand.reach_window()
    await by_hand.does("close_window", window=WINDOW, reason=REASON)
    for each in (play, by_hand):
        await each.settled()

    (timed,) = of(await play.events(), "window_closed")
    (done,) = of(await by_hand.events(), "window_closed")
    assert timed["actor"] == {"id": "polder", "role": "clock", "via": "timer"}
    assert timed["cause"] == f"polder:close:{WINDOW}:1:1"
    assert timed["at"] >= closes
    assert not timed["data"]["early"]
    assert done["data"]["early"]
    apart = {"early", "reason", "digest"}
    kept = [
        {k: v for k, v in e["data"].items() if k not in apart} for e in (timed, done)
    ]
    assert kept[0] == kept[1]
    assert engine.letters.told(by_hand.stream) == ["window_opened", "window_closed"]
    assert engine.letters.told(play.stream)[-1] == "window_closed"
    await play.is_sound()
    await by_hand.is_sound()


async def test_only_the_silent_are_reminded(engine: Engine, play: Play) -> None:
    """Reminders go out on their days, to those who were invited and said nothing."""
    await play.does("record_response", window=WINDOW, respondent="k-1")
    for number, moment in enumerate((await run(play))["reminders"], 1):
        await pass_until(play, moment, and_then=timedelta(minutes=1))
        await has(play, "audience_reminded", number)
        await play.settled()

    reminders = of(await play.events(), "audience_reminded")
    assert [e["data"]["silent"] for e in reminders] == [["k-2"], ["k-2"]]
    sent = [
        n for n in engine.letters.sent[play.stream] if n.notice == "window_reminder"
    ]
    assert [n.recipients for n in sent] == [("k-2",), ("k-2",)]
    assert (await run(play))["status"] == "open"
    await play.is_sound()


async def test_extending_restarts_no_timer(play: Play) -> None:
    """The timer that runs wakes for nothing; no timer is cancelled or added."""
    before = counted(await play.history())
    for days in (5, 5, 5):
        duration = {"working_days": days}
        await play.does(
            "extend_window", window=WINDOW, duration=duration, reason=REASON
        )
    await play.settled()
    after = counted(await play.history())
    assert after["TIMER_STARTED"] == before["TIMER_STARTED"] == 1
    assert after["TIMER_CANCELED"] == 0

    was = of(await play.events(), "window_opened")[0]["data"]["closes"]
    await pass_until(play, was, and_then=timedelta(minutes=1))
    assert (await run(play))["status"] == "open"
    await pass_until(play, (await run(play))["closes"], and_then=timedelta(minutes=1))
    await has(play, "window_closed")
    await play.settled()
    closed = of(await play.events(), "window_closed")
    assert [e["cause"] for e in closed] == [f"polder:close:{WINDOW}:1:4"]
    await play.is_sound()


async def test_a_shortened_window_closes_sooner(play: Play) -> None:
    """A second timer is armed for the earlier instant, and closes it."""
    now = await play.engine.skipper.get_current_time(play.handle)
    until_day = (now + timedelta(days=1)).date().isoformat()
    duration = {"until": until_day}
    await play.does("shorten_window", window=WINDOW, duration=duration, reason=REASON)
    closes = (await run(play))["closes"]
    assert closes < of(await play.events(), "window_opened")[0]["data"]["closes"]

    await pass_until(play, closes, and_then=timedelta(minutes=1))
    await has(play, "window_closed")
    await play.settled()
    closed = of(await play.events(), "window_closed")
    assert [(e["cause"], e["data"]["early"]) for e in closed] == [
        (f"polder:close:{WINDOW}:1:2", False)
    ]
    await play.is_sound()


async def test_a_paused_window_does_not_close(play: Play) -> None:
    """Its time passes while it is paused; resumed, it has what it had left."""
    closes = (await run(play))["closes"]
    await play.does("pause_dialogue", reason=REASON)
    await pass_until(play, closes, and_then=timedelta(days=2))
    assert (await run(play))["status"] == "open"
    assert of(await play.events(), "audience_reminded") == []

    await play.does("resume_dialogue")
    again = (await run(play))["closes"]
    assert again > closes
    await pass_until(play, again, and_then=timedelta(minutes=1))
    await has(play, "window_closed")
    await play.settled()
    await play.is_sound()


async def test_a_demo_clock_keeps_time_on_an_ordinary_server(engine: Engine) -> None:
    """At a second a day it reminds and closes in seconds, with a handful of timers."""
    play = await engine.start(clock=fast_clock())
    await play.reach_window(**BRIEF)
    await has(play, "window_closed")
    await play.settled()
    await asyncio.sleep(2)  # a timer that spins would show

    events = await play.events()
    (opened,), (closed,) = of(events, "window_opened"), of(events, "window_closed")
    assert opened["at"].startswith("2026-11-2")
    assert closed["at"] >= opened["data"]["closes"]
    behind = datetime.fromisoformat(closed["at"]) - datetime.fromisoformat(
        opened["data"]["closes"]
    )
    assert behind < timedelta(days=2)
    assert of(events, "audience_reminded")
    assert counted(await play.history())["TIMER_STARTED"] <= 4
    await play.is_sound()


async def test_the_last_second_is_on_time(play: Play) -> None:
    """A response is late from the instant of closing on, whenever it is processed."""
    closes = (await run(play))["closes"]
    await pass_until(play, closes, and_then=timedelta(minutes=2))
    await has(play, "window_closed")
    instant = datetime.fromisoformat(closes)
    just = {"k-1": instant - timedelta(microseconds=1), "k-2": instant}
    for who, moment in just.items():
        command = {
            "window": WINDOW,
            "respondent": who,
            "received_at": moment.isoformat(),
        }
        await play.update("record_response", envelope(command))

    late = {
        e["data"]["respondent"]: e["data"]["late"]
        for e in of(await play.events(), "response_recorded")
    }
    assert late == {"k-1": False, "k-2": True}
    await play.is_sound()
