"""A task is what a dialogue asks, in the words and at the moment of one reader."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from desk.due import Due, due_in, local_in
from desk.titles import and_more
from domain.advice import Advice
from domain.asks import ELSE, Ask
from domain.calendar import Calendar


class Task(NamedTuple):
    """One thing that needs somebody; ``what`` is its title in the reader's words.

    ``kind`` is that of a need (`domain.progress`), or one of this list's own:
    ``unreadable``, ``window_overdue``, ``window_closes_soon``, ``silent``, ``respond``,
    ``extra_attention``, ``paused`` and ``go_on``.
    """

    stream: str
    dialogue: str
    kind: str
    target: str
    what: str
    due: Due | None = None
    date: date | None = None
    days: int | None = None
    """Days from the dialogue's today to ``date``; negative when it has passed."""
    silent: tuple[str, ...] = ()
    advice: Advice | None = None
    role: str | None = None
    """In which role the reader may follow the advice, where they have to say so."""


class Moment(NamedTuple):
    """In which dialogue something is asked, and when: ``now`` is its own time."""

    stream: str
    title: str
    calendar: Calendar
    now: datetime


def task_of(ask: Ask, at: Moment, lang: str, reader: str | None) -> Task:
    """Give an ask as a task; who is silent, and in which role, is to be filled in."""
    words = ask.what.get(lang, ask.what[ELSE])
    task = Task(at.stream, at.title, ask.kind, ask.target, "", advice=ask.advice)
    task = task._replace(what=and_more(lang, words, ask.more))
    if ask.kind == "respond" and ask.advice is not None:
        body = {**ask.advice.body, "respondent": reader or ""}
        task = task._replace(advice=Advice(ask.advice.kind, body))
    if ask.closes is not None:
        return task._replace(due=due_in(at.calendar, ask.closes, at.now))
    if ask.day is not None:
        left = (ask.day - local_in(at.calendar, at.now).date()).days
        return task._replace(date=ask.day, days=left)
    return task
