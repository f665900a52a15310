"""What the forms about reports and decisions ask for, as commands of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from domain.state import Dialogue
from language import mark
from pages.dialogue.lengths import Wanted
from pages.dialogue.offers import body_of
from pages.documents import TOO_LARGE
from pages.doing import for_a_reason
from pages.naming import NO_PART_ID, ids_in, is_part_id
from pages.said import says
from pages.typing_in import Form

SAID: Final[Mapping[str, str]] = {
    "publish_report": says(
        "report-published", mark("The report is on record; who it is for gets word.")
    ),
    "retract_report": says(
        "report-retracted", mark("The report is retracted; who was told hears so.")
    ),
    "record_conclusion": says(
        "conclusion-recorded", mark("The conclusion is on record.")
    ),
    "record_decision": says("decision-recorded", mark("The decision is on record.")),
    "annul_decision": says(
        "decision-annulled", mark("It is on record that the decision was annulled.")
    ),
    "reconfirm_decision": says(
        "decision-stands", mark("It is on record that the decision stands.")
    ),
    "communicate_results": says(
        "results-told", mark("The results are told; who they are for gets word.")
    ),
    "answer_late_feedback": says(
        "feedback-answered", mark("The answer is on record, and is on its way.")
    ),
}
"""What is said after each act."""

_NO_TITLE: Final = mark("Write what it is called.")
_NO_REFERENCE: Final = mark("Write where it can be found.")
_NO_PRINT: Final = mark("Choose the document, or give its fingerprint (SHA-256).")
_NO_TEXT: Final = mark("Write the conclusion.")
_NO_WHEN: Final = mark("Write when it was: a year, a month such as 2017-10, or a day.")
_NO_OUTCOME: Final = mark("Choose what was decided.")
_NO_WHO: Final = mark("Write who annulled it.")
_NOBODY: Final = mark("Choose who is told.")
_NO_ANSWER: Final = mark("Choose what is done with it.")
_HANDLED: Final = frozenset({"adopted", "partly", "not"})
_HASH: Final = 64


def fingerprint(form: Form) -> str | None:
    """Give the SHA-256 of the document in a form, or the one typed; the rest is gone.

    What is typed is taken in any case of letters.
    """
    if form.document is not None:
        return form.document.sha256
    told = (form.text("sha256") or "").lower()
    return told if len(told) == _HASH else None


def wanted(form: Form, printed: str | None) -> Wanted | None:
    """Read which act a form asks for; None for one that there is not."""
    if form["act"] == "publish_report":
        return _published(form, printed)
    read = _READS.get(form["act"])
    return read(form) if read else None


def _published(form: Form, printed: str | None) -> Wanted:
    body = body_of(
        report=form.text("report"),
        status=form.text("status") or "draft",
        title=form.text("title"),
        reference=form.text("reference"),
        sha256=printed,
        supersedes=form.text("supersedes"),
        step=form.text("step"),
        to=form.every("to"),
    )
    for lacking, missing, field in (
        (not form.text("title"), _NO_TITLE, "title"),
        (not form.text("reference"), _NO_REFERENCE, "reference"),
        (form.document is not None and not printed, TOO_LARGE, "document"),
        (not printed, _NO_PRINT, "document"),
        (not is_part_id(form.text("report")), NO_PART_ID, "report"),
    ):
        if lacking:
            return Wanted("publish_report", body, missing, field)
    return Wanted("publish_report", body, field="status")


def _retracted(form: Form) -> Wanted:
    name = form["report"]
    return for_a_reason("retract_report", form, f"retract-{name}-reason", report=name)


def _concluded(form: Form) -> Wanted:
    body = {
        **body_of(
            conclusion=form.text("conclusion"),
            text=form.text("conclusion-text"),
            reference=form.text("conclusion-reference"),
        ),
        "unanimous": form["unanimous"] == "yes",
    }
    lacking = "" if form.text("conclusion-text") else _NO_TEXT
    return Wanted("record_conclusion", body, lacking, "conclusion-text")


def _decided(form: Form) -> Wanted:
    found = for_a_reason(
        "record_decision",
        form,
        "decision-reason",
        decision=form.text("decision"),
        title=form.text("decision-title"),
        outcome=form.text("decided"),
        decided_on=form.text("decided_on"),
        mandate=form.text("mandate"),
        reference=form.text("decision-reference"),
        step=form.text("decision-step"),
    )
    for lacking, missing, field in (
        (not form.text("decision-title"), _NO_TITLE, "decision-title"),
        (not form.text("decided"), _NO_OUTCOME, "decided"),
        (not form.text("decided_on"), _NO_WHEN, "decided_on"),
        (not is_part_id(form.text("decision")), NO_PART_ID, "decision"),
    ):
        if lacking:
            return found._replace(missing=missing, field=field)
    return found


def _annulled(form: Form) -> Wanted:
    name = form["decision"]
    found = for_a_reason(
        "annul_decision",
        form,
        f"annul-{name}-reason",
        decision=name,
        annulled_by=form.text("annulled_by"),
        annulled_on=form.text("annulled_on"),
    )
    if form.text("annulled_by"):
        return found
    return found._replace(missing=_NO_WHO, field=f"annul-{name}-by")


def _stands(form: Form) -> Wanted:
    body = body_of(decision=form["decision"], note=form.text("stands-note"))
    return Wanted("reconfirm_decision", body)


def _told(form: Form) -> Wanted:
    to, outside = form.every("tell-to"), ids_in(form["outside"])
    body = body_of(
        communication=form.text("communication"),
        to=to,
        outside=outside,
        constituencies=ids_in(form["constituencies"]),
        about=form.every("about"),
        reference=form.text("tell-reference"),
        note=form.text("tell-note"),
    )
    some = to or outside or form.text("constituencies")
    return Wanted("communicate_results", body, "" if some else _NOBODY, "tell-to")


def _answered(form: Form) -> Wanted:
    name, field = form["feedback"], f"answer-{form['feedback']}-reason"
    outcome = form["handled"]
    found = for_a_reason(
        "answer_late_feedback", form, field, feedback=name, outcome=outcome
    )
    if outcome in _HANDLED:
        return found
    return found._replace(missing=_NO_ANSWER, field=f"answer-{name}")


_READS: Final[Mapping[str, Callable[[Form], Wanted]]] = {
    "retract_report": _retracted,
    "record_conclusion": _concluded,
    "record_decision": _decided,
    "annul_decision": _annulled,
    "reconfirm_decision": _stands,
    "communicate_results": _told,
    "answer_late_feedback": _answered,
}


def sight(state: Dialogue, form: Form) -> str:
    """Give what somebody decides on: how the report or the decision stands now."""
    made = state.harvest
    report = made.reports.get(form["report"])
    decision = made.decisions.get(form["decision"])
    told = [f"{report.status}.{report.superseded_by}"] if report else []
    told += [f"{decision.annulled}.{decision.to_review}"] if decision else []
    return " ".join(told)
