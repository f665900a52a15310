"""What is asked of one person: in which windows, why them, and until when.

Read off the state with the rows of that person's own responses. Of nobody else is
anything here: not who is asked too, nor how many said something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from desk.drafts import Draft
from desk.entries import EntryRow
from desk.titles import Titles
from domain.audiences import known_window
from domain.method import LIST, PUBLIC
from domain.rounds import step_of
from domain.state import Dialogue, WindowRun

Opening = Literal["open", "paused", "late", "closed", "voided"]
"""``late``: it is over, and a response still counts as one that was too late."""

Why = Literal["public", "list", "role"]


class Asked(NamedTuple):
    """A window that asks somebody, and what they did with it."""

    id: str
    title: str
    step: str
    goal: str | None
    opening: Opening
    opened: datetime
    closes: datetime
    why: Why
    role: str
    numbers: tuple[int, ...]
    """Of the responses that they gave while it was open this time."""
    draft: Draft | None
    round: int
    after: int
    """The event by which they said something here last, themselves; 0 without one."""

    @property
    def writable(self) -> bool:
        """Whether somebody can say something here."""
        return self.opening in {"open", "paused", "late"}

    @property
    def keeps(self) -> bool:
        """Whether what somebody writes can be kept for later."""
        return self.opening in {"open", "paused"}


def asked_of(
    state: Dialogue,
    titles: Titles,
    who: str,
    said: Sequence[EntryRow],
    drafts: Mapping[str, Draft],
) -> list[Asked]:
    """Give the windows that ask somebody: first what they can still do."""
    found = [
        _asked(state, titles, name, runs[-1], said, drafts)
        for name, runs in state.windows.items()
        if _asks(state, runs[-1], who)
    ]
    return sorted(found, key=_order)


def _asks(state: Dialogue, run: WindowRun, who: str) -> bool:
    asked = {*run.present, *state.holders(run.audience)}
    return run.audience == PUBLIC or who in asked


def _asked(
    state: Dialogue,
    titles: Titles,
    name: str,
    run: WindowRun,
    said: Sequence[EntryRow],
    drafts: Mapping[str, Draft],
) -> Asked:
    step = state.plan.steps.get(step_of(name))
    listed = run.audience not in {role.id for role in state.plan.roles}
    why: Why = "public" if run.audience == PUBLIC else "list" if listed else "role"
    return Asked(
        id=name,
        title=titles.text(known_window(state, name).title),
        step=titles.step(step_of(name)),
        goal=titles.text(step.goal) if step and step.goal else None,
        opening=_opening(state, name, run),
        opened=run.opened,
        closes=run.closes,
        why=why,
        role="" if run.audience == LIST else titles.role(run.audience),
        numbers=tuple(_numbers(said, name, run)),
        draft=drafts.get(name),
        round=run.round,
        after=max((0, *_by_themselves(said, name))),
    )


def _opening(state: Dialogue, name: str, run: WindowRun) -> Opening:
    if run.status == "voided":
        return "voided"
    if run.status == "open":
        return "paused" if state.paused_at is not None else "open"
    takes = known_window(state, name).late == "accept"
    return "late" if takes and not state.ended else "closed"


def _numbers(said: Sequence[EntryRow], name: str, run: WindowRun) -> Iterable[int]:
    return (
        int(row.data["number"])
        for row in said
        if row.data["window"] == name and row.data["run"] == run.run
    )


def _by_themselves(said: Sequence[EntryRow], name: str) -> Iterable[int]:
    return (
        row.seq
        for row in said
        if row.data["window"] == name and row.data.get("channel", "web") == "web"
    )


def _order(asked: Asked) -> tuple[int, datetime]:
    rank = {"open": 0, "paused": 1, "late": 2, "closed": 3, "voided": 4}
    done = 10 if asked.numbers and asked.opening != "open" else 0
    answered = 5 if asked.numbers else 0
    return rank[asked.opening] + done + answered, asked.closes


def first_of(asked: Sequence[Asked]) -> Asked | None:
    """Give the window whose form comes first: one that waits for this person."""
    waits = (each for each in asked if each.writable and not each.numbers)
    return next(waits, None)
