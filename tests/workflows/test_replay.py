"""Every build goes on with the dialogues that earlier builds began."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory

from tests.workflows.make_histories import HANDING_OVER, HISTORIES, PLAIN
from tests.workflows.playing import Engine, Play, commitment
from tests.workflows.replaying import replayer
from workflows.alarms import Alarms

STORED = sorted(HISTORIES.glob("*.json"))


def stored(path: Path) -> WorkflowHistory:
    """Read a history."""
    return WorkflowHistory.from_json("gemeente-waterdam:p1", path.read_text())


async def replay(histories: Sequence[WorkflowHistory]) -> None:
    """Replay as a worker would; raises where this build would do something else."""
    replaying = replayer()
    for history in histories:
        await replaying.replay_workflow(named(history))


def named(history: WorkflowHistory) -> WorkflowHistory:
    """Give a history under the id that its dialogue had."""
    started = history.events[0].workflow_execution_started_event_attributes
    return WorkflowHistory(started.workflow_id, history.events)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
async def test_a_stored_history_replays(path: Path) -> None:
    """This build takes the same steps as the one that made the history."""
    await replay([stored(path)])


def test_every_scenario_has_a_history() -> None:
    """And together they hold every kind of thing that happens to a dialogue."""
    for scenario in (*PLAIN, *HANDING_OVER):
        name = scenario.__name__.replace("_", "-")
        assert any(path.stem.startswith(name) for path in STORED), name
    kinds = {
        event["eventType"].removeprefix("EVENT_TYPE_")
        for path in STORED
        for event in json.loads(path.read_text())["events"]
    }
    assert kinds >= {
        "ACTIVITY_TASK_CANCELED",
        "ACTIVITY_TASK_FAILED",
        "TIMER_FIRED",
        "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
        "WORKFLOW_EXECUTION_CANCEL_REQUESTED",
        "WORKFLOW_EXECUTION_COMPLETED",
        "WORKFLOW_EXECUTION_CONTINUED_AS_NEW",
        "WORKFLOW_EXECUTION_FAILED",
        "WORKFLOW_EXECUTION_SIGNALED",
        "WORKFLOW_EXECUTION_UPDATE_COMPLETED",
    }


def test_a_history_tells_no_machine() -> None:
    """No name of a machine or an account is in a stored history, and no path of one."""
    place = re.compile(
        r"(?<![\w./-])/(home|root|work|usr|opt|tmp|var|Users)\b|[A-Z]:\\|site-packages"
    )
    for path in STORED:
        for event in json.loads(path.read_text())["events"]:
            told = json.dumps(event)
            assert "@" not in told.replace("belangen-op-tafel@", ""), path.name
            for text in (told, *payloads(event)):
                assert not place.search(text), path.name


def payloads(value: object) -> Iterator[str]:
    """Give what was carried, as text: it stands in a history in base64."""
    match value:
        case {"data": str(data), "metadata": dict()}:
            yield base64.b64decode(data).decode(errors="replace")
        case dict():
            for member in cast("dict[str, object]", value).values():
                yield from payloads(member)
        case list():
            for member in cast("list[object]", value):
                yield from payloads(member)
        case _:
            return


async def test_a_build_that_does_something_else_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A workflow that arms no timers can't replay a history that has them."""

    def never(alarms: Alarms, least: timedelta = timedelta(0)) -> None:
        del alarms, least

    monkeypatch.setattr(Alarms, "arm", never)
    with pytest.raises(workflow.NondeterminismError):
        await replay([stored(HISTORIES / "window-by-the-clock.json")])


async def test_a_dialogue_of_this_very_build_replays(engine: Engine) -> None:
    """What was just played replays too, whatever is stored."""
    play: Play = await engine.start()
    await play.reach_window()
    await play.reach_third_step()
    await play.settled()
    reason = commitment("a reason")
    await play.does("revisit_step", step="belangen", reason=reason)
    await play.settled()
    await replay(await play.histories())
