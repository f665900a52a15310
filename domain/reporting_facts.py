"""Reporting back, as commands and events: reports, who is told what, late feedback.

Reports are known by a reference and the SHA-256 of what they say; the text itself stays
where it is. A report that takes the place of another names it, so that the chain of
drafts and finals can be followed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.facts import Fact, Hash, Line, OpaqueId, PartId, Private
from domain.messages import Command, TargetId

ReportStatus = Literal["draft", "final"]

Handling = Literal["adopted", "partly", "not"]
"""What the organisation did with what somebody said."""

Parts = Annotated[tuple[PartId, ...], Field(max_length=50)]
People = Annotated[tuple[OpaqueId, ...], Field(max_length=100)]


class PublishReport(Command):
    """Publish a report, draft or final, and tell the holders of the roles ``to``.

    It is known by ``reference`` and the ``sha256`` of its content. ``supersedes`` is
    the report whose place it takes.
    """

    report: PartId
    status: ReportStatus
    title: Line
    reference: Line
    sha256: Hash
    supersedes: PartId | None = None
    step: PartId | None = None
    to: Parts = ()


class RetractReport(Command):
    """Take a report back; whoever was told of it hears so. Private: ``reason``."""

    report: PartId
    reason: Private


class CommunicateResults(Command):
    """Tell the results: to roles, to constituencies, and to parties outside.

    Holders of the roles ``to`` get a message. ``constituencies`` (of these people) and
    parties ``outside`` were told by other ways; that is noted. ``about`` are reports.
    Private: ``note``.
    """

    communication: PartId
    to: Parts = ()
    constituencies: People = ()
    outside: People = ()
    about: Parts = ()
    reference: Line | None = None
    note: Private | None = None
    step: PartId | None = None


class NoteLateFeedback(Command):
    """Note what somebody says after the results were told. Private: ``response``.

    Where one feedback window was opened after the results, it is a response there, and
    with ``window`` it is one in that window; else it stands by itself and wants an
    answer.
    """

    respondent: OpaqueId
    response: Private
    window: TargetId | None = None
    reference: Line | None = None


class AnswerLateFeedback(Command):
    """Answer late feedback: adopted, partly or not, and why. Private: ``reason``.

    Whoever gave it gets the answer.
    """

    feedback: PartId
    outcome: Handling
    reason: Private


class ReportPublished(Fact):
    """A report was published; ``told`` get a message. Nothing private."""

    report: str
    status: ReportStatus
    title: Line
    reference: Line
    sha256: Hash
    supersedes: str | None
    step: str | None
    round: int | None
    to: tuple[str, ...]
    told: tuple[OpaqueId, ...]


class ReportRetracted(Fact):
    """A report was taken back. Private: ``reason``.

    ``by`` is the step whose revisit did that: a compensation then tells people, and
    nobody is in ``told``.
    """

    report: str
    by: str | None
    told: tuple[OpaqueId, ...]
    reason: Private | None


class ResultsCommunicated(Fact):
    """The results were told; ``told`` get a message. Private: ``note``."""

    communication: str
    to: tuple[str, ...]
    told: tuple[OpaqueId, ...]
    constituencies: tuple[OpaqueId, ...]
    outside: tuple[OpaqueId, ...]
    about: tuple[str, ...]
    reference: Line | None
    step: str | None
    round: int | None
    note: Private | None


class LateFeedbackNoted(Fact):
    """Somebody responded after the results were told. Private: ``response``."""

    feedback: str
    respondent: OpaqueId
    response: Private
    reference: Line | None


class LateFeedbackAnswered(Fact):
    """Late feedback was answered, to ``respondent``. Private: ``reason``."""

    feedback: str
    respondent: OpaqueId
    outcome: Handling
    reason: Private


ReportingCommand = (
    PublishReport
    | RetractReport
    | CommunicateResults
    | NoteLateFeedback
    | AnswerLateFeedback
)

ReportingEvent = (
    ReportPublished
    | ReportRetracted
    | ResultsCommunicated
    | LateFeedbackNoted
    | LateFeedbackAnswered
)
