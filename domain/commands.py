"""Commands: wishes, which can be refused. Imperative, frozen, one class for each kind.

The kind of a command is the name of its class in snake case: `CompleteItems` is sent
as ``complete_items``. Fields of type `Private` hold a commitment; the text itself
lies in the vault.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from domain.calendar import Calendar
from domain.clock import Clock
from domain.confidential_facts import ConfidentialCommand
from domain.correction_facts import CorrectionCommand
from domain.facts import (
    Fact,
    Hash,
    Instant,
    Line,
    OpaqueId,
    PartId,
    Place,
    Private,
    ShortLine,
)
from domain.gates_facts import GateCommand
from domain.harvest_facts import HarvestCommand
from domain.interest_facts import InterestCommand
from domain.ledger_facts import LedgerCommand
from domain.meeting_facts import MeetingCommand
from domain.messages import Command, Day, TargetId, Targets, kind_of
from domain.method import Language, Method
from domain.people_register_facts import PeopleCommand
from domain.plan_facts import PlanCommand
from domain.reflection_facts import ReflectionCommand
from domain.response_numbers import Numbers
from domain.suspension_facts import SuspensionCommand
from domain.terms import Duration
from domain.window_facts import Number, WindowCommand


def _nothing(value: object) -> bool:
    return value is None


class Deadline(Fact):
    """A date the organisation has to keep, with a public title."""

    title: ShortLine
    date: Day


class Compiled(Fact):
    """The compiled method and calendar that the dialogue will carry.

    The hashes are checked before the command is decided on; the core trusts them.
    """

    method: Method
    method_hash: Hash
    calendar: Calendar
    calendar_hash: Hash


class StartDialogue(Command):
    """Start a dialogue.

    ``compiled`` is put in by the desk or fetched by the workflow.
    """

    method: PartId
    method_hash: Hash | None = None
    title: Line
    question: Line | None = None
    language: Language = "nl"
    zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")] = (
        "Europe/Amsterdam"
    )
    calendar: Literal["NL", "BE"] = "NL"
    roles: dict[PartId, tuple[OpaqueId, ...]] = {}
    deadlines: Annotated[tuple[Deadline, ...], Field(max_length=20)] = ()
    clock: Clock | None = None
    compiled: Compiled | None = None


class PauseDialogue(Command):
    """Stop the dialogue's windows; responses that arrive still count."""

    reason: Private


class ResumeDialogue(Command):
    """Let the dialogue's windows run on, each with the time it had left."""

    reason: Private | None = None


class CompleteDialogue(Command):
    """Complete the dialogue."""

    note: Private | None = None


class CancelDialogue(Command):
    """End the dialogue before it is complete."""

    reason: Private


class ArchiveDialogue(Command):
    """End the workflow of a dialogue that was completed or cancelled.

    With promises still open it takes a ``reason``, which is private.
    """

    reason: Private | None = None


class RenewCalendar(Command):
    """Replace the dialogue's compiled calendar by a newer one of the same zone."""

    calendar: Calendar
    calendar_hash: Hash


class RestoreDialogue(Command):
    """Note that the workflow was started again from the record."""

    internal: ClassVar[bool] = True
    epoch: int
    from_seq: int


class CompleteItems(Command):
    """Complete named items, or all that are open in a step.

    A step that is ready starts with its first item.
    """

    items: Annotated[tuple[TargetId, ...], Field(max_length=200)] = ()
    step: PartId | None = None
    note: Private | None = None
    reference: Line | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.items and self.step is None:
            message = "name items, or a step"
            raise ValueError(message)
        return self


class ReconfirmItems(Command):
    """Reconfirm items that an earlier round completed: named ones, or a whole step."""

    items: tuple[TargetId, ...] = ()
    step: PartId | None = None
    note: Private | None = None


class WaiveItems(Command):
    """Set items aside, with a reason."""

    items: Targets
    reason: Private


class ReopenItems(Command):
    """Take back the completion of items in a step that is not complete yet."""

    items: Targets
    reason: Private


class StartStep(Command):
    """Start a step that is ready."""

    step: PartId


class CompleteStep(Command):
    """Complete a step; an undescribed step needs a note that says what was done."""

    step: PartId
    note: Private | None = None


class SkipStep(Command):
    """Leave a step out, with a reason."""

    step: PartId
    reason: Private


class OpenWindow(Command):
    """Open a feedback window; another ``duration`` than the method's needs a reason."""

    window: TargetId
    audience: PartId | None = None
    duration: Duration | None = None
    reason: Private | None = None


class ExtendWindow(Command):
    """Let a window close later: so much longer, or until the end of a date."""

    window: TargetId
    audience: PartId | None = None
    duration: Duration
    reason: Private


class ShortenWindow(Command):
    """Let a window close sooner, at the end of a date."""

    window: TargetId
    audience: PartId | None = None
    duration: Duration
    reason: Private


class CloseWindow(Command):
    """Close a window. Before its time only if the method allows it, with a reason."""

    window: TargetId
    audience: PartId | None = Field(default=None, exclude_if=_nothing)
    generation: int | None = None
    reason: Private | None = None


class RemindWindow(Command):
    """Remind those who were invited and have not responded."""

    window: TargetId
    audience: PartId | None = Field(default=None, exclude_if=_nothing)
    generation: int | None = None


class RecordResponse(Command):
    """Record a response. ``received_at`` is when the desk had it, in dialogue time.

    A response to a window as a whole belongs to the audience in which its sender has
    longest. ``supplements`` is the number of a response to which this one adds.
    ``posted_on`` is the day of the postmark. ``address`` is where the answer may go, of
    somebody whom the dialogue does not know otherwise.
    """

    window: TargetId
    audience: PartId | None = None
    respondent: OpaqueId
    response: Private | None = None
    reference: Line | None = None
    received_at: Instant | None = None
    posted_on: Day | None = None
    supplements: Number | None = None
    address: Private | None = None


class RevisitStep(Command):
    """Return to a step that was completed."""

    step: PartId
    reason: Private


class RetryCompensation(Command):
    """Try a compensation that failed once more."""

    compensation: PartId


class WaiveCompensation(Command):
    """Leave a compensation that failed undone, with a reason."""

    compensation: PartId
    reason: Private


class RetryEffect(Command):
    """Try a message that failed once more."""

    effect: PartId


class WaiveEffect(Command):
    """Leave a message that failed unsent, with a reason."""

    effect: PartId
    reason: Private


class ReportEffect(Command):
    """Tell what came of an effect: which messages went out, or why none did.

    Of answers ``told`` and ``untold`` say it, by the numbers of the responses.
    """

    internal: ClassVar[bool] = True
    effect: PartId
    attempt: int
    succeeded: bool
    sent: tuple[OpaqueId, ...] = ()
    undeliverable: tuple[OpaqueId, ...] = ()
    told: Numbers | None = None
    untold: Numbers | None = None
    problem: PartId | None = None


class AssignRole(Command):
    """Give a role to somebody; name and address go to the vault."""

    role: PartId
    actor: OpaqueId
    name: Private | None = None
    address: Private | None = None


class ReleaseRole(Command):
    """Take a role from somebody."""

    role: PartId
    actor: OpaqueId
    reason: Private | None = None


class NoteSignal(Command):
    """Note what another system reports."""

    type: PartId
    source: OpaqueId
    reference: Line | None = None


MAX_PLACES = 500
"""Places in one `ErasePersonalData`: its event stays well below the bound."""


def _rising(places: tuple[Place, ...]) -> tuple[Place, ...]:
    if list(places) != sorted(set(places)):
        message = "places come in order, each of them once"
        raise ValueError(message)
    return places


class ErasePersonalData(Command):
    """Note that these private texts are not in the vault, or no longer.

    Polder's own workflow sends it, for what the record says is not there; nobody else
    can, or they could declare to be erased what is not.
    """

    internal: ClassVar[bool] = True
    paths: Annotated[
        tuple[Place, ...],
        Field(min_length=1, max_length=MAX_PLACES),
        AfterValidator(_rising),
    ]


AnyCommand = (
    StartDialogue
    | PauseDialogue
    | ResumeDialogue
    | CompleteDialogue
    | CancelDialogue
    | ArchiveDialogue
    | RenewCalendar
    | RestoreDialogue
    | CompleteItems
    | ReconfirmItems
    | WaiveItems
    | ReopenItems
    | StartStep
    | CompleteStep
    | SkipStep
    | OpenWindow
    | ExtendWindow
    | ShortenWindow
    | CloseWindow
    | RemindWindow
    | RecordResponse
    | RevisitStep
    | RetryCompensation
    | WaiveCompensation
    | RetryEffect
    | WaiveEffect
    | ReportEffect
    | AssignRole
    | ReleaseRole
    | NoteSignal
    | LedgerCommand
    | ErasePersonalData
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
)

COMMANDS: dict[str, type[AnyCommand]] = {kind_of(c): c for c in get_args(AnyCommand)}
"""Every command by its kind."""
