"""What Polder refuses, and what would help.

One tree. The docstring of an error is its message, with the error's facts filled in;
the facts are attributes too, so that a screen can say the same in another language.
A refusal changes nothing. Messages name ids of the method and of the dialogue, never
text that a sender put in the place of one.
"""

# ruff: noqa: D415, E501 (a docstring is the message, whole and on one line)

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """The command was refused."""

    kinds: ClassVar[dict[str, type[DomainError]]] = {}

    def __init_subclass__(cls) -> None:
        """Keep every refusal findable by its name."""
        super().__init_subclass__()
        DomainError.kinds[cls.__name__] = cls

    def __init__(self, **facts: str | int) -> None:
        """Fill the facts into the docstring."""
        self.facts = facts
        super().__init__(self.template().format(**facts))

    @classmethod
    def template(cls) -> str:
        """Give the message with ``{facts}`` not yet filled in."""
        return " ".join((cls.__doc__ or cls.__name__).split())


class MalformedEnvelope(DomainError):
    """The envelope can't be read: {problem}. It needs the members id, actor and command; see docs/integrators.md."""


class TooLarge(DomainError):
    """The command is {size} bytes; at most {limit} are taken. Send a reference and a SHA-256 instead of the content."""


class UnknownCommand(DomainError):
    """There is no such command. Known are: {known}."""


class MalformedCommand(DomainError):
    """The command {kind} can't be read: {problem}."""


class PlainTextRefused(DomainError):
    """Field {field} is private and takes {{"commitment": hex}} only. Put the text in the vault first (polder private put) and send its commitment."""


class ReservedId(DomainError):
    """The id polder, and those that begin with polder:, are Polder's own. Choose another id."""


class IdReused(DomainError):
    """Command id {id} was used before with another body. Send a new command under a new id."""


class VersionConflict(DomainError):
    """The dialogue is at version {version}, not at {expected}. Read it again and decide whether the command still holds."""


class NotStarted(DomainError):
    """There is no dialogue here yet. Start one with polder dialogue start."""


class DialogueExists(DomainError):
    """Dialogue {stream} is on record already. Choose another name, or use polder dialogue restore if its workflow is gone."""


class LastHolder(DomainError):
    """Nobody would be left in the role {role}, which runs the process. Assign it to somebody else first."""


class TooManyHolders(DomainError):
    """The ids of all who hold a role here may take {limit} characters together, and this would make {size}. Ask a larger audience through a public window."""


class TooManyInvited(DomainError):
    """No more people can be invited to feedback window {window} in this opening: too many have come and gone. Close it first, or let it close."""


class ReasonMissing(DomainError):
    """Give a reason: {because}."""


class UnknownRole(DomainError):
    """Role {role} is not a role of this method. Its roles are: {known}."""


class NotEntitled(DomainError):
    """As {role} you may not do this. It takes: {entitled}."""


class NotHolder(DomainError):
    """This actor does not hold the role {role} in this dialogue. Assign it first (polder dialogue assign-role)."""


class NothingToDo(DomainError):
    """This would change nothing: {because}."""


class UnknownItem(DomainError):
    """There is no item {item} in this plan. {hint}"""


class UnknownStep(DomainError):
    """There is no step {step} in this plan. Its steps are: {known}."""


class UnknownWindow(DomainError):
    """There is no feedback window {window} in this plan. Its windows are: {known}."""


class UnknownCompensation(DomainError):
    """There is no compensation {compensation} that waits for a person. Waiting are: {known}."""


class UnknownEffect(DomainError):
    """There is no message {effect} that waits for a person. Waiting are: {known}."""


class MessageOutdated(DomainError):
    """Message {effect} is about feedback window {window} as it was; it is {status} now. Waive the message, with a reason."""


class StepNotReady(DomainError):
    """Step {step} can't start yet: first complete {missing}."""


class StepNotStarted(DomainError):
    """Step {step} has not been started. Start it first, or complete an item of it."""


class StepEnded(DomainError):
    """Step {step} is {status}. Use revisit_step to return to it."""


class StepIncomplete(DomainError):
    """Step {step} can't end yet: {missing}. First complete or waive items, and hold and close windows."""


class StepUndescribed(DomainError):
    """The source does not describe step {step}: say what was done as a note with the command, or skip the step with a reason."""


class StepNotCompleted(DomainError):
    """Step {step} was not completed, so there is nothing to return to. It is {status}."""


class GateCannotBeWaived(DomainError):
    """Item {item} is a gate of the method: it can't be waived, nor its step skipped, before it was completed."""


class WindowOpen(DomainError):
    """Feedback window {window} is open until {closes}. Extend it, or close it first."""


class WindowNotOpen(DomainError):
    """Feedback window {window} is not open{since}. Use open_window to open it."""


class OpenedTooOften(DomainError):
    """Feedback window {window} was opened {limit} times in this round of its step. Extend it while it is open, or return to the step (revisit_step) to begin a new round."""


class WindowVoid(DomainError):
    """Feedback window {window} was voided when the dialogue went back; it takes no responses. Respond once it has been opened again."""


class WindowNotYetOpen(DomainError):
    """The response was received before feedback window {window} opened."""


class LateResponse(DomainError):
    """Feedback window {window} closed at {closed}, and this method takes no late responses."""


class ReceivedInFuture(DomainError):
    """The response can't have been received in the future, at {received_at}. Check the sender's clock, or leave received_at out."""


class NotInvited(DomainError):
    """This respondent is not in the audience {audience} of window {window}. Assign the role first."""


class MayNotCloseEarly(DomainError):
    """The method does not allow window {window} to close before {closes}."""


class NotLater(DomainError):
    """The new closing {new} is not after the present one, {closes}. To bring it forward use shorten_window."""


class NotEarlier(DomainError):
    """The new closing {new} must lie after now and before the present one, {closes}."""


class DialoguePaused(DomainError):
    """The dialogue is paused. Resume it first."""


class DialogueNotPaused(DomainError):
    """The dialogue is not paused."""


class DialogueEnded(DomainError):
    """The dialogue is {status}; this is no longer possible."""


class DialogueIncomplete(DomainError):
    """The dialogue can't end yet: {missing}. Complete, close, waive or skip these first."""


class DialogueNotEnded(DomainError):
    """The dialogue is still {status}. Complete or cancel it before archiving it."""


class CompensationsUnfinished(DomainError):
    """Compensations are not finished yet: {compensations}. Retry or waive those that failed."""


class CalendarExhausted(DomainError):
    """The dialogue's calendar {calendar} ends on {until}. Renew it first (renew_calendar)."""


class CalendarUnfit(DomainError):
    """The calendar can't be used: {problem}."""


class MethodUnfit(DomainError):
    """The method can't be used: {problem}."""


class RecordFull(DomainError):
    """The record can't be reached and too much is waiting for it. Try again later with the same id."""


class RecordContradicts(DomainError):
    """The record contradicts this dialogue, and an incident was noted. Nothing more is taken until an operator acts: polder audit reconcile says what is the matter; where the record is behind, --catch-up gets it back, else polder dialogue restore goes by the record."""


class Fault(DomainError):
    """Polder itself has a fault and could not decide on this; nothing has changed. The operator finds it in the worker's log. Try again once it is mended."""


class DialogueFull(DomainError):
    """This dialogue holds as much as can be carried on. Complete or cancel it, and go on in a new one."""
