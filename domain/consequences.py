"""What returning to a step would do: the one place that works it out.

What a revisit voids, and which compensations it brings. What was done last is undone
first. Who was asked several times in the same window hears once that it no longer
counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from domain.audiences import whole_window, windows_of
from domain.events import (
    CompensationPlanned,
)
from domain.harvest_undone import Questioned, questioned, told_of
from domain.meeting_facts import Meeting
from domain.meetings_ahead import called_off, withdrawn
from domain.method import CompensationRule
from domain.notices import About, Act
from domain.people import MAX_HOLDERS
from domain.plan_traces import left_to_tracks
from domain.state import Dialogue, Mark, WindowRun


class VoidedWindow(NamedTuple):
    """A run of a window that a revisit voids."""

    window: str
    run: WindowRun


class Consequences(NamedTuple):
    """What returning to ``step`` does.

    ``voids`` are the dependent steps that have been worked on, last first;
    ``compensations`` are new ones, in the order in which they will run.
    """

    step: str
    round: int
    voids: tuple[str, ...]
    windows: tuple[VoidedWindow, ...]
    compensations: tuple[CompensationPlanned, ...]
    to_reconfirm: tuple[str, ...]
    questioned: Questioned
    meetings: dict[str, Meeting]


class _Undone(NamedTuple):
    """Something outward that was done; ``seq``: since which event it holds."""

    seq: int
    step: str
    act: Act
    undoes: str
    run: int | None
    recipients: tuple[str, ...]
    of: About | None = None


def consequences(
    state: Dialogue, step: str, seq: int, now: datetime | None = None
) -> Consequences:
    """Work out what a revisit of ``step``, recorded as event ``seq``, would do.

    ``now`` is when, in dialogue time: which meetings are still to come follows from it.
    """
    voids = _voided_steps(state, step)
    outward = (found for each in (step, *voids) for found in _outward(state, each))
    steps = (step, *voids)
    told = (
        _Undone(run=None, **found._asdict())
        for found in (*told_of(state, steps), *withdrawn(state, steps, now))
    )
    undone = sorted((*outward, *told), key=lambda found: found.seq, reverse=True)
    planned = tuple(
        CompensationPlanned(
            compensation=f"c{seq}-{number}",
            act=found.act,
            step=found.step,
            undoes=found.undoes,
            undoes_seq=found.seq,
            run=found.run,
            recipients=recipients,
            of=found.of,
        )
        for number, (found, recipients) in enumerate(_shared_out(undone), 1)
    )
    return Consequences(
        step=step,
        round=state.steps[step][-1].number + 1,
        voids=voids,
        windows=tuple(w for each in (step, *voids) for w in _windows(state, each)),
        compensations=planned,
        to_reconfirm=tuple(
            i for each in (step, *voids) for i in state.steps[each][-1].marks
        ),
        questioned=questioned(state, (step, *voids)),
        meetings=called_off(state, (step, *voids), now),
    )


def _shared_out(
    undone: Iterable[_Undone],
) -> Iterator[tuple[_Undone, tuple[str, ...]]]:
    """Give each with as many of its recipients as one event may list, until all are."""
    for found in undone:
        listed, size = list[str](), 0
        for who in found.recipients:
            size += len(who) + 3
            if size > MAX_HOLDERS:
                yield found, tuple(listed)
                listed, size = list[str](), len(who) + 3
            listed.append(who)
        yield found, tuple(listed)


def _voided_steps(state: Dialogue, step: str) -> tuple[str, ...]:
    rule = state.plan.steps[step].revisit.voids
    reached = state.plan.built_on[step] if rule is None else frozenset(rule)
    reached -= left_to_tracks(state)
    current = ((s, state.steps[s][-1]) for s in state.steps if s in reached)
    touched = [(r.ended or r.since, s) for s, r in current if r.status != "voided"]
    return tuple(name for _, name in sorted(touched, reverse=True))


def _windows(state: Dialogue, step: str) -> Iterator[VoidedWindow]:
    """Give the runs of this round that still count."""
    current = state.steps[step][-1].number
    for name in windows_of(state, step):
        for run in state.windows.get(name, ()):
            if run.round == current and run.status != "voided":
                yield VoidedWindow(name, run)


def _outward(state: Dialogue, step: str) -> Iterator[_Undone]:
    rules = {rule.undoes: rule for rule in state.plan.steps[step].revisit.compensations}
    told_of = set[str]()  # windows of which those whom the method names are told
    for name, runs in groupby(_windows(state, step), key=lambda found: found.window):
        openings = [found.run for found in runs]
        last, whole = openings[-1], whole_window(name)
        rule = rules.get(whole.split(".", 1)[1])
        invited = [who for run in openings for who in run.invited]
        also = () if whole in told_of else _holders(state, rule)
        if invited or (rule and whole not in told_of):
            default: Act = "void_window" if last.status == "open" else "tell"
            act = rule.act if rule else default
            told = tuple(dict.fromkeys((*invited, *also)))
            told_of.add(whole)
            yield _Undone(last.seq, step, act, name, last.run, told)
    marks = state.steps[step][-1].marks
    for undoes, rule in rules.items():
        item = f"{step}.{undoes}"
        mark = marks.get(item)
        if mark is None or mark.status != "completed" or _queued(state, item, mark):
            continue
        told = _holders(state, rule)
        yield _Undone(mark.stands_since, step, rule.act, item, None, told)


def _queued(state: Dialogue, item: str, mark: Mark) -> bool:
    """Whether the same completion waits to be undone already, for an earlier revisit.

    It does where the item was reconfirmed before its compensation had ended.
    """
    return any(
        c.undoes == item and c.undoes_seq >= mark.seq and not c.ended
        for c in state.compensations.values()
    )


def _holders(state: Dialogue, rule: CompensationRule | None) -> tuple[str, ...]:
    roles = rule.to if rule else ()
    return tuple(dict.fromkeys(who for role in roles for who in state.holders(role)))
