"""Faults that are planted on purpose, to see that the suite notices each of them.

Those in `PLANTS` are planted in a worker's process, `unguarded` in a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid4, uuid5

import psycopg

import evidence.event
import workflows.alarms
import workflows.dialogue
from domain.state import Handled
from workflows.beginning import Carried
from workflows.dialogue import DialogueWorkflow
from workflows.standing import Standing

PLANTED: Final = "a fault that a test planted"

_NO_GUARD: Final = b"""
    ALTER TABLE audit.event DROP CONSTRAINT event_pkey;
    ALTER TABLE audit.event DROP CONSTRAINT event_event_id_key;
    ALTER TABLE audit.event DROP CONSTRAINT event_stream_prev_key;
    CREATE OR REPLACE FUNCTION audit.judge(
        held audit.stream, p_epoch integer, p_after bigint, p_after_hash bytea,
        p_hashes bytea[]
    ) RETURNS text LANGUAGE sql AS $$ SELECT 'appended'::text $$;
"""


async def unguarded(url: str) -> None:
    """Take away what keeps the record from taking an event twice."""
    async with await psycopg.AsyncConnection.connect(url) as conn:
        await conn.execute(_NO_GUARD)


def _acknowledge_early() -> None:
    """Answer that events are on record as soon as they are accepted."""

    def at_once(_self: DialogueWorkflow, _version: int) -> bool:
        return True

    answer: Any = vars(workflows.dialogue)["_answer"]

    def claiming(version: int, decision: object, *, recorded: bool) -> dict[str, Any]:
        del recorded
        return answer(version, decision, recorded=True)

    _put(DialogueWorkflow, "_is_answerable", at_once)
    _put(workflows.dialogue, "_answer", claiming)


def _random_event_ids() -> None:
    """Give each event an id by chance instead of by its cause."""

    def by_chance(_stream: str, _cause: str, _position: int) -> str:
        # Shaped like the real ones: the record refuses any other at once.
        return str(uuid5(NAMESPACE_OID, str(uuid4())))

    _put(evidence.event, "event_id", by_chance)


def _forget_handled() -> None:
    """Lose the commands that were handled when a run hands over to the next."""
    carried = Standing.carried

    def forgetful(self: Standing) -> Carried:
        kept = carried(self)
        state = kept.state.model_copy(update={"handled": Handled()})
        return kept.model_copy(update={"state": state})

    _put(Standing, "carried", forgetful)


def _failing_clock() -> None:
    """Let the clock fail whenever it looks at what is due."""

    def broken(*_: object) -> None:
        raise RuntimeError(PLANTED)

    _put(workflows.alarms, "due", broken)


PLANTS: Final[Mapping[str, Callable[[], None]]] = {
    "acknowledge early": _acknowledge_early,
    "random event ids": _random_event_ids,
    "forget handled": _forget_handled,
    "failing clock": _failing_clock,
}


def _put(where: object, name: str, what: object) -> None:
    assert hasattr(where, name), name
    setattr(where, name, what)
