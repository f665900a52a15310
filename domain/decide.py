"""decide: what happens if a command is obeyed, or why it may not be.

Each area obeys its own commands; `AREAS` says which. Before a command reaches its area
it passes the same gate as all others: once is once, the version the sender saw, the
stage of life the dialogue is in, and the sender's rights. The clock passes it too.
"""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Any, Final, get_args

from domain import (
    checklist,
    confidential,
    corrections,
    effects,
    erasing,
    feedback,
    gates,
    harvest,
    interests,
    ledger,
    life,
    meetings,
    people,
    people_register,
    planning,
    reflection,
    revisit,
    signed,
    suspending,
)
from domain.commands import (
    AnyCommand,
    ArchiveDialogue,
    CompleteStep,
    ErasePersonalData,
    NoteSignal,
    OpenWindow,
    RecordResponse,
    RenewCalendar,
    RestoreDialogue,
    RetryCompensation,
    RevisitStep,
    SkipStep,
    StartDialogue,
    StartStep,
    WaiveCompensation,
)
from domain.confidential_facts import (
    ConfidentialCommand,
)
from domain.correction_facts import CorrectionCommand
from domain.draft import Draft
from domain.effect_facts import EffectCommand
from domain.erasing_facts import ErasingCommand
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
from domain.gates_facts import GateCommand
from domain.harvest_facts import HarvestCommand
from domain.interest_facts import InterestCommand
from domain.ledger_facts import (
    AnswerResponse,
    GroupResponses,
    LeaveUnanswered,
    LedgerCommand,
    TellAnswersAgain,
    UngroupResponses,
)
from domain.life_facts import LifeCommand
from domain.meeting_facts import MeetingCommand
from domain.meeting_held_facts import (
    NoteMeetingHeld,
    RecordAttendance,
    RecordMinutes,
)
from domain.messages import kinds_in
from domain.opening_facts import OpeningCommand
from domain.people_register_facts import PeopleCommand
from domain.plan_facts import PlanCommand
from domain.reflection_facts import (
    RecordEvaluation,
    RecordSelfAssessment,
    ReflectionCommand,
)
from domain.revisit_facts import RevisitCommand
from domain.rights import check_rights
from domain.role_facts import RoleCommand
from domain.signal_facts import SignalCommand
from domain.signed_facts import SignedCommand
from domain.standing_still import check_moving
from domain.state import Dialogue
from domain.step_facts import StepCommand
from domain.suspension_facts import SuspensionCommand
from domain.window_facts import (
    InviteToWindow,
    RecordResponses,
    ReopenWindow,
    UseLateResponse,
    WindowCommand,
)

Obey = Callable[[Draft, Any], None]
"""What an area does with one of its commands: it lets happen what follows."""

_AFTER_THE_END: Final = (
    AnswerResponse,
    ArchiveDialogue,
    ErasePersonalData,
    GroupResponses,
    LeaveUnanswered,
    NoteMeetingHeld,
    NoteSignal,
    RecordAttendance,
    RecordEvaluation,
    RecordMinutes,
    RenewCalendar,
    RestoreDialogue,
    RetryCompensation,
    TellAnswersAgain,
    UngroupResponses,
    WaiveCompensation,
    *get_args(ConfidentialCommand),
    *get_args(CorrectionCommand),
    *get_args(EffectCommand),
    *get_args(HarvestCommand),
    *get_args(PeopleCommand),
    *get_args(RoleCommand),
    *get_args(SignedCommand),
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
        signed.check_signed(None, command, by)
        life.start_dialogue(draft, command)
        return tuple(draft.events)
    if state is None:
        raise NotStarted
    check_gate(state, command, by)
    OBEYED[type(command)](draft, command)
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
    signed.check_signed(state, command, by)
    check_rights(state, command, by.actor)
    completed = state.status == "completed"
    possible = _AFTER_COMPLETION if completed else _AFTER_THE_END
    if state.ended and not isinstance(command, possible):
        raise DialogueEnded(status=state.status)
    if state.status == "paused" and isinstance(command, _NOT_WHILE_PAUSED):
        check_moving(state)


AREAS: Final[tuple[tuple[UnionType | type, Obey], ...]] = (
    (LifeCommand, life.obey),
    (StepCommand, checklist.obey),
    (OpeningCommand | WindowCommand, feedback.obey),
    (RevisitCommand, revisit.obey),
    (EffectCommand, effects.obey),
    (RoleCommand, people.obey),
    (SignalCommand, people.note_signal),
    (ErasingCommand, erasing.erase_personal_data),
    (SuspensionCommand, suspending.obey),
    (LedgerCommand, ledger.obey),
    (PeopleCommand, people_register.obey),
    (InterestCommand, interests.obey),
    (HarvestCommand, harvest.obey),
    (PlanCommand, planning.obey),
    (MeetingCommand, meetings.obey),
    (GateCommand, gates.obey),
    (CorrectionCommand, corrections.obey),
    (ConfidentialCommand, confidential.obey),
    (ReflectionCommand, reflection.obey),
    (SignedCommand, signed.obey),
)
"""Each area's commands and who obeys them; a test sees that none is left out."""

OBEYED: Final[dict[type, Obey]] = {
    kind: obey for area, obey in AREAS for kind in kinds_in(area)
}
"""Every kind of command by its class, and who obeys it."""
