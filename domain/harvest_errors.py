"""What is refused about reports, agreements, decisions and reporting back."""

# ruff: noqa: E501 (a docstring is the message, whole and on one line)

from __future__ import annotations

from domain.errors import DomainError


class ReportExists(DomainError):
    """There is a report {report} already. Give this one another id, and name the report whose place it takes (supersedes)."""


class UnknownReport(DomainError):
    """There is no report {report} here. There are: {known}."""


class ReportSuperseded(DomainError):
    """Report {by} took the place of report {report} already. Let this one take the place of that one."""


class ReportIsFinal(DomainError):
    """Report {report} is final, so a draft can't take its place. Retract it first, or publish another final report."""


class ReportWithdrawn(DomainError):
    """Report {report} was retracted. Publish a new one first."""


class DecisionExists(DomainError):
    """There is a decision {decision} already. Give this one another id."""


class NotAParty(DomainError):
    """{party} has no part in agreement {agreement}. Those who made it are: {known}."""


class PartSettledAlready(DomainError):
    """What became of the part of {party} in agreement {agreement} has been said already. Still open are the parts of: {open}."""


class UnknownDecision(DomainError):
    """There is no decision {decision} here. There are: {known}."""


class DecidedInFuture(DomainError):
    """A decision of {decided_on} has not been taken yet: today is {today}. Record it once it is there."""


class CommunicationExists(DomainError):
    """Results were told under the id {communication} already. Give this another id."""


class NobodyTold(DomainError):
    """Say who is told: roles, constituencies, or parties outside."""


class ResultsNotCommunicated(DomainError):
    """The results were not told yet, so feedback on them can't be late. Respond in a feedback window, or tell the results first (communicate_results)."""


class TooMuchFeedback(DomainError):
    """There are {limit} pieces of late feedback without an answer. Answer some of them first."""


class UnknownFeedback(DomainError):
    """No late feedback {feedback} waits for an answer. Waiting are: {known}."""


class AgreementExists(DomainError):
    """There is an agreement {agreement} already. Give this one another id."""


class UnknownAgreement(DomainError):
    """There is no agreement {agreement} here that is open. Open are: {known}."""


class AgreementSettledAlready(DomainError):
    """Agreement {agreement} was settled already. Make a new one where it goes on."""


class NoLastDay(DomainError):
    """Agreement {agreement} has no last day, so nobody can be reminded of it. Give it one (extend_agreement)."""


class NotRenegotiated(DomainError):
    """Only an agreement that was renegotiated is renewed as another one. Leave renewed_as out, or settle it as renegotiated."""


class PromisesOpen(DomainError):
    """These are still open: {open}. Settle or answer them first, or give a reason to archive the dialogue all the same."""


class MessageOvertaken(DomainError):
    """Message {effect} is about {what} as it was; it is {status} now. Waive the message, with a reason."""
