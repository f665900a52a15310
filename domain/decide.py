"""decide: what happens if a command is obeyed, or why it may not be.

Before a command reaches the rules of its area it passes the same gate as all others:
once is once, the version the sender saw, the stage of life the dialogue is in, and
the sender's rights. The clock passes it too.
"""

from __future__ import annotations

from typing import Final, assert_never, get_args

from domain import (
    checklist,
    confidential,
    corrections,
    crowds,
    effects,
    erasing,
    gates,
    harvest,
    interests,
    inviting,
    life,
    meetings,
    openings,
    people,
    people_register,
    planning,
    reflection,
    reopening,
    responses,
    revisit,
    steps,
    suspending,
    using,
    windows,
)
from domain.commands import (
    AnyCommand,
    ArchiveDialogue,
    AssignRole,
    CancelDialogue,
    CloseWindow,
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    ErasePersonalData,
    ExtendWindow,
    NoteSignal,
    OpenWindow,
    PauseDialogue,
    ReconfirmItems,
    RecordResponse,
    ReleaseRole,
    RemindWindow,
    RenewCalendar,
    ReopenItems,
    ReportEffect,
    RestoreDialogue,
    ResumeDialogue,
    RetryCompensation,
    RetryEffect,
    RevisitStep,
    ShortenWindow,
    SkipStep,
    StartDialogue,
    StartStep,
    WaiveCompensation,
    WaiveEffect,
    WaiveItems,
)
from domain.confidential_facts import LiftConfidential, MarkConfidential
from domain.correction_facts import CorrectFact, NoteFact
from domain.draft import Draft
from domain.errors import (
    DialogueEnded,
    DialogueExists,
    IdReused,
    NotStarted,
    VersionConflict,
)
from domain.events import CommandRefused, Event
from domain.evolve import id_digest
from domain.facts import Cause
from domain.gates_facts import RecordGate
from domain.harvest_facts import HarvestCommand
from domain.interest_facts import InterestCommand
from domain.ledger import obey as obey_answering
from domain.ledger_facts import (
    AnswerResponse,
    GroupResponses,
    LeaveUnanswered,
    LedgerCommand,
    UngroupResponses,
)
from domain.meeting_facts import MeetingCommand, RecordAttendance, RecordMinutes
from domain.people_register_facts import PeopleCommand
from domain.plan_facts import PlanCommand
from domain.reflection_facts import RecordEvaluation, RecordSelfAssessment
from domain.rights import check_rights
from domain.standing_still import check_moving
from domain.state import Dialogue
from domain.suspension_facts import LiftSuspension, SuspendDialogue
from domain.window_facts import (
    InviteToWindow,
    RecordResponses,
    ReopenWindow,
    UseLateResponse,
)

_AFTER_THE_END: Final = (
    AnswerResponse,
    GroupResponses,
    LeaveUnanswered,
    UngroupResponses,
    ArchiveDialogue,
    AssignRole,
    CorrectFact,
    ErasePersonalData,
    LiftConfidential,
    MarkConfidential,
    NoteFact,
    NoteSignal,
    RecordEvaluation,
    ReleaseRole,
    RenewCalendar,
    ReportEffect,
    RestoreDialogue,
    RetryCompensation,
    RetryEffect,
    WaiveCompensation,
    WaiveEffect,
    *get_args(HarvestCommand),
    *get_args(PeopleCommand),
    RecordAttendance,
    RecordMinutes,
)
_WHEN_ARCHIVED: Final = (ErasePersonalData, RestoreDialogue)
_AFTER_COMPLETION: Final = (
    *_AFTER_THE_END,
    *get_args(MeetingCommand),
    RecordResponse,
    RecordResponses,
    RecordSelfAssessment,
    RevisitStep,
    UseLateResponse,
)
_NOT_WHILE_PAUSED: Final = (
    CompleteStep,
    InviteToWindow,
    OpenWindow,
    ReopenWindow,
    SkipStep,
    StartStep,
)


def decide(state: Dialogue | None, command: AnyCommand, by: Cause) -> tuple[Event, ...]:
    """Give the events that follow if ``command`` is obeyed.

    A command id that was handled before gives ``()``. Raises a `DomainError` when
    the command may not be obeyed; nothing has changed then.
    """
    if was_handled(state, by):
        return ()
    draft = Draft(state, by)
    if isinstance(command, StartDialogue):
        if state is not None:
            raise DialogueExists(stream=by.stream)
        life.start_dialogue(draft, command)
        return tuple(draft.events)
    if state is None:
        raise NotStarted
    check_gate(state, command, by)
    _obey(draft, command)
    return tuple(draft.events)


def was_handled(state: Dialogue | None, by: Cause) -> bool:
    """Whether this command was handled before; raises `IdReused` for another body."""
    before = None if state is None else state.handled.get(id_digest(by.id))
    if before is None:
        return False
    if before.hex() != by.digest:
        raise IdReused(id=by.id)
    return True


def refuse(
    state: Dialogue, name: str | None, command: str | None, error: str, by: Cause
) -> tuple[Event, ...]:
    """Give the event that a signal was refused: nothing that arrives disappears.

    ``name`` is the signal's, ``command`` the refused command's id, ``error`` the name
    of the refusal; none may hold what was sent. The refusal is what ``by.id`` did, so
    where that id has done something already this gives ``()``.
    """
    if id_digest(by.id) in state.handled:
        return ()
    draft = Draft(state, by)
    draft.happen(CommandRefused(name=name, command=command, error=error))
    return tuple(draft.events)


def check_gate(state: Dialogue, command: AnyCommand, by: Cause) -> None:
    """Raise where no command of this kind, from this sender, may be obeyed now."""
    if by.if_version is not None and by.if_version != state.version:
        raise VersionConflict(version=state.version, expected=by.if_version)
    if state.status == "archived" and not isinstance(command, _WHEN_ARCHIVED):
        raise DialogueEnded(status=state.status)
    check_rights(state, command, by.actor)
    completed = state.status == "completed"
    possible = _AFTER_COMPLETION if completed else _AFTER_THE_END
    if state.ended and not isinstance(command, possible):
        raise DialogueEnded(status=state.status)
    if state.status == "paused" and isinstance(command, _NOT_WHILE_PAUSED):
        check_moving(state)


def _obey(draft: Draft, command: AnyCommand) -> None:  # noqa: PLR0915  (one exhaustive match)
    if isinstance(command, HarvestCommand):
        harvest.obey(draft, command)
        return
    if isinstance(command, MeetingCommand):
        meetings.obey(draft, command)
        return
    if isinstance(command, PlanCommand):
        planning.obey(draft, command)
        return
    if isinstance(command, PeopleCommand):
        people_register.obey(draft, command)
        return
    if isinstance(command, InterestCommand):
        interests.obey(draft, command)
        return
    if isinstance(command, LedgerCommand):
        obey_answering(draft, command)
        return
    match command:
        case StartDialogue():
            raise DialogueExists(stream=draft.by.stream)
        case PauseDialogue():
            life.pause_dialogue(draft, command)
        case ResumeDialogue():
            life.resume_dialogue(draft, command)
        case CompleteDialogue():
            life.complete_dialogue(draft, command)
        case CancelDialogue():
            life.cancel_dialogue(draft, command)
        case ArchiveDialogue():
            life.archive_dialogue(draft, command)
        case RenewCalendar():
            life.renew_calendar(draft, command)
        case RestoreDialogue():
            life.restore_dialogue(draft, command)
        case CompleteItems():
            checklist.complete_items(draft, command)
        case ReconfirmItems():
            checklist.reconfirm_items(draft, command)
        case WaiveItems():
            checklist.waive_items(draft, command)
        case ReopenItems():
            checklist.reopen_items(draft, command)
        case StartStep():
            steps.start_step(draft, command)
        case CompleteStep():
            steps.complete_step(draft, command)
        case SkipStep():
            steps.skip_step(draft, command)
        case OpenWindow():
            openings.open_window(draft, command)
        case ExtendWindow():
            windows.extend_window(draft, command)
        case ShortenWindow():
            windows.shorten_window(draft, command)
        case CloseWindow():
            windows.close_window(draft, command)
        case RemindWindow():
            windows.remind_window(draft, command)
        case RecordResponse():
            responses.record_response(draft, command)
        case InviteToWindow():
            inviting.invite_to_window(draft, command)
        case ReopenWindow():
            reopening.reopen_window(draft, command)
        case UseLateResponse():
            using.use_late_response(draft, command)
        case RecordResponses():
            crowds.record_responses(draft, command)
        case SuspendDialogue() | LiftSuspension():
            suspending.obey(draft, command)
        case RevisitStep():
            revisit.revisit_step(draft, command)
        case RetryCompensation():
            revisit.retry_compensation(draft, command)
        case WaiveCompensation():
            revisit.waive_compensation(draft, command)
        case ReportEffect():
            effects.report_effect(draft, command)
        case RetryEffect():
            effects.retry_effect(draft, command)
        case WaiveEffect():
            effects.waive_effect(draft, command)
        case AssignRole():
            people.assign_role(draft, command)
        case ReleaseRole():
            people.release_role(draft, command)
        case NoteSignal():
            people.note_signal(draft, command)
        case ErasePersonalData():
            erasing.erase_personal_data(draft, command)
        case RecordGate():
            gates.obey(draft, command)
        case CorrectFact() | NoteFact():
            corrections.obey(draft, command)
        case MarkConfidential() | LiftConfidential():
            confidential.obey(draft, command)
        case RecordSelfAssessment() | RecordEvaluation():
            reflection.obey(draft, command)
        case _:
            assert_never(command)
