"""evolve: the state after an event. It never fails and never decides.

What the world must do now (`react`) becomes part of the state with the event that
asks for it, so that a dialogue restored from its events owes exactly the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import assert_never

from domain import (
    confidential_after,
    corrections_after,
    debts,
    gates_after,
    harvest_after,
    holders,
    interests_after,
    meetings_after,
    people_register_after,
    plan_after,
    reflection_after,
    rounds,
    runs,
)
from domain.confidential_facts import ConfidentialityLifted, StepMarkedConfidential
from domain.correction_facts import FactCorrected, FactNoted
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
    PersonalDataErased,
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
    WindowShortened,
    WindowVoided,
)
from domain.gates_facts import GateFailed, GatePassed
from domain.harvest_facts import HarvestEvent
from domain.interest_facts import InterestEvent
from domain.ledger_after import after as ledger_after
from domain.ledger_after import voided as responses_voided
from domain.ledger_facts import LedgerEvent
from domain.meeting_facts import MeetingEvent
from domain.people_register_facts import PeopleEvent, StakeholderReleased
from domain.plan_facts import PlanEvent
from domain.react import react
from domain.reflection_facts import EvaluationRecorded, SelfAssessmentRecorded
from domain.state import Dialogue
from domain.suspension_facts import DialogueSuspended, SuspensionLifted
from domain.window_facts import (
    AudienceInvited,
    LateResponseUsed,
    ResponsesGathered,
)


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
        after = after.but(effects=after.effects | {e.id: e for e in owed})
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


def _counted(state: Dialogue, event: Event) -> Dialogue:
    if event.digest is None:
        return state.but(version=event.seq)
    handled = state.handled.adding(id_digest(event.cause), event.digest)
    return state.but(version=event.seq, handled=handled)


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
    if isinstance(data, HarvestEvent):
        return harvest_after.after(state, data, event)
    if isinstance(data, MeetingEvent):
        return meetings_after.after(state, data, event)
    if isinstance(data, PlanEvent):
        return plan_after.after(state, data, event)
    if isinstance(data, StakeholderReleased):
        state = harvest_after.holder_left(state, data.stakeholder)
    if isinstance(data, PeopleEvent):
        return people_register_after.after(state, data)
    if isinstance(data, InterestEvent):
        return interests_after.after(state, data)
    if isinstance(data, LedgerEvent):
        return ledger_after(state, data, event)
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
            return state.but(calendar=data.days or state.calendar)
        case ItemsCompleted():
            return rounds.marked(state, data.items, "completed", event)
        case ItemsWaived():
            return rounds.marked(state, data.items, "waived", event)
        case ItemsReconfirmed():
            return rounds.reconfirmed(state, data.items, event)
        case ItemsReopened():
            return rounds.unmarked(state, data.items)
        case StepStarted() | StepCompleted() | StepSkipped():
            return rounds.step_changed(state, data, event)
        case (
            WindowOpened()
            | WindowExtended()
            | WindowShortened()
            | WindowClosed()
            | WindowVoided()
            | AudienceReminded()
            | AudienceInvited()
            | ResponseRecorded()
            | ResponsesGathered()
            | LateResponseUsed()
        ):
            return _window(state, data, event)
        case DialogueSuspended() | SuspensionLifted():
            return runs.suspension_changed(state, data, event)
        case StepRevisited():
            return _revisited(state, data, event)
        case CompensationPlanned():
            return debts.planned(state, data)
        case StepVoided():
            voided = plan_after.reopened(state, data.step)
            return rounds.new_round(voided, data.step, "voided", event)
        case CompensationCompleted():
            return debts.compensation_changed(debts.told(state, data), data)
        case CompensationStarted() | CompensationFailed() | CompensationWaived():
            return debts.compensation_changed(state, data)
        case EffectCompleted():
            heard = meetings_after.told(debts.told(state, data), data)
            return debts.without_effect(heard, data.effect)
        case EffectWaived():
            return debts.without_effect(state, data.effect)
        case EffectFailed():
            return debts.effect_changed(
                state, data.effect, status="failed", problem=data.problem
            )
        case EffectRetried():
            return debts.retried(state, data, event)
        case RoleAssigned():
            address = data.address is not None
            given = holders.given(state, data.role, data.actor, address=address)
            return meetings_after.welcome(given, data.meetings, data.actor)
        case RoleReleased():
            return holders.taken(state, data.role, data.actor)
        case SignalNoted():
            return state.but(signals=state.signals + 1)
        case CommandRefused():
            return state.but(refused=state.refused + 1)
        case DialogueRestored() | PersonalDataErased():
            return state
        case GatePassed() | GateFailed():
            return gates_after.after(state, data, event)
        case FactCorrected() | FactNoted():
            return corrections_after.after(state, data)
        case StepMarkedConfidential() | ConfidentialityLifted():
            return confidential_after.after(state, data)
        case SelfAssessmentRecorded() | EvaluationRecorded():
            return reflection_after.after(state, data)
        case _:
            assert_never(data)


def _window(
    state: Dialogue,
    data: WindowOpened
    | WindowExtended
    | WindowShortened
    | WindowClosed
    | WindowVoided
    | AudienceReminded
    | AudienceInvited
    | ResponseRecorded
    | ResponsesGathered
    | LateResponseUsed,
    event: Event,
) -> Dialogue:
    match data:
        case WindowOpened():
            return runs.opened(state, data, event)
        case WindowExtended() | WindowShortened():
            return runs.run_changed(
                state,
                data.window,
                closes=data.closes,
                generation=data.generation,
                reminders=data.reminders,
            )
        case WindowClosed():
            closing = {"closes": event.at} if data.early else {}
            over = {"status": "closed", "reminders": ()}
            return runs.run_changed(state, data.window, **over, **closing)
        case WindowVoided():
            void = {"status": "voided", "reminders": ()}
            state = responses_voided(state, data.window)
            return runs.that_run_changed(state, data.window, data.run, **void)
        case AudienceReminded():
            return runs.reminded(state, data, event)
        case ResponseRecorded():
            return runs.responded(state, data)
        case AudienceInvited():
            return runs.invited(state, data)
        case LateResponseUsed():
            return runs.late_used(state, data)
        case ResponsesGathered():
            return state


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
            already = state.paused_at
            return state.but(
                status="paused",
                paused_at=already or event.at,
                paused_too=bool(state.suspended),
            )
        case DialogueResumed():
            if state.suspended:
                return state.but(paused_too=False)
            for resumed in data.windows:
                state = runs.resumed(state, resumed)
            return state.but(status="running", paused_at=None)
        case DialogueCompleted():
            return state.but(status="completed")
        case DialogueCancelled():
            return state.but(
                status="cancelled", paused_at=None, suspended=(), paused_too=False
            )
        case DialogueArchived():
            return state.but(status="archived")


def _revisited(state: Dialogue, data: StepRevisited, event: Event) -> Dialogue:
    kept = harvest_after.revisited(state, data)
    kept = plan_after.reopened(kept, data.step)
    running = debts.without_old(kept).but(status="running")
    return rounds.new_round(running, data.step, "started", event)
