"""What a dialogue asks of people, of whom, and between which instants.

Everything follows from the state, in all languages of its method, with one act that
would help. So it is worked out once, when something happens, and looked up by whoever
wants to know what needs them today: time passing only begins and ends what is here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final, NamedTuple

from domain import harvest_help, meetings_help
from domain.advice import Advice, for_need
from domain.harvest_needs import PROMISES, promised
from domain.need import Need, Span
from domain.need_titles import Named, title
from domain.progress import current_steps, needs_attention, needs_in_time
from domain.reflection import extra_attention
from domain.sameness import once_for
from domain.standing_still import is_suspended
from domain.state import Dialogue, WindowRun
from domain.titles import Titles

SOON: Final = timedelta(days=7)
"""How long before its closing a window is due this week."""

ORDER: Final = (
    "unreadable",
    "compensation_failed",
    "message_failed",
    "agreement_overdue",
    "deadline_passed",
    "window_overdue",
    "deadline_soon",
    "meeting_soon",
    "agreement_due",
    "respond",
    "window_closes_soon",
    "nobody_invited",
    "meeting_unreached",
    "unreachable",
    "answers_untold",
    "agreement_unreached",
    "to_brief",
    "not_reached",
    "feedback_unanswered",
    "unanswered",
    "to_reconfirm",
    "gate_in_doubt",
    "agreement_to_review",
    "decision_to_review",
    "meeting_unrecorded",
    "proposal_withdrawn",
    "",
    "extra_attention",
    "silent",
    "paused",
    "suspended",
    "go_on",
)
"""Kinds of asks, most urgent first; one that is not named comes where "" stands.

On record as numbers (`read.need_for`): who changes the order raises
`storage.projection.FORM`.
"""

MOST: Final = 1_000_000
"""The place of what the plan does not have."""

ELSE: Final = ""
"""Names, in `Ask.what`, the words for a language that the method does not have."""


class Ask(NamedTuple):
    """One thing that a dialogue asks, from ``since`` on and before ``until``.

    Instants are in dialogue time; None: always. ``id`` tells apart those of a kind, and
    ``place`` puts them in order. ``what`` names what it is about in each language, and
    ``more`` counts the people besides the one it names.
    """

    kind: str
    id: str
    target: str
    what: Mapping[str, str]
    more: int = 0
    place: int = 0
    advice: Advice | None = None
    since: datetime | None = None
    until: datetime | None = None
    closes: datetime | None = None
    """When a window closes; ``day`` is the day of all else that has one."""
    day: date | None = None


def urgency(kind: str) -> int:
    """Give the place of a kind among all, most urgent first."""
    return ORDER.index(kind if kind in ORDER else "")


def falls_due(ask: Ask) -> datetime:
    """Give when an ask falls due, to put asks of a kind in order: what never does last.

    In dialogue time; a day ends in UTC here, for this order alone.
    """
    return ask.closes or datetime.combine(ask.day or date.max, time.max, UTC)


def asks_nothing(state: Dialogue) -> bool:
    """Whether it is over: archived, or ended so that nobody has anything to do."""
    return state.status == "archived" or (state.ended and not needs_attention(state))


def passing(state: Dialogue) -> Iterator[Ask]:
    """Give what a dialogue asks now or will in time, but for what agreements ask.

    Whoever it asks; and not how to go on. It is not over: `asks_nothing`.
    """
    said = _Words(state)
    others = (span for span in needs_in_time(state) if span.kind not in PROMISES)
    yield from _needs(state, said, others)
    for name, run in state.running_windows().items():
        yield from _window(state, said, name, run)
    yield from _attention(state, said)
    if state.status == "paused":
        kind = "suspended" if is_suspended(state) else "paused"
        advice = Advice("resume_dialogue", {}) if kind == "paused" else None
        yield Ask(kind, "", "", {ELSE: state.title}, advice=advice)


def to_go_on(state: Dialogue, advice: Advice, number: int) -> Ask:
    """Give an act as what a dialogue can be gone on with."""
    what, _ = _Words(state)(lambda titles: Named(_object(titles, advice)))
    return Ask("go_on", str(number), "", what, place=number, advice=advice)


class _Words:
    """What something is called, in every language of a dialogue's method."""

    def __init__(self, state: Dialogue) -> None:
        first, *others = state.plan.languages
        self._first = Titles(state.plan, first)
        self._others = [Titles(state.plan, lang) for lang in others]

    def __call__(self, name: Callable[[Titles], Named]) -> tuple[dict[str, str], int]:
        text, more = name(self._first)
        told = {
            t.lang: said.text for t in self._others if (said := name(t)).text != text
        }
        return {ELSE: text, **told}, more


def made_of(state: Dialogue) -> tuple[object, ...]:
    """Give all that `lasting` is made of."""
    return (
        state.harvest.agreements,
        state.unreachable,
        state.stakeholders,
        state.meetings,
        state.calendar,
        state.plan,
    )


@once_for(made_of)
def lasting(state: Dialogue) -> tuple[Ask, ...]:
    """Give what its agreements ask: of hundreds, for years, while all else moves."""
    return tuple(_needs(state, _Words(state), promised(state)))


def _needs(state: Dialogue, said: _Words, spans: Iterable[Span]) -> Iterator[Ask]:
    seen: Counter[Need] = Counter()
    for span in spans:
        need = span.need
        what, more = said(partial(title, state, need=need))
        # Two dates of the organisation may have one title.
        number = seen[need]
        seen[need] += 1
        yield Ask(
            span.kind,
            f"{span.target} {number}" if number else span.target,
            span.target,
            what,
            more,
            _place(state, need),
            for_need(state, need),
            span.since,
            span.until,
            day=_day(state, need, number),
        )


def _place(state: Dialogue, need: Need) -> int:
    """Put needs of a kind in order, so that what comes between moves no other."""
    name = need.target
    match need.kind:
        case "compensation_failed":
            return -state.compensations[name].undoes_seq
        case "message_failed":
            return state.effects[name].seq
        case "to_reconfirm":
            return _among(state.plan.steps, name)
        case "nobody_invited" | "unanswered" | "answers_untold":
            return _among(state.plan.windows, name)
        case _:
            meeting = state.meetings.get(name)
            return meeting.seq if meeting else 0


def _among(names: Iterable[str], name: str) -> int:
    found = (place for place, other in enumerate(names) if other == name)
    return next(found, MOST)


def _day(state: Dialogue, need: Need, number: int) -> date | None:
    if need.kind.startswith("deadline_"):
        days = [d.date for d in state.deadlines if d.title == need.target]
        return date.fromisoformat(days[number])
    return harvest_help.day_of(state, need) or meetings_help.day_of(state, need)


def _window(state: Dialogue, said: _Words, name: str, run: WindowRun) -> Iterator[Ask]:
    """Give what a window that is open asks: of who is silent, and of who runs it."""
    what, _ = said(lambda titles: Named(titles.window(name)))
    place, soon = _among(state.plan.windows, name), run.closes - SOON
    begun = Ask("", name, name, what, place=place, closes=run.closes)
    if run.silent:
        body = {"window": name, "respondent": "", "response": ""}
        answer = Advice("record_response", body)
        yield begun._replace(kind="respond", advice=answer, until=run.closes)
    remind = Advice("remind_window", {"window": name}) if run.silent else None
    asked = begun._replace(advice=remind)
    if run.silent:
        yield asked._replace(kind="silent", until=soon)
    yield asked._replace(kind="window_closes_soon", since=soon, until=run.closes)
    yield begun._replace(kind="window_overdue", since=run.closes)


def _attention(state: Dialogue, said: _Words) -> Iterator[Ask]:
    marked = extra_attention(state)
    for step in current_steps(state):
        if step in marked:
            what, _ = said(partial(_marked, step=step, weak=marked[step]))
            place = _among(state.plan.steps, step)
            yield Ask("extra_attention", step, step, what, place=place)


def _marked(titles: Titles, step: str, weak: tuple[str, ...]) -> Named:
    why = ", ".join(map(titles.element, weak))
    return Named(f"{titles.step(step)} ({why})")


def _object(titles: Titles, advice: Advice) -> str:
    """Give the title of what an act is about."""
    body = advice.body
    if "items" in body:
        return titles.item(body["items"][0])
    named = (("window", titles.window), ("gate", titles.gate), ("step", titles.step))
    return next((title(str(body[n])) for n, title in named if n in body), "")
