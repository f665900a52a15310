"""A window can ask several audiences, each in openings of its own, closing apart.

A command that names a window means all its audiences; one that names an audience means
that one. The window's own audience is called by its role, ``public`` or ``list``;
further ones by their id. Each happens under its own full id, ``step.window`` or
``step.window.audience``, so that the clock, a pause and a return to a step deal with
them as with any window.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.errors import DomainError, UnknownWindow
from domain.method import Window
from domain.rounds import step_of
from domain.state import Dialogue, WindowRun

MOST_AUDIENCES: Final = 40
"""How many audiences a window has, with those that somebody made as it went."""


class UnknownAudience(DomainError):
    """Feedback window {window} has no audience {audience}. Its audiences are: {known}."""  # noqa: E501 (the docstring is the message)


class NoList(DomainError):
    """Audience {audience} of feedback window {window} is no list of people. Assign the role, or choose a name of your own for the list."""  # noqa: E501 (the docstring is the message)


class TooManyAudiences(DomainError):
    """Feedback window {window} has {limit} audiences already. Invite these people to one of them."""  # noqa: E501 (the docstring is the message)


def known_window(state: Dialogue, window: str) -> Window:
    """Give a window of the plan, or one audience of it; or say which there are."""
    found = state.plan.window(window)
    if found is None:
        known = ", ".join(state.plan.windows) or "none"
        raise UnknownWindow(window=window, known=known)
    return found


def windows_of(state: Dialogue, step: str) -> tuple[str, ...]:
    """Give the full ids of all that a step asks, those of the plan first."""
    planned = [name for name in state.plan.windows if step_of(name) == step]
    made = {name for name in state.windows if step_of(name) == step}
    return (*planned, *sorted(made.difference(planned)))


def whole_window(name: str) -> str:
    """Give the window's own full id, for whichever of its audiences."""
    return ".".join(name.split(".")[:2])


def audiences_of(state: Dialogue, window: str) -> tuple[str, ...]:
    """Give the full ids of all audiences of a window: its own one first."""
    every = windows_of(state, step_of(window))
    return tuple(name for name in every if whole_window(name) == window)


def chosen(state: Dialogue, window: str, audience: str | None) -> tuple[str, ...]:
    """Give the full ids of the audiences that are meant.

    Raises `UnknownWindow` and `UnknownAudience`.
    """
    known = known_window(state, window)
    if window.count(".") == 2:  # noqa: PLR2004  (step, window and audience)
        window, _, audience = window.rpartition(".")
        known = known_window(state, window)
    elif audience is None:
        return audiences_of(state, window)
    elif audience == known.audience:
        return (window,)
    every = audiences_of(state, window)
    name = f"{window}.{audience}"
    if name not in every:
        names = [known.audience, *(each.rpartition(".")[2] for each in every[1:])]
        raise UnknownAudience(
            window=window, audience=audience, known=", ".join(dict.fromkeys(names))
        )
    return (name,)


def running(state: Dialogue, names: tuple[str, ...]) -> tuple[str, ...]:
    """Give those of these that are open; the first where none is."""
    live = state.open_windows()
    return tuple(name for name in names if name in live) or names[:1]


def openings(state: Dialogue, name: str) -> Iterator[tuple[str, WindowRun]]:
    """Give every run of a window; of all its audiences where it is named as a whole."""
    names = audiences_of(state, name) if name.count(".") == 1 else (name,)
    for each in names:
        for run in state.windows.get(each, ()):
            yield each, run
