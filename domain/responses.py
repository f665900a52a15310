"""Responses: each counts once, in the opening of the window it was received in.

What decides whether a response is late is when it was received, not when it was
processed or when the closing itself was carried out. So an outage makes nobody late,
and a window that was opened again takes nothing from its first opening.

Who runs the process, or a system, says when that was. Anybody else is taken at their
word only while the opening they mean is not closed: else to be late would be a choice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from domain.audiences import chosen, known_window
from domain.clock import REAL_DAY_MS
from domain.commands import RecordResponse
from domain.draft import Draft
from domain.errors import (
    NotEntitled,
    NotInvited,
    ReceivedInFuture,
    WindowNotOpen,
    WindowNotYetOpen,
    WindowVoid,
)
from domain.events import ResponseRecorded
from domain.facts import Private
from domain.lateness import check_late, is_late, posted_on, was_late
from domain.method import PUBLIC
from domain.rights import may_steer
from domain.state import WindowRun
from domain.window_facts import Channel, GatheredResponse
from domain.windows import write_instant

_SKEW: Final = timedelta(minutes=1)
"""How far ahead a desk's clock may run, in real time."""


class Arrived(NamedTuple):
    """A response as it came in, from whom, and to which window or audience of it."""

    window: str
    audience: str | None
    respondent: str
    response: Private | None
    reference: str | None
    received_at: datetime | None
    posted_on: str | None = None
    supplements: int | None = None
    channel: Channel | None = None
    submission: str | None = None
    address: Private | None = None


def record_response(draft: Draft, command: RecordResponse) -> None:
    """Record a response: on time, late and marked, or refused by the method's rule."""
    members = {name: getattr(command, name) for name in RecordResponse.model_fields}
    draft.happen(recorded(draft, Arrived(**members)))


def gathered(window: str, each: GatheredResponse) -> Arrived:
    """Give one of many responses as it came in."""
    members = {name: getattr(each, name) for name in GatheredResponse.model_fields}
    return Arrived(window=window, audience=None, **members)


def recorded(draft: Draft, came: Arrived, *, used: bool = False) -> ResponseRecorded:
    """Give the fact that a response came in; raises where the rules don't let it in.

    ``used`` lets in what is late, whatever the method's rule.
    """
    names = chosen(draft.state, came.window, came.audience)
    if came.supplements is not None:
        names = names[:1]
    received = _received(draft, names, came)
    name, run = _place(draft, names, came.respondent, received)
    if run.status == "voided":
        raise WindowVoid(window=name)
    _check_respondent(draft, name, run, came.respondent)
    window = known_window(draft.state, name)
    posted = posted_on(draft, came.posted_on, received)
    late = is_late(draft.state, window, run, received, posted)
    if late and not used:
        check_late(draft.state, name, window, run, came.supplements)
    elif came.supplements is not None:
        was_late(draft.state, name, came.supplements)
    return ResponseRecorded(
        window=name,
        run=run.run,
        respondent=came.respondent,
        late=late,
        received_at=received,
        response=came.response,
        reference=came.reference,
        number=draft.state.received(name) + 1,
        posted_on=came.posted_on,
        supplements=came.supplements,
        channel=came.channel,
        submission=came.submission,
        address=came.address,
    )


def _received(draft: Draft, names: tuple[str, ...], came: Arrived) -> datetime:
    received = came.received_at or draft.by.at
    skew = _SKEW * REAL_DAY_MS / draft.state.clock.day_ms
    if received - draft.by.at > skew:
        raise ReceivedInFuture(received_at=write_instant(received))
    trusted = may_steer(draft.state, draft.by.actor)
    return received if trusted or _stands(draft, names, received) else draft.by.at


def _stands(draft: Draft, names: tuple[str, ...], received: datetime) -> bool:
    """Whether the opening it was received in is not closed, on time or by an outage."""
    runs = (draft.state.run(name) for name in names)
    return any(
        run is not None and run.status == "open" and run.opened <= received
        for run in runs
    )


def _place(
    draft: Draft, names: tuple[str, ...], respondent: str, received: datetime
) -> tuple[str, WindowRun]:
    """Give the opening that a response belongs to: the last that had begun by then.

    Of several audiences it is the one in which the respondent had longest.
    """
    runs = {name: draft.state.windows.get(name, ()) for name in names}
    if not any(runs.values()):
        raise WindowNotOpen(window=names[0], since="")
    begun = {
        name: [run for run in every if run.opened <= received][-1]
        for name, every in runs.items()
        if every and every[0].opened <= received
    }
    if not begun:
        raise WindowNotYetOpen(window=names[0])
    entitled = {
        name: run for name, run in begun.items() if _is_asked(draft, run, respondent)
    }
    choice = entitled or dict([*begun.items()][:1])
    return max(choice.items(), key=lambda each: _lasts(each[1]))


def _lasts(run: WindowRun) -> tuple[bool, datetime]:
    return run.status != "voided", run.closes


def _is_asked(draft: Draft, run: WindowRun, respondent: str) -> bool:
    asked = {*run.present, *draft.state.holders(run.audience)}
    return run.audience == PUBLIC or respondent in asked


def _check_respondent(draft: Draft, name: str, run: WindowRun, who: str) -> None:
    actor = draft.by.actor
    if not may_steer(draft.state, actor) and actor.id != who:
        raise NotEntitled(role=actor.role, entitled="the respondent in person")
    if not _is_asked(draft, run, who):
        raise NotInvited(window=name, audience=run.audience)
