"""Feedback windows and responses as callers see them, read off the state and rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from api.models.windows import (
    AnswerShown,
    OpeningShown,
    ResponseShown,
    WindowShown,
    WindowStatus,
)
from api.views import is_place, place_of
from desk.answered import Given, ResponseView, seen
from desk.entries import EntryRow
from desk.titles import Titles
from domain.audiences import known_window
from domain.facts import Place
from domain.method import PUBLIC
from domain.rounds import step_of
from domain.state import Dialogue, WindowRun

Rows = Mapping[str, Sequence[EntryRow]]
"""Rows of the kinds response, answer and telling."""


def in_order(state: Dialogue, own: str | None) -> list[tuple[int, str]]:
    """Give the windows that were ever open, by the event that first opened each.

    For a participant those that asked them, by name or as the public.
    """
    return sorted(
        (runs[0].seq, name)
        for name, runs in state.windows.items()
        if own is None or any(_asks(run, own) for run in runs)
    )


def _asks(run: WindowRun, who: str) -> bool:
    return run.audience == PUBLIC or who in run.invited


def shown_window(
    state: Dialogue, titles: Titles, name: str, own: str | None
) -> WindowShown:
    """Show a window with each time that it was open."""
    runs = state.windows[name]
    last = runs[-1]
    return WindowShown(
        id=name,
        title=titles.text(known_window(state, name).title),
        step=step_of(name),
        audience=last.audience,
        status=_status(state, last),
        opened=last.opened,
        closes=last.closes,
        openings=[_opening(state, run, own) for run in runs],
    )


def _opening(state: Dialogue, run: WindowRun, own: str | None) -> OpeningShown:
    mine = {} if own is None else _for(run, own)
    named = own is None and run.audience != PUBLIC
    return OpeningShown(
        run=run.run,
        round=run.round,
        status=_status(state, run),
        opened=run.opened,
        closes=run.closes,
        generation=run.generation,
        on_time=run.on_time,
        late=run.late,
        invited=len(run.invited) if named else None,
        silent=len(run.silent) if named else None,
        **mine,
    )


def _for(run: WindowRun, who: str) -> dict[str, bool]:
    """Say what a participant is asked; of the public nobody keeps who responded."""
    if run.audience == PUBLIC:
        return {"asked": True}
    return {"asked": who in run.invited, "responded": who in run.responded}


def _status(state: Dialogue, run: WindowRun) -> WindowStatus:
    stands_still = run.status == "open" and state.paused_at is not None
    return "paused" if stands_still else cast("WindowStatus", run.status)


class Said(NamedTuple):
    """Responses to one window with all that bears on what was done with them."""

    state: Dialogue
    window: str
    rows: Rows
    own: str | None = None

    def views(self, words: Mapping[Place, str] | None = None) -> list[ResponseView]:
        """Look at the responses, by number."""
        return seen(self.state, self.window, self.window, self.rows, words or {})

    def places(self) -> Iterator[Place]:
        """Give the places of what was said, and of the reasons of its answers."""
        answers = {one.seq for view in self.views() for one in view.answers}
        for row in self.rows["response"]:
            yield from _place(row, "response")
        for row in self.rows["answer"]:
            if row.seq in answers:
                yield from _place(row, "reason")

    def shown(self, words: Mapping[Place, str]) -> list[ResponseShown]:
        """Show the responses, with the texts that were opened."""
        by_number = {int(row.data["number"]): row for row in self.rows["response"]}
        views = self.views(words)
        return [self._one(view, by_number[view.number].data) for view in views]

    def _one(self, view: ResponseView, data: Mapping[str, Any]) -> ResponseShown:
        kept = is_place(data.get("response")) and view.text is None
        return ResponseShown(
            id=str(view.number),
            number=view.number,
            window=view.window,
            round=view.round,
            run=view.run,
            respondent=view.respondent,
            received=data["received_at"],
            late=view.late,
            used=data.get("used"),
            supplements=view.supplements,
            channel=view.channel,
            posted_on=data.get("posted_on"),
            reference=view.reference,
            groups=(list(view.groups) or None) if self.own is None else None,
            standing=view.standing,
            earlier=view.earlier or None,
            told=view.told,
            answers=[self._answer(one) for one in view.answers],
            text=view.text,
            withheld=["text"] if kept else None,
        )

    def _answer(self, given: Given) -> AnswerShown:
        everything = self.own is None
        members = given._asdict() | {
            "by": given.by if everything else None,
            "group": given.group if everything else None,
            "withheld": ["reason"] if given.reason is None else None,
        }
        return AnswerShown.model_validate(members)


def _place(row: EntryRow, member: str) -> Iterable[Place]:
    value: Any = row.data.get(member)
    return (place_of(value),) if is_place(value) else ()
