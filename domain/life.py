"""The life of a dialogue: it starts, pauses, goes on, and ends one way or another."""

from __future__ import annotations

from typing import assert_never

from domain.calendar import to_local
from domain.clock import Clock, check_start
from domain.commands import (
    ArchiveDialogue,
    CancelDialogue,
    CompleteDialogue,
    PauseDialogue,
    RenewCalendar,
    RestoreDialogue,
    ResumeDialogue,
    StartDialogue,
)
from domain.coverage import check_answered
from domain.deadline_facts import MoveDeadline
from domain.deadlines import move_deadline
from domain.draft import Draft
from domain.errors import (
    CalendarUnfit,
    CompensationsUnfinished,
    DialogueExists,
    DialogueIncomplete,
    DialogueNotEnded,
    DialogueNotPaused,
    MethodUnfit,
    NothingToDo,
    UnknownRole,
)
from domain.events import (
    CalendarRef,
    CalendarRenewed,
    DialogueArchived,
    DialogueCancelled,
    DialogueCompleted,
    DialogueRestored,
    DialogueResumed,
    DialogueStarted,
)
from domain.events import DialoguePaused as Paused
from domain.facts import Actor
from domain.harvest_errors import PromisesOpen
from domain.life_facts import LifeCommand
from domain.meetings import call_off_all
from domain.meetings_ahead import to_come
from domain.method import BUILT_IN_ROLES, Method
from domain.method_check import first_problem
from domain.people import check_holders
from domain.people_register import check_briefed
from domain.references import MethodRef
from domain.rights import check_starter
from domain.signed import check_kinds
from domain.standing_still import WindowsSuspended, check_moving, is_suspended
from domain.state import Dialogue
from domain.steps import is_done, listed
from domain.suspending import left, resumed
from domain.windows import close_overdue, closed


def obey(draft: Draft, command: LifeCommand) -> None:
    """Obey a command about the life of a dialogue, or raise a `DomainError`."""
    match command:
        case StartDialogue():
            raise DialogueExists(stream=draft.by.stream)
        case PauseDialogue():
            pause_dialogue(draft, command)
        case ResumeDialogue():
            resume_dialogue(draft, command)
        case CompleteDialogue():
            complete_dialogue(draft, command)
        case CancelDialogue():
            cancel_dialogue(draft, command)
        case ArchiveDialogue():
            archive_dialogue(draft, command)
        case RenewCalendar():
            renew_calendar(draft, command)
        case RestoreDialogue():
            restore_dialogue(draft, command)
        case MoveDeadline():
            move_deadline(draft, command)
        case _:
            assert_never(command)


def start_dialogue(draft: Draft, command: StartDialogue) -> None:
    """Start the dialogue with the compiled method and calendar it will carry."""
    compiled = command.compiled
    if compiled is None:
        raise MethodUnfit(problem="the compiled method is not there")
    method, days = compiled.method, compiled.calendar
    wanted = command.method_hash or compiled.method_hash
    if (method.id, compiled.method_hash) != (command.method, wanted):
        raise MethodUnfit(problem="it is not the one that was asked for")
    if found := first_problem(method):
        where = ".".join(map(str, found.path)) or "its size"
        raise MethodUnfit(problem=f"it can't be carried out; look at {where}")
    if days.id != command.calendar or days.zone != command.zone:
        raise CalendarUnfit(problem="it is for another country or time zone")
    roles = {r: tuple(dict.fromkeys(who)) for r, who in command.roles.items() if who}
    _check_known(method, command)
    check_starter(method, roles, draft.by.actor)
    roles = _with_starter(roles, draft.by.actor)
    check_holders(roles)
    to_local(days, draft.by.at)  # a dialogue begins where its calendar reaches
    clock = command.clock or Clock(real_start=draft.by.at, start=draft.by.at)
    check_start(clock, draft.by.at)
    to_local(days, clock.start)
    unsigned = check_kinds(command.unsigned)
    draft.happen(
        DialogueStarted(
            organisation=draft.by.stream.split(":", 1)[0],
            method=MethodRef(
                id=method.id, version=method.version, hash=compiled.method_hash
            ),
            calendar=CalendarRef(id=days.id, hash=compiled.calendar_hash),
            title=command.title,
            question=command.question,
            language=command.language,
            zone=command.zone,
            roles=roles,
            deadlines=command.deadlines,
            clock=clock,
            desk_keys=tuple(dict.fromkeys(command.desk_keys)),
            unsigned=unsigned,
            plan=method,
            days=days,
        )
    )


def _with_starter(
    roles: dict[str, tuple[str, ...]], starter: Actor
) -> dict[str, tuple[str, ...]]:
    """Give the holders, with the starter in their own role if nobody was named for it.

    Else the one who begins a dialogue would have no part in it, and their role would be
    anybody's to claim.
    """
    if starter.role in BUILT_IN_ROLES or starter.role in roles:
        return roles
    return {**roles, starter.role: (starter.id,)}


def _check_known(method: Method, command: StartDialogue) -> None:
    known = [role.id for role in method.roles]
    for role in command.roles:
        if role not in known:
            raise UnknownRole(role=role, known=", ".join(known))
    if command.language not in method.languages:
        given = ", ".join(method.languages)
        raise MethodUnfit(problem=f"it is not written in that language, but in {given}")


def pause_dialogue(draft: Draft, command: PauseDialogue) -> None:
    """Stop the windows; one whose time was over closes first."""
    if draft.state.status == "paused" and not is_suspended(draft.state):
        raise NothingToDo(because="the dialogue is paused already")
    close_overdue(draft, draft.state.running_windows())
    windows = left(draft.state, draft.by.at)
    draft.happen(Paused(reason=command.reason, windows=windows))


def resume_dialogue(draft: Draft, command: ResumeDialogue) -> None:
    """Let each window run on for exactly the time it had left.

    Closing and reminders move by the length of the pause, to the microsecond. While
    the organisation has suspended its windows they stand still all the same.
    """
    state = draft.state
    if is_suspended(state):
        raise WindowsSuspended
    if state.status != "paused" or state.paused_at is None:
        raise DialogueNotPaused
    windows = () if state.suspended else resumed(state, draft.by.at)
    draft.happen(DialogueResumed(reason=command.reason, windows=windows))


def complete_dialogue(draft: Draft, command: CompleteDialogue) -> None:
    """Complete a dialogue whose steps are done and whose compensations have ended."""
    state = draft.state
    check_moving(state)
    missing = (*unfinished_steps(state), *state.open_windows())
    if missing:
        raise DialogueIncomplete(missing=listed(missing))
    _check_compensations(state)
    check_briefed(state)
    if not draft.by.unbound:
        check_answered(state)
    draft.happen(DialogueCompleted(note=command.note))


def unfinished_steps(state: Dialogue) -> tuple[str, ...]:
    """Give the steps that keep the dialogue from completing."""
    wanted = state.plan.completion.steps
    steps = tuple(state.plan.steps) if wanted == "all" else wanted
    return tuple(step for step in steps if not is_done(state, step))


def _check_compensations(state: Dialogue) -> None:
    unfinished = [c.id for c in state.compensations.values() if not c.ended]
    if unfinished:
        raise CompensationsUnfinished(compensations=listed(unfinished))


def cancel_dialogue(draft: Draft, command: CancelDialogue) -> None:
    """End the dialogue; its windows close, also those that a pause had stopped."""
    for name, run in draft.state.open_windows().items():
        early = draft.state.paused_at is not None or draft.by.at < run.closes
        draft.happen(closed(name, run, early=early))
    call_off_all(draft)
    draft.happen(DialogueCancelled(reason=command.reason))


def archive_dialogue(draft: Draft, command: ArchiveDialogue) -> None:
    """End the workflow of a dialogue that has ended and owes nothing.

    Promises that are still open need a reason: nobody watches them from then on.
    """
    state = draft.state
    if state.status not in {"completed", "cancelled"}:
        raise DialogueNotEnded(status=state.status)
    _check_compensations(state)
    if state.status == "completed" and not draft.by.unbound:
        check_answered(state)
    if state.effects:
        messages = f"messages that have not gone out yet ({listed(state.effects)})"
        raise DialogueIncomplete(missing=messages)
    if ahead := to_come(state, draft.by.at):
        raise DialogueIncomplete(missing=f"meetings still to come ({listed(ahead)})")
    promises = (*state.harvest.open_agreements(), *state.harvest.feedback)
    if promises and command.reason is None:
        raise PromisesOpen(open=listed(promises))
    draft.happen(DialogueArchived(reason=command.reason))


def renew_calendar(draft: Draft, command: RenewCalendar) -> None:
    """Take a newer compiled calendar of the same country and zone."""
    old, new = draft.state.calendar, command.calendar
    if (new.id, new.zone) != (old.id, old.zone):
        raise CalendarUnfit(problem=f"this dialogue uses {old.id} in {old.zone}")
    if new.last <= old.last:
        raise NothingToDo(because=f"the present calendar reaches {old.last}")
    to_local(new, draft.by.at)  # it reaches today, or is refused
    reference = CalendarRef(id=new.id, hash=command.calendar_hash)
    draft.happen(CalendarRenewed(calendar=reference, days=new))


def restore_dialogue(draft: Draft, command: RestoreDialogue) -> None:
    """Note that the workflow was started again from the record."""
    draft.happen(DialogueRestored(epoch=command.epoch, from_seq=command.from_seq))
