"""The harvest in sentences: reports, decisions, agreements, what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from desk.in_words.codes import DECIDED
from desk.in_words.moments import last_moment, short_day
from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.overview import Overview

HARVEST_SENTENCES: Final[Mapping[str, str]] = {
    "report_published": mark(
        "Report “{title}” was published, {status} [{report}]; people told: {count}."
    ),
    "report_retracted": mark("Report {report} was retracted; people told: {count}."),
    "report_voided": mark(
        "Report {report} no longer holds, because “{because}” was returned to."
    ),
    "conclusion_recorded": mark("Conclusion {conclusion} was written down: {agreed}."),
    "decision_recorded": mark(
        "Decision “{title}” [{decision}], of {decided_on}: {outcome}."
    ),
    "decision_annulled": mark("Decision {decision} was annulled by {annulled_by}."),
    "decision_reconfirmed": mark("Decision {decision} still stands."),
    "results_communicated": mark(
        "The results were told [{communication}]; people told: {count}."
    ),
    "late_feedback_noted": mark(
        "{respondent} responded to the results [{feedback}]; it waits for an answer."
    ),
    "late_feedback_answered": mark(
        "The response of {respondent} to the results was answered: {outcome}."
    ),
    "success_celebrated": mark("What was achieved was celebrated."),
    "proposal_withdrawn": mark("The proposal was withdrawn{withdrawn_by}."),
    "harvest_questioned": mark("To be looked at again: {questioned}."),
    "agreement_made": mark("{who} made agreement {agreement}{until_day}."),
    "agreement_extended": mark("Agreement {agreement} got more time{until_day}."),
    "agreement_reminded": mark("{who} was reminded of agreement {agreement}{passed}."),
    "agreement_settled": mark(
        "Agreement {agreement} was settled{whose}: {outcome}{again}."
    ),
    "agreement_made_together": mark(
        "{who} made agreement {agreement} together{until_day}."
    ),
    "agreement_reminded_all": mark("{who} were reminded of agreement {agreement}."),
    "agreement_reconfirmed": mark("Agreement {agreement} still stands."),
}
"""A sentence for every type of event of the harvest."""

HARVEST_WORDS: Final[Mapping[str, str]] = {
    "report_published": mark("report"),
    "report_retracted": mark("report retracted"),
    "results_told": mark("results"),
    "proposal_withdrawn": mark("proposal withdrawn"),
    "feedback_answered": mark("answer to a response"),
    "agreement_made": mark("agreement"),
    "agreement_extended": mark("more time for an agreement"),
    "agreement_reminder": mark("reminder of an agreement"),
    "agreement_overdue": mark("agreement overdue"),
    "agreement_ended": mark("agreement no longer holds"),
}
"""What messages about the harvest are called."""

HARVEST_PRIVATE: Final[Mapping[str, str]] = {
    "what": mark("what was agreed"),
    "how": mark("how"),
    "text": mark("text"),
}
"""What private fields of the harvest are called."""

HARVEST_NEEDS: Final[Mapping[str, str]] = {
    "agreement_overdue": mark("Agreement {title} should have been kept by now"),
    "agreement_due": mark("The last day of agreement {title} is near"),
    "agreement_to_review": mark("Does agreement {title} still stand?"),
    "agreement_unreached": mark("Messages do not reach who made agreement {title}"),
    "decision_to_review": mark("Does decision “{title}” still stand?"),
    "feedback_unanswered": mark("A response to the results waits for an answer"),
    "proposal_withdrawn": mark(
        "The proposal was withdrawn: end the dialogue, or go back"
    ),
}
"""What of the harvest needs somebody."""

OUTCOMES: Final[Mapping[str, str]] = {
    "draft": mark("draft"),
    "final": mark("final"),
    "retracted": mark("retracted"),
    "kept": mark("kept"),
    "broken": mark("not kept"),
    "renegotiated": mark("agreed anew"),
    "lapsed": mark("lapsed"),
    "adopted": mark("adopted"),
    "partly": mark("partly adopted"),
    "not": mark("not adopted"),
}
"""Codes in words; a code that is none of these stands for itself."""


def decided(code: str) -> str:
    """Give the outcome of a decision in the reader's words."""
    return _(DECIDED[code]) if code in DECIDED else code


def word(code: str) -> str:
    """Give a code in the reader's words."""
    return _(OUTCOMES[code]) if code in OUTCOMES else code


def harvest_facts(view: Overview, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give the facts that sentences about the harvest name, of an event's data."""
    facts: dict[str, Any] = {}
    for name in ("status", "outcome"):
        if name in data:
            facts[name] = word(str(data[name]))
    if data.get("by") and "report" in data:
        facts["because"] = view.titles.step(str(data["by"]))
    if isinstance(data.get("told"), list):
        facts["count"] = len(data["told"])
    if "unanimous" in data:
        facts["agreed"] = _("all agreed") if data["unanimous"] else _("not all agreed")
    if "decided_on" in data:
        facts["outcome"] = decided(str(data["outcome"]))
        facts["decided_on"] = happened(data["decided_on"])
    if "agreements" in data:
        facts["questioned"] = ", ".join((*data["agreements"], *data["decisions"]))
    facts |= _who(data)
    facts["passed"] = _("; its last day has passed") if data.get("overdue") else ""
    by = data.get("withdrawn_by")
    facts["withdrawn_by"] = f" {_('by {who}').format(who=by)}" if by else ""
    facts["until_day"] = _until(view, data.get("due"))
    facts["again"] = _again(view, data.get("next_due"))
    return facts


def of_several(kind: str, data: Mapping[str, Any]) -> str:
    """Give the name of an event's sentence where it is about several who promised."""
    if kind == "agreement_made" and data.get("others"):
        return "agreement_made_together"
    if kind == "agreement_reminded" and len(data["told"]) > 1 and not data["overdue"]:
        return "agreement_reminded_all"
    return kind


def _who(data: Mapping[str, Any]) -> dict[str, str]:
    """Name all who made an agreement, are reminded of it, or whose part is settled."""
    whose = data.get("parties")
    of = f" {_('for {people}').format(people=', '.join(whose))}" if whose else ""
    facts = {"whose": of}
    if data.get("others") and "agreement" in data:
        facts["who"] = ", ".join((data["who"], *data["others"]))
    if "overdue" in data and not data["overdue"]:
        facts["who"] = ", ".join(data["told"])
    return facts


def _until(view: Overview, due: str | None) -> str:
    return f", {_last(view, due)}" if due else ""


def _again(view: Overview, due: str | None) -> str:
    if not due:
        return ""
    return "; " + _("it comes back, {until}").format(until=_last(view, due))


def _last(view: Overview, due: str) -> str:
    from desk.overview import local

    return last_moment(local(view.state, datetime.fromisoformat(due)))


def happened(told: Mapping[str, Any]) -> str:
    """Write when something happened, as precisely as it is known."""
    first, until = str(told["date"]), told.get("until")
    return _dated(first) if not until else f"{_dated(first)} – {_dated(str(until))}"


def _dated(text: str) -> str:
    if len(text) == len("2026-11-21"):
        return short_day(datetime.fromisoformat(text).date())
    return text
