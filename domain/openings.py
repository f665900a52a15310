"""A window opens by hand, or by the step that opens it; for its audiences together.

An opening says when it closes and by which rule, and for whom it is.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final, Literal, NamedTuple

from domain.audiences import chosen, known_window
from domain.commands import OpenWindow
from domain.draft import Draft
from domain.errors import (
    OpenedTooOften,
    ReasonMissing,
    StepNotStarted,
    WindowOpen,
)
from domain.events import WindowOpened
from domain.facts import Private
from domain.method import LIST, PUBLIC
from domain.rounds import step_of
from domain.state import Dialogue
from domain.terms import Term, TermOver, closing
from domain.window_facts import Because
from domain.windows import close_overdue, reminders_of, write_instant

MOST_OPENINGS: Final = 20
"""How often a window opens in one round of its step; going back begins a new round."""


class Opening(NamedTuple):
    """How a window opens: until when, for whom, and why if not by the method."""

    term: Term
    who: tuple[str, ...] = ()
    because: Because | None = None
    reason: Private | None = None


def open_window(draft: Draft, command: OpenWindow) -> None:
    """Open a window by hand, again too; its step must be under way or complete."""
    names = _meant(draft.state, command)
    planned = {name: known_window(draft.state, name).duration for name in names}
    departs = command.duration is not None and any(
        command.duration != each for each in planned.values()
    )
    if departs and command.reason is None:
        raise ReasonMissing(because="this is not the duration that the method gives")
    close_overdue(draft, names)
    closed_ones = [name for name in names if name not in draft.state.open_windows()]
    if not closed_ones:
        closes = write_instant(draft.state.open_windows()[names[0]].closes)
        raise WindowOpen(window=names[0], closes=closes)
    check_step(draft.state, names[0])
    for name in closed_ones:
        duration = command.duration or planned[name]
        term = closing(draft.state.calendar, draft.by.at, duration)
        begin(draft, name, Opening(term, reason=command.reason))


def _meant(state: Dialogue, command: OpenWindow) -> tuple[str, ...]:
    """Give the audiences that are meant; lists open by themselves, once somebody is on.

    Unless the window asks nobody else.
    """
    names = chosen(state, command.window, command.audience)
    roles = tuple(n for n in names if known_window(state, n).audience != LIST)
    return roles or names


def check_step(state: Dialogue, name: str) -> None:
    """Raise unless the window's step is under way or complete."""
    current = state.round(step_of(name))
    if current is None or current.status not in {"started", "completed"}:
        raise StepNotStarted(step=step_of(name))


def open_by_step(
    draft: Draft, on: Literal["step_started", "step_completed"], step: str
) -> None:
    """Open the windows that the method opens when this step starts or completes.

    A window whose own step is not under way stays for a person to open, and so does
    one that lasts until a day which has passed, or was opened too often, or is for
    people who are still to be named.
    """
    for name, window in draft.state.plan.windows.items():
        if window.opens.on != on or window.opens.step != step:
            continue
        current = draft.state.round(step_of(name))
        run = draft.state.run(name)
        under_way = current and current.status in {"started", "completed"}
        named = window.audience == LIST
        if under_way and not named and not (run and run.status == "open"):
            with suppress(TermOver, OpenedTooOften):
                term = closing(draft.state.calendar, draft.by.at, window.duration)
                begin(draft, name, Opening(term))


def begin(draft: Draft, name: str, opening: Opening) -> None:
    """Let a window, or one audience of it, open; raises `OpenedTooOften`."""
    state, window = draft.state, known_window(draft.state, name)
    runs = state.windows.get(name, ())
    current = state.steps[step_of(name)][-1].number
    if sum(run.round == current for run in runs) >= MOST_OPENINGS:
        raise OpenedTooOften(window=name, limit=MOST_OPENINGS)
    asked = {PUBLIC: (), LIST: opening.who}
    term = opening.term
    draft.happen(
        WindowOpened(
            window=name,
            run=len(runs) + 1,
            round=current,
            audience=window.audience,
            invited=asked.get(window.audience, state.holders(window.audience)),
            closes=term.closes,
            zone=state.zone,
            rule=term.rule,
            reminders=reminders_of(state, window, term.closes, draft.by.at),
            reason=opening.reason,
            because=opening.because,
        )
    )
