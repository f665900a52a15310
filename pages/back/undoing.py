"""What is being undone after a return, as it goes: what is done, what waits for whom.

One act follows on another, what was done last going first. One that fails stops those
behind it until a person tries it again, or lets it go with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from desk.in_words.events import WORDS
from desk.overview import Overview, local
from desk.returns import Undone
from domain.state import Effect
from domain.titles import told_of
from language import mark
from language.speaking import _
from pages.back.people import People, Told

_STATUS: Final[Mapping[str, tuple[str, str, str]]] = {
    "planned": (mark("waits its turn"), "quiet", "·"),
    "started": (mark("under way"), "open", "…"),
    "failed": (mark("failed"), "alarm", "!"),
    "completed": (mark("done"), "good", "✓"),
    "waived": (mark("let go"), "quiet", "–"),
    "ended": (mark("ended"), "quiet", "✓"),
}
_PROBLEMS: Final[Mapping[str, str]] = {
    "mail_server_failing": mark("The mail server did not answer, however often asked."),
    "mail_put_off": mark("The mail server put letters off, however often asked."),
    "mail_not_sent": mark(
        "Something went wrong that nobody foresaw; it is in the log."
    ),
}
_UNKNOWN: Final = mark("It went wrong: {problem}.")


class Act(NamedTuple):
    """An act that undoes something, or a message, and how far it is."""

    id: str
    act: str
    what: str
    step: str | None
    standing: str
    mood: str
    sign: str
    told: Told
    attempt: int
    failed: bool
    problem: str | None
    held: bool
    """Whether it waits behind one that failed."""
    at: datetime | None
    reached: int | None
    missed: tuple[str, ...]
    seq: int | None


def undoing(view: Overview, undone: Sequence[Undone]) -> tuple[Act, ...]:
    """Say how far each act of a return is, in the order in which they are done."""
    people = People(view.state, view.titles)
    queue = view.state.compensations.values()
    stopped = any(each.status == "failed" for each in queue)
    return tuple(_act(view, people, each, stopped=stopped) for each in undone)


def _act(view: Overview, people: People, one: Undone, *, stopped: bool) -> Act:
    standing, mood, sign = _STATUS[one.status]
    ended = one.ended
    return Act(
        id=one.id,
        act=act_in_words(view, one.act, one.undoes),
        what=one.heading or view.titles.part(one.undoes),
        step=view.titles.step(one.step),
        standing=_(standing),
        mood=mood,
        sign=sign,
        told=people.told(one.recipients),
        attempt=one.attempt,
        failed=one.status == "failed",
        problem=problem_in_words(one.problem) if one.status == "failed" else None,
        held=stopped and one.status == "planned",
        at=local(view.state, ended.at) if ended else None,
        reached=len(ended.sent) if ended else None,
        missed=ended.undeliverable if ended else (),
        seq=ended.seq if ended else one.seq,
    )


def act_in_words(view: Overview, act: str, undoes: str) -> str:
    """Say how something is undone: as the method calls it, where it does."""
    step, _dot, part = undoes.partition(".")
    known = view.state.plan.steps.get(step)
    for rule in known.revisit.compensations if known else ():
        if rule.undoes == part.partition(".")[0]:
            return view.titles.text(rule.title)
    return _(WORDS[act])


def problem_in_words(problem: str | None) -> str:
    """Say why messages could not be sent; the record has a code."""
    known = _PROBLEMS.get(problem or "")
    return _(known) if known else _(_UNKNOWN).format(problem=problem or "?")


def failed_messages(view: Overview) -> tuple[Act, ...]:
    """Give the messages that failed and undo nothing: they wait for a person too."""
    people = People(view.state, view.titles)
    effects = view.state.effects.values()
    return tuple(
        _message(view, people, each)
        for each in sorted(effects, key=lambda e: (e.seq, e.id))
        if each.status == "failed" and each.compensation is None
    )


def _message(view: Overview, people: People, one: Effect) -> Act:
    standing, mood, sign = _STATUS["failed"]
    return Act(
        id=one.id,
        act=_(WORDS.get(one.notice, one.notice)),
        what=told_of(view.titles, one),
        step=None,
        standing=_(standing),
        mood=mood,
        sign=sign,
        told=people.told(one.recipients),
        attempt=one.attempt,
        failed=True,
        problem=problem_in_words(one.problem),
        held=False,
        at=None,
        reached=None,
        missed=(),
        seq=one.seq,
    )
