"""A return that was made, as people look at it: what fell, and how it stands by now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from desk.in_words.standings import STANDING
from desk.overview import Overview, StepView, local
from desk.returns import Fell, Return
from domain.state import Compensation
from language import mark
from language.speaking import _
from pages.back.fates import FATES, StepFate
from pages.back.preview import drawn
from pages.back.rounds import Rounds, side_by_side
from pages.back.undoing import Act, undoing
from pages.chain import Fate, Picture
from pages.ways import dialogue_path


class Gone(NamedTuple):
    """Something that fell, and the event that says so."""

    kind: str
    title: str
    seq: int
    href: str


class Counts(NamedTuple):
    """How many acts of a return are done, failed, and still to come."""

    total: int
    done: int
    failed: int

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.total


class Standing(NamedTuple):
    """A return in a list, with how far it is."""

    back: Return
    at: datetime
    title: str
    number: str
    href: str
    counts: Counts
    falls: int


class Seen(NamedTuple):
    """One return, to be looked at."""

    back: Return
    at: datetime
    title: str
    number: str
    falls: int
    counts: Counts
    acts: tuple[Act, ...]
    gone: tuple[Gone, ...]
    rounds: tuple[Rounds, ...]
    fates: tuple[StepFate, ...]
    picture: Picture


_NOT_OVER: Final = frozenset({"planned", "started", "failed"})


def standing(view: Overview, back: Return) -> Standing:
    """Say how far a return is, by what the state still knows of it."""
    mine = f"c{back.seq}-"
    acts = [c for c in view.state.compensations.values() if c.id.startswith(mine)]
    return Standing(
        back=back,
        at=local(view.state, back.at),
        title=view.titles.step(back.step),
        number=_number(view, back.step),
        href=dialogue_path(view.stream, "effects", str(back.seq)),
        counts=_counted(acts),
        falls=len(back.voids),
    )


def _counted(acts: list[Compensation]) -> Counts:
    over = sum(act.status not in _NOT_OVER for act in acts)
    failed = sum(act.status == "failed" for act in acts)
    return Counts(len(acts), over, failed)


def _number(view: Overview, step: str) -> str:
    known = view.state.plan.steps.get(step)
    return known.number if known else ""


def seen_return(view: Overview, fell: Fell) -> Seen:
    """Look at one return."""
    back, acts = fell.back, undoing(view, fell.undone)
    over = sum(one.status not in _NOT_OVER for one in fell.undone)
    fates = tuple(_fates(view, fell))
    return Seen(
        back=back,
        at=local(view.state, back.at),
        title=view.titles.step(back.step),
        number=_number(view, back.step),
        falls=len(back.voids),
        counts=Counts(len(acts), over, sum(act.failed for act in acts)),
        acts=acts,
        gone=tuple(_gone(view, fell)),
        rounds=tuple(_rounds(view, fell)),
        fates=fates,
        picture=drawn(view, fates),
    )


def _rounds(view: Overview, fell: Fell) -> Iterator[Rounds]:
    """Give the step that was returned to and those that fell, in plan order."""
    back = fell.back
    here = {back.step: (back.round - 1, back.seq)}
    for step in view.state.plan.steps:
        place = here.get(step) or fell.steps.get(step)
        found = side_by_side(view, step, *place) if place else None
        if found is not None:
            yield found


def _fates(view: Overview, fell: Fell) -> Iterator[StepFate]:
    for phase in view.phases:
        for step in phase.steps:
            fate, verdict = _fate(step, fell)
            now = _(STANDING[step.status][0])
            yield StepFate(step, fate, now, verdict, ())


def _fate(step: StepView, fell: Fell) -> tuple[Fate, str]:
    now = _(STANDING[step.status][0])
    if step.id == fell.back.step:
        text = _("round {round} began here; now: {now}")
        return "here", text.format(round=fell.back.round, now=now)
    if step.id in fell.steps:
        number, _seq = fell.steps[step.id]
        text = _("round {round} fell; now: {now}")
        return "falls", text.format(round=number, now=now)
    return FATES[step.status], now


def _gone(view: Overview, fell: Fell) -> Iterator[Gone]:
    titles, harvest = view.titles, view.state.harvest
    for step, (_number, seq) in fell.steps.items():
        yield _entry(view, mark("step"), titles.step(step), seq)
    for window, _run, _open, seq in fell.windows:
        yield _entry(view, mark("feedback window"), titles.window(window), seq)
    for meeting, seq in fell.meetings:
        known = view.state.meetings.get(meeting)
        yield _entry(view, mark("meeting"), known.title if known else meeting, seq)
    for report, seq in fell.reports:
        kept = harvest.reports.get(report)
        yield _entry(view, mark("report"), kept.title if kept else report, seq)


def _entry(view: Overview, kind: str, title: str, seq: int) -> Gone:
    href = dialogue_path(view.stream, "history", str(seq))
    return Gone(_(kind), title, seq, href)
