"""A window that was held badly is opened again, and what was received stays valid.

The new opening has a term of its own. Who responded before is not asked again: their
response stands in the opening in which it was received, and needs no repeating.
"""

from __future__ import annotations

from domain.audiences import chosen, known_window
from domain.draft import Draft
from domain.errors import DomainError, WindowOpen
from domain.method import LIST
from domain.openings import Opening, begin, check_step
from domain.standing_still import check_moving
from domain.terms import closing
from domain.window_facts import ReopenWindow
from domain.windows import close_overdue, not_open, write_instant


class NothingToReopen(DomainError):
    """Feedback window {window} has not been held in this round of its step, so there is nothing to open again. Use open_window."""  # noqa: E501 (the docstring is the message)


def reopen_window(draft: Draft, command: ReopenWindow) -> None:
    """Open a window again that has closed, for one audience or for all it asked."""
    check_moving(draft.state)
    names = chosen(draft.state, command.window, command.audience)
    close_overdue(draft, names)
    held = [name for name in names if _was_held(draft, name)]
    if not held:
        raise NothingToReopen(window=command.window)
    check_step(draft.state, held[0])
    for name in held:
        duration = command.duration or known_window(draft.state, name).duration
        term = closing(draft.state.calendar, draft.by.at, duration)
        run = draft.state.windows[name][-1]
        who = run.present if run.audience == LIST else ()
        begin(draft, name, Opening(term, who, command.because, command.reason))


def _was_held(draft: Draft, name: str) -> bool:
    """Whether it has closed in this round; raises where it is open, or was voided."""
    run = draft.state.run(name)
    if run is None:
        return False
    if run.status == "open":
        raise WindowOpen(window=name, closes=write_instant(run.closes))
    if run.status == "voided":
        raise not_open(name, run)
    step = draft.state.round(name.split(".", 1)[0])
    return step is not None and step.number == run.round
