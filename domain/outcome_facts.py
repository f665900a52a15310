"""What came of the dialogue, as commands and events: conclusions and decisions.

Decisions are taken elsewhere, by whoever has the mandate; what is noted here is that
they were, when, and why. With it stand the ends that are no conclusion: a success that
is celebrated, a proposal that is withdrawn.
"""

from __future__ import annotations

from domain.facts import Fact, Line, OpaqueId, PartId, Private
from domain.happenings import Happened
from domain.messages import Command
from domain.reporting_facts import Parts


class RecordConclusion(Command):
    """Write down a conclusion, in the participants' own words. Private: ``text``.

    The same id again gives the conclusion another wording.
    """

    conclusion: PartId
    text: Private
    unanimous: bool
    reference: Line | None = None
    step: PartId | None = None


class RecordDecision(Command):
    """Note a decision that was taken elsewhere, on whose mandate. Private: ``reason``.

    ``outcome`` is a code, such as ``adopted`` or ``rejected``; ``decided_on`` is when,
    as precisely as it is known: a day, a month, a year, or an instant.
    """

    decision: PartId
    title: Line
    outcome: PartId
    decided_on: Happened
    reason: Private
    mandate: Line | None = None
    reference: Line | None = None
    step: PartId | None = None


class AnnulDecision(Command):
    """Note that a decision was annulled: by whom, and why. Private: ``reason``."""

    decision: PartId
    annulled_by: Line
    reason: Private
    annulled_on: Happened | None = None
    reference: Line | None = None


class ReconfirmDecision(Command):
    """Say that a decision still stands after the dialogue went back.

    Private: ``note``.
    """

    decision: PartId
    note: Private | None = None


class Celebrate(Command):
    """Celebrate what was achieved. Private: ``note``."""

    note: Private | None = None


class WithdrawProposal(Command):
    """Note that the proposal that the dialogue is about was withdrawn.

    Holders of the roles ``to`` get a message. Private: ``reason``.
    """

    reason: Private
    withdrawn_by: Line | None = None
    reference: Line | None = None
    to: Parts = ()


class ConclusionRecorded(Fact):
    """A conclusion was written down, or got another wording. Private: ``text``."""

    conclusion: str
    text: Private
    unanimous: bool
    reference: Line | None
    step: str | None
    round: int | None


class DecisionRecorded(Fact):
    """A decision was taken, on the day, in the month or year. Private: ``reason``."""

    decision: str
    title: Line
    outcome: str
    mandate: Line | None
    decided_on: Happened
    reference: Line | None
    step: str | None
    round: int | None
    reason: Private


class DecisionAnnulled(Fact):
    """A decision was annulled. Private: ``reason``."""

    decision: str
    annulled_by: Line
    annulled_on: Happened | None
    reference: Line | None
    reason: Private


class DecisionReconfirmed(Fact):
    """A decision still stands after the dialogue went back. Private: ``note``."""

    decision: str
    note: Private | None


class SuccessCelebrated(Fact):
    """What was achieved was celebrated. Private: ``note``."""

    note: Private | None


class ProposalWithdrawn(Fact):
    """The proposal was withdrawn; ``told`` get a message. Private: ``reason``."""

    withdrawn_by: Line | None
    reference: Line | None
    to: tuple[str, ...]
    told: tuple[OpaqueId, ...]
    reason: Private


class HarvestQuestioned(Fact):
    """What was agreed and decided has to be looked at again: ``by`` was revisited."""

    by: str
    agreements: tuple[str, ...]
    decisions: tuple[str, ...]


OutcomeCommand = (
    RecordConclusion
    | RecordDecision
    | AnnulDecision
    | ReconfirmDecision
    | Celebrate
    | WithdrawProposal
)

OutcomeEvent = (
    ConclusionRecorded
    | DecisionRecorded
    | DecisionAnnulled
    | DecisionReconfirmed
    | SuccessCelebrated
    | ProposalWithdrawn
    | HarvestQuestioned
)
