"""Reporting back: reports take each other's place, and who was told hears of it.

Nothing is replaced: both reports stay visible. A report can't become final while
responses to its draft wait for an answer. What somebody says after the results were
told enters a feedback window where one is open for that; else it waits for an answer.
"""

from __future__ import annotations

from typing import Final

from domain.commands import RecordResponse
from domain.coverage import check_answered, unanswered
from domain.draft import Draft
from domain.errors import NotEntitled, NothingToDo
from domain.harvest_errors import (
    CommunicationExists,
    NobodyTold,
    ReportExists,
    ReportIsFinal,
    ReportSuperseded,
    ReportWithdrawn,
    ResultsNotCommunicated,
    TooMuchFeedback,
    UnknownFeedback,
    UnknownReport,
)
from domain.harvest_state import Report
from domain.method import PUBLIC
from domain.reporting_facts import (
    AnswerLateFeedback,
    CommunicateResults,
    LateFeedbackAnswered,
    LateFeedbackNoted,
    NoteLateFeedback,
    PublishReport,
    ReportingCommand,
    ReportPublished,
    ReportRetracted,
    ResultsCommunicated,
    RetractReport,
)
from domain.responses import record_response
from domain.rights import may_steer
from domain.standing import placed, told
from domain.state import Dialogue
from domain.steps import listed

MOST_FEEDBACK: Final = 500
"""How much late feedback can wait for an answer."""


def obey(draft: Draft, command: ReportingCommand) -> None:
    """Obey a command about reporting back, or raise a `DomainError`."""
    match command:
        case PublishReport():
            _publish(draft, command)
        case RetractReport():
            _retract(draft, command)
        case CommunicateResults():
            _communicate(draft, command)
        case NoteLateFeedback():
            _note_feedback(draft, command)
        case AnswerLateFeedback():
            _answer_feedback(draft, command)


def _publish(draft: Draft, command: PublishReport) -> None:
    state = draft.state
    if command.report in state.harvest.reports:
        raise ReportExists(report=command.report)
    step, number = placed(state, command.step)
    if command.supersedes is not None:
        _check_place(state, command, command.supersedes)
    if command.status == "final":
        for each in _drafted_in(state, command.supersedes, step):
            check_answered(state, each)
    draft.happen(
        ReportPublished(
            report=command.report,
            status=command.status,
            title=command.title,
            reference=command.reference,
            sha256=command.sha256,
            supersedes=command.supersedes,
            step=step,
            round=number,
            to=command.to,
            told=told(state, command.to),
        )
    )


def _check_place(state: Dialogue, command: PublishReport, before: str) -> None:
    """Raise unless the report may take the place of the one ``before``."""
    known = _report(state, before)
    if known.superseded_by is not None:
        raise ReportSuperseded(report=before, by=known.superseded_by)
    if known.status == "final" and command.status == "draft":
        raise ReportIsFinal(report=before)


def _drafted_in(
    state: Dialogue, before: str | None, step: str | None
) -> tuple[str | None, ...]:
    """Give the steps in which a report and the drafts before it were made.

    None stands for all steps, where it was made in none.
    """
    steps = [] if step is None else [step]
    while before is not None:
        report = state.harvest.reports[before]
        steps += [report.step] if report.step else []
        before = report.supersedes
    return tuple(dict.fromkeys(steps)) or (None,)


def in_the_way(state: Dialogue, before: str) -> dict[str, int]:
    """Give the responses that keep a final report from taking the place of a draft.

    Bits by window. Raises `UnknownReport`.
    """
    _report(state, before)
    found: dict[str, int] = {}
    for step in _drafted_in(state, before, None):
        found |= unanswered(state, step)
    return found


def _report(state: Dialogue, name: str) -> Report:
    reports = state.harvest.reports
    if name not in reports:
        raise UnknownReport(report=name, known=listed(reports) or "none")
    return reports[name]


def _retract(draft: Draft, command: RetractReport) -> None:
    report = _report(draft.state, command.report)
    if report.status == "retracted":
        raise NothingToDo(because="this report was retracted already")
    draft.happen(
        ReportRetracted(
            report=command.report, by=None, told=report.told, reason=command.reason
        )
    )


def _communicate(draft: Draft, command: CommunicateResults) -> None:
    state = draft.state
    if command.communication in state.harvest.communications:
        raise CommunicationExists(communication=command.communication)
    if not (command.to or command.constituencies or command.outside):
        raise NobodyTold
    for report in command.about:
        if _report(state, report).status == "retracted":
            raise ReportWithdrawn(report=report)
    step, number = placed(state, command.step)
    draft.happen(
        ResultsCommunicated(
            communication=command.communication,
            to=command.to,
            told=told(state, command.to),
            constituencies=command.constituencies,
            outside=command.outside,
            about=command.about,
            reference=command.reference,
            step=step,
            round=number,
            note=command.note,
        )
    )


def _note_feedback(draft: Draft, command: NoteLateFeedback) -> None:
    """Take feedback on the results: as a response, or by itself."""
    actor = draft.by.actor
    if not may_steer(draft.state, actor) and actor.id != command.respondent:
        raise NotEntitled(role=actor.role, entitled="the respondent in person")
    window = command.window or _window_for(draft.state, command.respondent)
    if window is not None:
        record_response(draft, _as_response(command, window))
        return
    harvest = draft.state.harvest
    if harvest.communicated is None:
        raise ResultsNotCommunicated
    if len(harvest.feedback) >= MOST_FEEDBACK:
        raise TooMuchFeedback(limit=MOST_FEEDBACK)
    draft.happen(
        LateFeedbackNoted(
            feedback=f"f{draft.next_seq}",
            respondent=command.respondent,
            response=command.response,
            reference=command.reference,
        )
    )


def _as_response(command: NoteLateFeedback, window: str) -> RecordResponse:
    return RecordResponse(
        window=window,
        respondent=command.respondent,
        response=command.response,
        reference=command.reference,
    )


def _window_for(state: Dialogue, respondent: str) -> str | None:
    """Give the one window that opened after the results, if they may respond there."""
    since = state.harvest.communicated
    if since is None:
        return None
    after = [
        name
        for name, run in state.open_windows().items()
        if run.seq > since
        and (run.audience == PUBLIC or respondent in state.holders(run.audience))
    ]
    return after[0] if len(after) == 1 else None


def _answer_feedback(draft: Draft, command: AnswerLateFeedback) -> None:
    waiting = draft.state.harvest.feedback
    if command.feedback not in waiting:
        known = listed(waiting) or "none"
        raise UnknownFeedback(feedback=command.feedback, known=known)
    draft.happen(
        LateFeedbackAnswered(
            feedback=command.feedback,
            respondent=waiting[command.feedback].respondent,
            outcome=command.outcome,
            reason=command.reason,
        )
    )
