"""Some people are asked by name: as a list, or because they asked for more time.

A list that the method does not have is made as it goes. Whoever is put on it is asked
there from then on, and no longer counts as silent where they were asked before.
"""

from __future__ import annotations

from domain.audiences import (
    MOST_AUDIENCES,
    NoList,
    TooManyAudiences,
    audiences_of,
    known_window,
)
from domain.draft import Draft
from domain.errors import (
    NothingToDo,
    ReasonMissing,
    TooManyInvited,
)
from domain.method import LIST
from domain.openings import Opening, begin, check_step
from domain.people import MAX_HOLDERS, MAX_INVITED
from domain.standing_still import check_moving
from domain.state import Dialogue, WindowRun
from domain.terms import Duration, Term, closing, extend
from domain.window_facts import AudienceInvited, InviteToWindow
from domain.windows import close_overdue


def invite_to_window(draft: Draft, command: InviteToWindow) -> None:
    """Ask people by name in a list of a window; one that is not open yet opens."""
    name = _list_of(draft.state, command)
    check_moving(draft.state)
    close_overdue(draft, audiences_of(draft.state, command.window))
    run = draft.state.open_windows().get(name)
    who = tuple(dict.fromkeys(command.who))
    _check_room(command.window, run, who)
    if run is None:
        _open_for(draft, name, command, who)
        return
    if command.duration is not None:
        raise NothingToDo(because="the list is open already: extend it for all on it")
    new = tuple(each for each in who if each not in run.present)
    if not new:
        raise NothingToDo(because="these people were invited already")
    draft.happen(
        AudienceInvited(window=name, run=run.run, who=new, reason=command.reason)
    )


def _list_of(state: Dialogue, command: InviteToWindow) -> str:
    """Give the full id of the list; raises where it is a role's, or one too many."""
    window = known_window(state, command.window)
    if command.audience == window.audience == LIST:
        return command.window
    name = f"{command.window}.{command.audience}"
    roles = {role.id for role in state.plan.roles}
    asked = state.plan.window(name)
    if asked is None or asked.audience != LIST or command.audience in roles:
        raise NoList(audience=command.audience, window=command.window)
    every = audiences_of(state, command.window)
    if name not in every and len(every) >= MOST_AUDIENCES:
        raise TooManyAudiences(window=command.window, limit=MOST_AUDIENCES)
    return name


def _check_room(window: str, run: WindowRun | None, who: tuple[str, ...]) -> None:
    """Raise where events that list these people, or the opening, would grow too big."""
    new = sum(len(each) + 3 for each in who)
    before = sum(len(each) + 3 for each in run.invited) if run else 0
    if new > MAX_HOLDERS or before + new > MAX_INVITED:
        raise TooManyInvited(window=window)


def _open_for(
    draft: Draft, name: str, command: InviteToWindow, who: tuple[str, ...]
) -> None:
    made = name not in draft.state.plan.windows
    planned = None if made else draft.state.plan.windows[name].duration
    departs = made or command.duration not in (None, planned)
    if departs and command.reason is None:
        raise ReasonMissing(because="the method does not ask these people so")
    check_step(draft.state, name)
    window = known_window(draft.state, command.window)
    duration = command.duration or planned or window.duration
    term = _term(draft, command.window, who, duration, longer=made)
    begin(draft, name, Opening(term, who, reason=command.reason))


def _term(
    draft: Draft,
    window: str,
    who: tuple[str, ...],
    duration: Duration,
    *,
    longer: bool,
) -> Term:
    """Give the closing: counted on from the one that these people have, if any."""
    calendar, live = draft.state.calendar, draft.state.open_windows()
    theirs = [
        live[name].closes
        for name in audiences_of(draft.state, window)
        if name in live and set(who) & set(live[name].present)
    ]
    if theirs and longer:
        return extend(calendar, max(theirs), duration)
    return closing(calendar, draft.by.at, duration)
