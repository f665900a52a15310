"""What is looked up about responses: each response, each group, and what was answered.

An answer is one row, with the numbers it is for, however many those are; so is what
came of telling it. Which answer a response has follows from these rows, in order.
"""

from __future__ import annotations

from domain.entry import Entry, said
from domain.events import AnyEvent, EffectCompleted, Event, ResponseRecorded
from domain.facts import written as moment
from domain.ledger_facts import (
    ResponseAnswered,
    ResponsesCarried,
    ResponsesGrouped,
    ResponsesLeftUnanswered,
    ResponsesUngrouped,
)
from domain.response_numbers import written
from domain.state import Dialogue


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give rows of kinds ``response``, ``group``, ``answer`` and ``telling``.

    A response is named ``<window>/<number>``; its ``round`` is that of its opening. An
    ``answer`` is named by its seq, and ``act`` says whether responses were answered,
    left or carried. A ``telling`` says which of them heard, by number.
    """
    match data:
        case ResponseRecorded():
            return (_response(data, event, after),)
        case ResponsesGrouped():
            named = said(event, "group", "window", "because", "title")
            return (Entry("group", data.group, named), *_groups(data.window, after))
        case ResponsesUngrouped():
            ended = data.group not in after.ledgers[data.window].groups
            gone = (Entry("group", data.group, None),) if ended else ()
            return (*gone, *_groups(data.window, after))
        case ResponseAnswered():
            return (_act("answered", event), *_groups(data.window, after))
        case ResponsesLeftUnanswered():
            return (_act("left", event),)
        case ResponsesCarried():
            return (_act("carried", event), *_groups(data.window, after))
        case EffectCompleted():
            return _telling(data, event)
        case _:
            return ()


def _response(data: ResponseRecorded, event: Event, after: Dialogue) -> Entry:
    # Earlier builds said no number; it follows from the order of the record.
    number = data.number or after.received(data.window)
    runs = after.windows[data.window]
    round_ = next(run.round for run in runs if run.run == data.run)
    members = {**said(event), "number": number, "round": round_}
    return Entry("response", f"{data.window}/{number}", members)


def _groups(window: str, after: Dialogue) -> tuple[Entry, ...]:
    """Give the members and the outcome of a window's groups as they are now."""
    return tuple(
        Entry(
            "group",
            name,
            {"numbers": written(group.numbers), "outcome": group.outcome},
        )
        for name, group in after.ledgers[window].groups.items()
    )


def _act(act: str, event: Event) -> Entry:
    members = {**said(event), "act": act, "at": moment(event.at)}
    return Entry("answer", str(event.seq), members | {"by": event.actor.id})


def _telling(data: EffectCompleted, event: Event) -> tuple[Entry, ...]:
    if data.window is None:
        return ()
    members = said(event, "window", "answer", "told", "untold")
    return (Entry("telling", data.effect, {**members, "at": moment(event.at)}),)
