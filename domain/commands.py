"""Commands: wishes, which can be refused. Imperative, frozen, one class for each kind.

The kind of a command is the name of its class in snake case: `CompleteItems` is sent
as ``complete_items``. Fields of type `Private` hold a commitment; the text itself
lies in the vault.
"""

from __future__ import annotations

from typing import get_args

from domain.confidential_facts import ConfidentialCommand
from domain.correction_facts import CorrectionCommand
from domain.effect_facts import EffectCommand, ReportEffect, RetryEffect, WaiveEffect
from domain.erasing_facts import MAX_PLACES, ErasePersonalData, ErasingCommand
from domain.gates_facts import GateCommand
from domain.harvest_facts import HarvestCommand
from domain.interest_facts import InterestCommand
from domain.ledger_facts import LedgerCommand
from domain.life_facts import (
    ArchiveDialogue,
    CancelDialogue,
    Compiled,
    CompleteDialogue,
    Deadline,
    LifeCommand,
    PauseDialogue,
    RenewCalendar,
    RestoreDialogue,
    ResumeDialogue,
    StartDialogue,
)
from domain.meeting_facts import MeetingCommand
from domain.messages import kind_of
from domain.opening_facts import (
    CloseWindow,
    ExtendWindow,
    OpeningCommand,
    OpenWindow,
    RecordResponse,
    RemindWindow,
    ShortenWindow,
)
from domain.people_register_facts import PeopleCommand
from domain.plan_facts import PlanCommand
from domain.reflection_facts import ReflectionCommand
from domain.revisit_facts import (
    RetryCompensation,
    RevisitCommand,
    RevisitStep,
    WaiveCompensation,
)
from domain.role_facts import AssignRole, ReleaseRole, RoleCommand
from domain.signal_facts import NoteSignal, SignalCommand
from domain.signed_facts import SignedCommand
from domain.step_facts import (
    CompleteItems,
    CompleteStep,
    ReconfirmItems,
    ReopenItems,
    SkipStep,
    StartStep,
    StepCommand,
    WaiveItems,
)
from domain.suspension_facts import SuspensionCommand
from domain.window_facts import WindowCommand

__all__ = [
    "COMMANDS",
    "MAX_PLACES",
    "AnyCommand",
    "ArchiveDialogue",
    "AssignRole",
    "CancelDialogue",
    "CloseWindow",
    "Compiled",
    "CompleteDialogue",
    "CompleteItems",
    "CompleteStep",
    "Deadline",
    "ErasePersonalData",
    "ExtendWindow",
    "NoteSignal",
    "OpenWindow",
    "PauseDialogue",
    "ReconfirmItems",
    "RecordResponse",
    "ReleaseRole",
    "RemindWindow",
    "RenewCalendar",
    "ReopenItems",
    "ReportEffect",
    "RestoreDialogue",
    "ResumeDialogue",
    "RetryCompensation",
    "RetryEffect",
    "RevisitStep",
    "ShortenWindow",
    "SkipStep",
    "StartDialogue",
    "StartStep",
    "WaiveCompensation",
    "WaiveEffect",
    "WaiveItems",
]
"""What is asked for here: the facts of the engine, wherever they are written."""

AnyCommand = (
    LifeCommand
    | StepCommand
    | OpeningCommand
    | RevisitCommand
    | EffectCommand
    | RoleCommand
    | SignalCommand
    | LedgerCommand
    | ErasingCommand
    | PeopleCommand
    | InterestCommand
    | HarvestCommand
    | PlanCommand
    | WindowCommand
    | SuspensionCommand
    | MeetingCommand
    | GateCommand
    | CorrectionCommand
    | ConfidentialCommand
    | ReflectionCommand
    | SignedCommand
)

COMMANDS: dict[str, type[AnyCommand]] = {kind_of(c): c for c in get_args(AnyCommand)}
"""Every command by its kind."""
