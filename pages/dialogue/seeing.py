"""A form about something that moves is good only for what its sender saw.

Others may act on the same dialogue all the time: that a response came in is no reason
to refuse that a window is extended. So a form says what it was about (a window's
closings, say), and is refused only where that is no longer so. Between looking and
sending nothing can slip in: the command goes for the very version that was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from fastapi import Request

from api.security import Visit
from desk.accepting import outcome as outcome_of
from desk.answer import Answer
from desk.errors import NotFound, Refused
from domain.errors import VersionConflict
from domain.state import Dialogue
from pages.acting import Outcome, act, attempt, refused
from pages.typing_in import Form

_TRIES: Final = 8
Sight = Callable[[Dialogue], str]
"""What somebody decides on, as a text: while it stays the same, so does that."""


async def act_on_what_was_seen(
    visit: Visit,
    request: Request,
    stream: str,
    kind: str,
    body: Mapping[str, Any],
    form: Form,
    sight: Sight,
    *,
    field: str | None = None,
) -> Outcome:
    """Send a command if what its sender saw (``sight`` in the form) is still so.

    Sent twice it is still done once, and told as done once it is on record.
    """
    found = Outcome()
    for _ in range(_TRIES):
        state = await visit.desk.dialogue(stream)
        if sight(state) != form["sight"]:
            before = await sent_before(visit, stream, form.id)
            return before or _stale(visit, state, form.id)
        found = await act(
            visit,
            request,
            stream,
            kind,
            body,
            form,
            field=field or None,
            version=state.version,
        )
        if not found.stale:
            return found
    return found


def _stale(visit: Visit, state: Dialogue, name: str | None) -> Outcome:
    """Give the refusal of what moved; the form keeps its id, for it may have come."""
    moved = VersionConflict(version=state.version, expected=0)
    told = refused(visit, Refused.of(moved).about(state))
    return replace(told, id=name or told.id)


async def sent_before(visit: Visit, stream: str, name: str | None) -> Outcome | None:
    """Give what the same form did when it was sent before; None where it did nothing.

    Where that can't be asked now the outcome says so, and the form keeps its id.
    """
    if name is None:
        return None
    try:
        found = await attempt(
            visit,
            outcome_of(visit.desk, stream, name, only_of=visit.caller.actor),
            id=name,
        )
    except NotFound:
        return None
    return became(found)


def became(found: Outcome) -> Outcome | None:
    """Say what is told of a command that was asked after; None where nobody knows."""
    told = found.made
    if isinstance(told, Answer) and told.recorded:
        return Outcome(id=found.id, version=told.version, events=(*told.events,))
    if isinstance(told, Answer) or (told is not None and told.sure):
        return Outcome(202, id=found.id)
    return found if told is None else None
