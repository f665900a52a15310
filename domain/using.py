"""What came late can still be used, of the authority's own motion and with a reason.

No rule of the method forbids that: a refusal protects whoever decides from having to
look at what is late, not from looking.
"""

from __future__ import annotations

from domain.audiences import chosen
from domain.draft import Draft
from domain.errors import DomainError, NothingToDo, WindowVoid
from domain.lateness import was_late
from domain.numbers import holds
from domain.responses import Arrived, recorded
from domain.window_facts import LateResponseUsed, UseLateResponse


class NotLate(DomainError):
    """Response {number} of feedback window {window} was in time, so it counts already."""  # noqa: E501 (the docstring is the message)


class NotLateYet(DomainError):
    """This response is in time for feedback window {window}: record it (polder dialogue respond)."""  # noqa: E501 (the docstring is the message)


class NothingNamed(DomainError):
    """Say which late response is used: the number of one that is on record, or whose response it was and when it was received."""  # noqa: E501 (the docstring is the message)


def use_late_response(draft: Draft, command: UseLateResponse) -> None:
    """Use a late response: one that is on record, or one that was refused."""
    if (command.number is None) == (command.respondent is None):
        raise NothingNamed
    if command.number is None:
        _use_refused(draft, command)
    else:
        _use_marked(draft, command, command.number)


def _use_marked(draft: Draft, command: UseLateResponse, number: int) -> None:
    (name, *_) = chosen(draft.state, command.window, None)
    if not was_late(draft.state, name, number):
        raise NotLate(window=name, number=number)
    runs = draft.state.windows[name]
    run = next(run for run in runs if holds(run.late_ones, number))
    if run.status == "voided":
        raise WindowVoid(window=name)
    if holds(run.used, number):
        raise NothingToDo(because=f"response {number} is used already")
    draft.happen(
        LateResponseUsed(window=name, run=run.run, number=number, reason=command.reason)
    )


def _use_refused(draft: Draft, command: UseLateResponse) -> None:
    came = Arrived(
        window=command.window,
        audience=None,
        respondent=command.respondent or "",
        response=command.response,
        reference=command.reference,
        received_at=command.received_at,
        channel=command.channel,
    )
    fact = recorded(draft, came, used=True)
    if not fact.late:
        raise NotLateYet(window=fact.window)
    draft.happen(fact)
    draft.happen(
        LateResponseUsed(
            window=fact.window, run=fact.run, number=fact.number, reason=command.reason
        )
    )
