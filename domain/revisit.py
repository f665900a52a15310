"""Going back to a completed step: what that undoes is known before it happens.

`consequences` is the one place that works out what a revisit voids and which
compensations it brings; the preview and the decision both use it. Compensations run
one after the other: what was done last is undone first, over all revisits together.
One that fails waits for a person, and the others wait with it. Who was asked several
times in the same window hears once that it no longer counts.

Going back opens no window by itself, also where the method opens one when the step
starts: a person opens it, once there is something new to respond to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

from domain.audiences import whole_window, windows_of
from domain.commands import RetryCompensation, RevisitStep, WaiveCompensation
from domain.draft import Draft
from domain.errors import (
    DialogueEnded,
    DomainError,
    StepNotCompleted,
    UnknownCompensation,
    UnknownStep,
)
from domain.events import (
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    StepRevisited,
    StepVoided,
    WindowVoided,
)
from domain.gates_standing import passed_in
from domain.harvest_undone import Questioned, facts_of, questioned, told_of
from domain.meeting_facts import Meeting, MeetingVoided
from domain.meetings_ahead import called_off, withdrawn
from domain.method import CompensationRule
from domain.notices import About, Act
from domain.people import MAX_HOLDERS
from domain.plan_traces import left_to_tracks
from domain.standing_still import check_moving
from domain.state import Dialogue, Mark, WindowRun
from domain.steps import is_done, known_step

_STANDING: Final = {"started": "under way", "voided": "waiting to be started again"}
"""How a step that is not done is, in words."""


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


def revisit_step(draft: Draft, command: RevisitStep) -> None:
    """Return to a completed step, void what was built on it, start compensating."""
    state = draft.state
    _check_possible(state, command.step)
    found = consequences(state, command.step, draft.next_seq, draft.by.at)
    draft.happen(
        StepRevisited(
            step=command.step,
            round=found.round,
            voids=found.voids,
            reason=command.reason,
        )
    )
    for step in found.voids:
        number = state.steps[step][-1].number
        draft.happen(StepVoided(step=step, round=number, by=command.step))
    for window, run in found.windows:
        was_open = run.status == "open"
        draft.happen(WindowVoided(window=window, run=run.run, was_open=was_open))
    for name, meeting in found.meetings.items():
        number = meeting.sequence + 1
        draft.happen(MeetingVoided(meeting=name, sequence=number, by=command.step))
    draft.happen(*facts_of(found.questioned, found.step))
    draft.happen(*found.compensations)
    advance(draft)


def _check_possible(state: Dialogue, step: str) -> None:
    """Raise if there is no going back to this step now."""
    known_step(state, step)
    if state.status in {"cancelled", "archived"}:
        raise DialogueEnded(status=state.status)
    if not is_done(state, step):
        current = state.round(step)
        status = _STANDING[current.status] if current else "not started"
        raise StepNotCompleted(step=step, status=status)
    check_moving(state)


def advance(draft: Draft) -> None:
    """Start the planned compensation of what was done last.

    Unless one is under way or has failed: those come first.
    """
    queue = draft.state.compensations.values()
    if any(c.status in {"started", "failed"} for c in queue):
        return
    planned = [c for c in queue if c.status == "planned"]
    if planned:
        following = max(planned, key=lambda c: c.undoes_seq)
        draft.happen(CompensationStarted(compensation=following.id, attempt=1))


def retry_compensation(draft: Draft, command: RetryCompensation) -> None:
    """Carry out a compensation that failed once more."""
    failed = _failed(draft.state, command.compensation)
    draft.happen(
        CompensationStarted(compensation=command.compensation, attempt=failed + 1)
    )


def waive_compensation(draft: Draft, command: WaiveCompensation) -> None:
    """Leave a compensation that failed undone, and go on with the next."""
    _failed(draft.state, command.compensation)
    draft.happen(
        CompensationWaived(compensation=command.compensation, reason=command.reason)
    )
    advance(draft)


def _failed(state: Dialogue, compensation: str) -> int:
    """Give the number of attempts of a compensation that failed."""
    waiting = {c.id: c for c in state.compensations.values() if c.status == "failed"}
    if compensation not in waiting:
        known = ", ".join(waiting) or "none"
        raise UnknownCompensation(compensation=compensation, known=known)
    return waiting[compensation].attempt


def preview_revisit(
    state: Dialogue, step: str, now: datetime | None = None
) -> dict[str, Any]:
    """Say what a revisit of ``step`` would do ``now``, without doing it.

    Gives ``step``, ``possible`` (with ``because`` when not), ``round``, ``voids``
    (steps), ``windows`` (voided, with ``wasOpen``), ``compensations`` (in order, each
    with ``act``, ``undoes``, its ``heading`` where it is no part of the plan, and
    ``recipients``), ``reopens`` (items to reconfirm), ``gates`` (that passed and have
    to be held again), ``reports`` (to be retracted), ``agreements`` and ``decisions``
    (to be looked at again), ``meetings`` (still to come, and called off;
    without ``now`` all that nobody said were held) and ``tells`` (everybody who will
    get a message). Raises `UnknownStep`.
    """
    try:
        _check_possible(state, step)
    except UnknownStep:
        raise
    except DomainError as refusal:
        return {"step": step, "possible": False, "because": str(refusal)}
    found = consequences(state, step, state.version + 1, now)
    told = (who for c in found.compensations for who in c.recipients)
    return {
        "step": step,
        "possible": True,
        "round": found.round,
        "voids": list(found.voids),
        "windows": [
            {"window": w, "run": run.run, "wasOpen": run.status == "open"}
            for w, run in found.windows
        ],
        "compensations": [
            {
                "act": c.act,
                "step": c.step,
                "undoes": c.undoes,
                "heading": c.of.heading if c.of else None,
                "recipients": list(c.recipients),
            }
            for c in found.compensations
        ],
        "reopens": list(found.to_reconfirm),
        "gates": [g for s in (step, *found.voids) for g in passed_in(state, s)],
        "reports": list(found.questioned.reports),
        "agreements": list(found.questioned.agreements),
        "decisions": list(found.questioned.decisions),
        "meetings": [
            {"meeting": name, "title": meeting.title}
            for name, meeting in found.meetings.items()
        ],
        "tells": list(dict.fromkeys(told)),
    }
