"""The clock watches promises for as long as the dialogue has a workflow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from temporalio.testing import TimeSkipper

from tests.services import until
from tests.workflows.playing import (
    THIRD,
    Engine,
    Play,
    commitment,
    envelope,
)

WHAT = commitment("the culvert is made wider")
WHY = commitment("it was done in March")


async def pass_until(play: Play, moment: str) -> None:
    """Let time go by until a minute after an instant."""
    skipper: TimeSkipper = play.engine.skipper
    now = await skipper.get_current_time(play.handle)
    span = datetime.fromisoformat(moment) - now + timedelta(minutes=1)
    await skipper.fast_forward(play.handle, span)


async def reminded(play: Play, times: int) -> list[dict[str, Any]]:
    """Wait for so many reminders on record; give them."""

    async def there() -> bool:
        return (await play.types()).count("agreement_reminded") >= times

    await until(there)
    await play.settled()
    events = await play.events()
    return [event for event in events if event["type"] == "agreement_reminded"]


async def agreement(play: Play) -> dict[str, Any]:
    """Give the agreement as the state has it."""
    return (await play.state())["harvest"]["agreements"]["duiker"]


async def completed(engine: Engine) -> Play:
    """Give a dialogue that was completed, with a promise that is still open."""
    play = await engine.start(skips=True)
    await play.reach_window()
    await play.reach_third_step()
    await play.does("complete_items", items=THIRD[1:])
    await play.does(
        "make_agreement",
        agreement="duiker",
        what=WHAT,
        who="k-1",
        duration={"working_days": 10},
        watched_by="parties",
    )
    await play.does("complete_step", step="samen-bepalen")
    await play.does("complete_dialogue")
    await play.settled()
    return play


async def test_a_promise_is_watched_after_the_dialogue_is_complete(
    engine: Engine,
) -> None:
    """Its holder hears before, on and after the last day, and those who watch too."""
    play = await completed(engine)
    made = await agreement(play)
    for number, moment in enumerate((*made["reminders"], made["due"]), 1):
        await pass_until(play, moment)
        events = await reminded(play, number)
        assert events[-1]["actor"]["role"] == "clock"
        assert events[-1]["data"]["overdue"] == (number == 3)
    told = [n for n in engine.letters.sent[play.stream] if n.subject]
    assert [(n.notice, n.recipients) for n in told] == [
        ("agreement_made", ("k-1",)),
        ("agreement_reminder", ("k-1",)),
        ("agreement_reminder", ("k-1",)),
        ("agreement_overdue", ("k-1", "k-2")),
    ]
    assert told[0].enclosed[0].name == "what"
    await play.is_sound()


async def test_archiving_ends_the_workflow_once_promises_are_settled(
    engine: Engine,
) -> None:
    """Until then it takes a reason; a promise that was kept needs none."""
    play = await completed(engine)
    refusal = await play.refused("archive_dialogue", envelope({}))
    assert (refusal.type, "duiker" in refusal.message) == ("PromisesOpen", True)
    await play.does("settle_agreement", agreement="duiker", outcome="kept", reason=WHY)
    await play.does("archive_dialogue")
    result = await play.handle.result()
    assert result["version"] == len(await play.events())
    await play.is_sound(live=False)
