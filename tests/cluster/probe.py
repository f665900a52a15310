"""The smallest workflow that needs everything a dialogue needs of a cluster."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.common import SearchAttributeKey

ATTRIBUTE = SearchAttributeKey.for_keyword("PolderClusterProbe")
WAIT = timedelta(seconds=1)


@activity.defn
async def note(text: str) -> str:
    """Come back with what was given, by way of the server."""
    return f"noted {text}"


@workflow.defn
class Probe:
    """Takes updates until it is told to end; a timer marks each."""

    def __init__(self) -> None:
        self._notes: list[str] = []
        self._ended = False

    @workflow.run
    async def run(self) -> list[str]:
        """Wait for `end`, and give back all notes."""
        await workflow.wait_condition(lambda: self._ended)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._notes

    @workflow.update
    async def add(self, text: str) -> int:
        """Note a text by an activity, after a timer; answer how many there are."""
        change: Any = workflow
        change.upsert_search_attributes([ATTRIBUTE.value_set(text)])
        await workflow.sleep(WAIT)
        noted: str = await workflow.execute_activity(
            note, text, start_to_close_timeout=timedelta(seconds=10)
        )
        self._notes.append(noted)
        return len(self._notes)

    @workflow.signal
    def end(self) -> None:
        """Let the workflow end."""
        self._ended = True

    @workflow.query
    def notes(self) -> list[str]:
        """What was noted so far."""
        return self._notes
