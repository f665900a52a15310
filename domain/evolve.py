"""evolve: the state after an event. It never fails and never decides.

What the world must do now (`react`) becomes part of the state with the event that
asks for it, so that a dialogue restored from its events owes exactly the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final, Literal, assert_never

from domain.errors import NotStarted
from domain.events import (
    AnyEvent,
    AudienceReminded,
    CalendarRenewed,
    CommandRefused,
    CompensationCompleted,
    CompensationFailed,
    CompensationPlanned,
    CompensationStarted,
    CompensationWaived,
    DialogueArchived,
    DialogueCancelled,
    DialogueCompleted,
    DialoguePaused,
    DialogueRestored,
    DialogueResumed,
    DialogueStarted,
    EffectCompleted,
    EffectFailed,
    EffectRetried,
    EffectWaived,
    Event,
    ItemsCompleted,
    ItemsReconfirmed,
    ItemsReopened,
    ItemsWaived,
    ResponseRecorded,
    RoleAssigned,
    RoleReleased,
    SignalNoted,
    StepCompleted,
    StepRevisited,
    StepSkipped,
    StepStarted,
    StepVoided,
    WindowClosed,
    WindowExtended,
    WindowOpened,
    WindowResumed,
    WindowShortened,
    WindowVoided,
)
from domain.react import react
from domain.state import Compensation, Dialogue, Mark, Outcome, Round, WindowRun

_ENDED_KEPT: Final = 100
"""How many compensations that have ended the state still shows."""


def evolve(state: Dialogue | None, event: Event) -> Dialogue:
    """Give the state after ``event``, with what the world now owes."""
    if isinstance(event.data, DialogueStarted):
        after = _started(event.data, event)
    elif state is None:
        raise NotStarted
    else:
        after = _after(state, event.data, event)
    after = _counted(after, event)
    owed = react(after, event)
    if owed:
        after = _with(after, effects=after.effects | {e.id: e for e in owed})
    return after


def fold(events: Iterable[Event]) -> Dialogue | None:
    """Give the state after all ``events``, from nothing."""
    state: Dialogue | None = None
    for event in events:
        state = evolve(state, event)
    return state


def id_digest(command_id: str) -> bytes:
    """Give the eight bytes by which a command's id is remembered."""
    return sha256(command_id.encode()).digest()[:8]


def _with(state: Dialogue, **changes: Any) -> Dialogue:  # noqa: ANN401  (any field)
    return state.model_copy(update=changes)


def _counted(state: Dialogue, event: Event) -> Dialogue:
    if event.digest is None:
        return _with(state, version=event.seq)
    handled = state.handled.adding(id_digest(event.cause), event.digest)
    return _with(state, version=event.seq, handled=handled)


def _started(data: DialogueStarted, event: Event) -> Dialogue:
    if data.plan is None or data.days is None:
        message = "dialogue_started needs the compiled method and calendar at hand"
        raise LookupError(message)
    return Dialogue(
        organisation=data.organisation,
        title=data.title,
        question=data.question,
        language=data.language,
        zone=data.zone,
        status="running",
        started=event.at,
        method=data.method,
        plan=data.plan,
        calendar=data.days,
        clock=data.clock,
        roles=data.roles,
        deadlines=data.deadlines,
    )


def _after(state: Dialogue, data: AnyEvent, event: Event) -> Dialogue:
    match data:
        case DialogueStarted():
            return state
        case (
            DialoguePaused()
            | DialogueResumed()
            | DialogueCompleted()
            | DialogueCancelled()
            | DialogueArchived()
        ):
            return _life(state, data, event)
        case CalendarRenewed():
            return _with(state, calendar=data.days or state.calendar)
        case ItemsCompleted():
            return _marked(state, data.items, "completed", event)
        case ItemsWaived():
            return _marked(state, data.items, "waived", event)
        case ItemsReconfirmed():
            return _reconfirmed(state, data.items, event)
        case ItemsReopened():
            return _unmarked(state, data.items)
        case StepStarted() | StepCompleted() | StepSkipped():
            return _step(state, data, event)
        case WindowOpened():
            return _opened(state, data, event)
        case WindowExtended() | WindowShortened():
            return _run(
                state,
                data.window,
                closes=data.closes,
                generation=data.generation,
                reminders=data.reminders,
            )
        case WindowClosed():
            closing = {"closes": event.at} if data.early else {}
            over = {"status": "closed", "reminders": (), "left_ms": None}
            return _run(state, data.window, **over, **closing)
        case WindowVoided():
            void = {"status": "voided", "reminders": ()}
            return _that_run(state, data.window, data.run, **void)
        case AudienceReminded():
            return _reminded(state, data, event)
        case ResponseRecorded():
            return _responded(state, data)
        case StepRevisited():
            return _revisited(state, data, event)
        case CompensationPlanned():
            return _planned(state, data)
        case StepVoided():
            return _new_round(state, data.step, "voided", event)
        case (
            CompensationStarted()
            | CompensationCompleted()
            | CompensationFailed()
            | CompensationWaived()
        ):
            return _compensation(state, data)
        case EffectCompleted() | EffectWaived():
            return _without_effect(state, data.effect)
        case EffectFailed():
            return _effect(state, data.effect, status="failed", problem=data.problem)
        case EffectRetried():
            return _retried(state, data, event)
        case RoleAssigned():
            return _assigned(state, data)
        case RoleReleased():
            return _released(state, data)
        case SignalNoted():
            return _with(state, signals=state.signals + 1)
        case CommandRefused():
            return _with(state, refused=state.refused + 1)
        case DialogueRestored():
            return state
        case _:
            assert_never(data)


def _life(
    state: Dialogue,
    data: DialoguePaused
    | DialogueResumed
    | DialogueCompleted
    | DialogueCancelled
    | DialogueArchived,
    event: Event,
) -> Dialogue:
    match data:
        case DialoguePaused():
            for left in data.windows:
                state = _run(state, left.window, left_ms=left.left_ms)
            return _with(state, status="paused", paused_at=event.at)
        case DialogueResumed():
            for resumed in data.windows:
                state = _resumed(state, resumed)
            return _with(state, status="running", paused_at=None)
        case DialogueCompleted():
            return _with(state, status="completed")
        case DialogueCancelled():
            return _with(state, status="cancelled", paused_at=None)
        case DialogueArchived():
            return _with(state, status="archived")


def _resumed(state: Dialogue, resumed: WindowResumed) -> Dialogue:
    run = state.windows[resumed.window][-1]
    return _run(
        state,
        resumed.window,
        closes=resumed.closes,
        reminders=resumed.reminders,
        left_ms=None,
        generation=run.generation + 1,
    )


def step_of(target: str) -> str:
    """Give the step of an item's or window's full id."""
    return target.split(".", 1)[0]


def _round(state: Dialogue, step: str, **changes: Any) -> Dialogue:  # noqa: ANN401
    rounds = state.steps[step]
    current = rounds[-1].model_copy(update=changes)
    return _with(state, steps=state.steps | {step: (*rounds[:-1], current)})


def _marked(
    state: Dialogue, items: tuple[str, ...], status: Outcome, event: Event
) -> Dialogue:
    step = step_of(items[0])
    mark = Mark(status=status, by=event.actor.id, at=event.at, seq=event.seq)
    marks = state.steps[step][-1].marks | dict.fromkeys(items, mark)
    return _round(state, step, marks=marks)


def _reconfirmed(state: Dialogue, items: tuple[str, ...], event: Event) -> Dialogue:
    """Let marks stand again as they were made, by whom and when."""
    step = step_of(items[0])
    marks = dict(state.steps[step][-1].marks)
    for item in items:
        mark = marks[item]
        again = {"status": mark.was, "was": None, "reconfirmed": event.seq}
        marks[item] = mark.model_copy(update=again)
    return _round(state, step, marks=marks)


def _doubted(mark: Mark) -> Mark:
    """Give the mark as a revisit leaves it: waiting to be reconfirmed."""
    if mark.status == "to_reconfirm":
        return mark
    return mark.model_copy(update={"status": "to_reconfirm", "was": mark.status})


def _unmarked(state: Dialogue, items: tuple[str, ...]) -> Dialogue:
    step = step_of(items[0])
    marks = state.steps[step][-1].marks
    kept = {item: mark for item, mark in marks.items() if item not in items}
    return _round(state, step, marks=kept)


def _step(
    state: Dialogue, data: StepStarted | StepCompleted | StepSkipped, event: Event
) -> Dialogue:
    match data:
        case StepStarted() if data.step in state.steps:
            return _round(state, data.step, status="started")
        case StepStarted():
            first = Round(number=data.round, status="started", since=event.seq)
            return _with(state, steps=state.steps | {data.step: (first,)})
        case StepCompleted():
            return _round(state, data.step, status="completed", ended=event.seq)
        case StepSkipped() if data.step in state.steps:
            return _round(state, data.step, status="skipped", ended=event.seq)
        case StepSkipped():
            only = Round(
                number=data.round, status="skipped", since=event.seq, ended=event.seq
            )
            return _with(state, steps=state.steps | {data.step: (only,)})


def _run(state: Dialogue, window: str, **changes: Any) -> Dialogue:  # noqa: ANN401
    runs = state.windows[window]
    current = runs[-1].model_copy(update=changes)
    return _with(state, windows=state.windows | {window: (*runs[:-1], current)})


def _opened(state: Dialogue, data: WindowOpened, event: Event) -> Dialogue:
    run = WindowRun(
        run=data.run,
        round=data.round,
        status="open",
        audience=data.audience,
        invited=data.invited,
        opened=event.at,
        closes=data.closes,
        reminders=data.reminders,
        seq=event.seq,
    )
    runs = (*state.windows.get(data.window, ()), run)
    return _with(state, windows=state.windows | {data.window: runs})


def _that_run(state: Dialogue, window: str, run: int, **changes: Any) -> Dialogue:  # noqa: ANN401
    """Change the run with this number, which need not be the last."""
    runs = tuple(
        each.model_copy(update=changes) if each.run == run else each
        for each in state.windows[window]
    )
    return _with(state, windows=state.windows | {window: runs})


def _reminded(state: Dialogue, data: AudienceReminded, event: Event) -> Dialogue:
    run = state.windows[data.window][-1]
    ahead = tuple(moment for moment in run.reminders if moment > event.at)
    return _run(state, data.window, reminders=ahead)


def _responded(state: Dialogue, data: ResponseRecorded) -> Dialogue:
    run = next(r for r in state.windows[data.window] if r.run == data.run)
    changes: dict[str, Any] = {"on_time": run.on_time + (not data.late)}
    changes["late"] = run.late + data.late
    if data.respondent in run.invited and data.respondent not in run.responded:
        changes["responded"] = (*run.responded, data.respondent)
    return _that_run(state, data.window, data.run, **changes)


def _revisited(state: Dialogue, data: StepRevisited, event: Event) -> Dialogue:
    ended = [c.id for c in state.compensations.values() if c.ended]
    forgotten = set(ended[:-_ENDED_KEPT])
    kept = {i: c for i, c in state.compensations.items() if i not in forgotten}
    state = _with(state, compensations=kept, status="running")
    return _new_round(state, data.step, "started", event)


def _planned(state: Dialogue, data: CompensationPlanned) -> Dialogue:
    planned = Compensation(
        id=data.compensation,
        act=data.act,
        step=data.step,
        undoes=data.undoes,
        undoes_seq=data.undoes_seq,
        run=data.run,
        recipients=data.recipients,
    )
    return _with(state, compensations=state.compensations | {planned.id: planned})


def _new_round(
    state: Dialogue, step: str, status: Literal["started", "voided"], event: Event
) -> Dialogue:
    rounds = state.steps[step]
    over = rounds[-1].model_copy(update={"voided_by": event.seq})
    following = Round(
        number=over.number + 1,
        status=status,
        marks={item: _doubted(mark) for item, mark in over.marks.items()},
        since=event.seq,
    )
    return _with(state, steps=state.steps | {step: (*rounds[:-1], over, following)})


def _compensation(
    state: Dialogue,
    data: CompensationStarted
    | CompensationCompleted
    | CompensationFailed
    | CompensationWaived,
) -> Dialogue:
    match data:
        case CompensationStarted():
            changes: dict[str, Any] = {"status": "started", "attempt": data.attempt}
        case CompensationCompleted():
            changes = {"status": "completed", "problem": None, "recipients": ()}
        case CompensationFailed():
            changes = {"status": "failed", "problem": data.problem}
        case CompensationWaived():
            changes = {"status": "waived", "recipients": ()}
    known = state.compensations[data.compensation].model_copy(update=changes)
    state = _with(state, compensations=state.compensations | {data.compensation: known})
    return _without_effect(state, data.compensation)


def _without_effect(state: Dialogue, effect: str) -> Dialogue:
    kept = {key: value for key, value in state.effects.items() if key != effect}
    return _with(state, effects=kept)


def _effect(state: Dialogue, effect: str, **changes: Any) -> Dialogue:  # noqa: ANN401
    known = state.effects[effect].model_copy(update=changes)
    return _with(state, effects=state.effects | {effect: known})


def _retried(state: Dialogue, data: EffectRetried, event: Event) -> Dialogue:
    """Owe a message once more, with the closing as it is by now."""
    effect = state.effects[data.effect]
    run = state.run(effect.target)
    closes = run.closes if run and run.run == effect.run else effect.closes
    again = {"status": "pending", "problem": None, "attempt": data.attempt}
    return _effect(state, data.effect, seq=event.seq, closes=closes, **again)


def _assigned(state: Dialogue, data: RoleAssigned) -> Dialogue:
    holders = state.roles.get(data.role, ())
    if data.actor not in holders:
        holders = (*holders, data.actor)
    state = _with(state, roles=state.roles | {data.role: holders})
    for window, run in state.open_windows().items():
        if run.audience != data.role:
            continue
        released = tuple(who for who in run.released if who != data.actor)
        known = data.actor in run.invited
        joined = run.invited if known else (*run.invited, data.actor)
        state = _run(state, window, invited=joined, released=released)
    return state


def _released(state: Dialogue, data: RoleReleased) -> Dialogue:
    kept = tuple(who for who in state.holders(data.role) if who != data.actor)
    for window, run in state.open_windows().items():
        if run.audience == data.role and data.actor in run.present:
            state = _run(state, window, released=(*run.released, data.actor))
    return _with(state, roles=state.roles | {data.role: kept})
