"""What messages about the harvest say: reports, results, and promises that are kept."""

from __future__ import annotations

from typing import Final

from activities.wording import Wording
from domain.notices import NoticeKind
from language import mark

_KEEP: Final = mark("Please do what was agreed {until}.")
_TELL_US: Final = mark(
    "Have you done it already, or will you not manage it? Then please let the process"
    " director know."
)

HARVEST: Final[dict[NoticeKind, Wording]] = {
    "report_published": Wording(
        subject=mark("Report: {heading}"),
        opening=(
            mark(
                "There is a report that you may read: “{heading}”. Below you find where"
                " it is. With the SHA-256 you can check that you have the right one."
            ),
        ),
        meaning=(
            mark(
                "If we ask for your response to it, you will receive a message of its"
                " own."
            ),
        ),
    ),
    "report_retracted": Wording(
        subject=mark("No longer to be used: {heading}"),
        opening=(
            mark(
                "You received a report from us. That report no longer holds. Please do"
                " not use it any more. It is about “{heading}”."
            ),
        ),
    ),
    "results_told": Wording(
        subject=mark("The results: {heading}"),
        opening=(
            mark(
                "You took part in the dialogue “{heading}”, or you are concerned in it."
                " These are the results."
            ),
        ),
        meaning=(
            mark(
                "Do you want to respond to the results? You still can; you will get an"
                " answer."
            ),
            mark("Thank you for your part in this dialogue."),
        ),
    ),
    "proposal_withdrawn": Wording(
        subject=mark("The proposal was withdrawn: {heading}"),
        opening=(
            mark(
                "The proposal that the dialogue “{heading}” is about was withdrawn. It"
                " does not go on as it was."
            ),
        ),
    ),
    "feedback_answered": Wording(
        subject=mark("An answer to your response: {heading}"),
        opening=(
            mark(
                "You responded to the results of the dialogue “{heading}”. This is what"
                " we do with your response, and why."
            ),
        ),
        meaning=(mark("Thank you for your response."),),
    ),
    "agreement_made": Wording(
        subject=mark("Your agreement: {heading}"),
        opening=(
            mark(
                "You made an agreement in this dialogue. We know it as “{heading}”."
                " This is what was agreed."
            ),
        ),
        deadline=_KEEP,
        meaning=(
            mark(
                "If it has a last day, we will remind you in time. Is something not"
                " right? Then please let the process director know."
            ),
        ),
    ),
    "agreement_extended": Wording(
        subject=mark("More time for your agreement: {heading}"),
        opening=(
            mark(
                "You have more time for the agreement “{heading}”. The date that we"
                " gave before no longer holds."
            ),
        ),
        deadline=_KEEP,
        meaning=(_TELL_US,),
    ),
    "agreement_reminder": Wording(
        subject=mark("Reminder of your agreement: {heading}"),
        opening=(
            mark(
                "You made an agreement in this dialogue, “{heading}”. Its last day is"
                " near."
            ),
        ),
        deadline=_KEEP,
        meaning=(_TELL_US,),
    ),
    "agreement_overdue": Wording(
        subject=mark("The last day has passed: {heading}"),
        opening=(
            mark(
                "The last day of the agreement “{heading}” has passed. We have not"
                " heard yet what came of it."
            ),
        ),
        deadline=mark("It was to be done {until}."),
        meaning=(
            mark(
                "Was it done? Or is there a reason why not? Please let the process"
                " director know; then we can say so, or make a new agreement."
            ),
        ),
    ),
    "agreement_ended": Wording(
        subject=mark("Your agreement no longer holds: {heading}"),
        opening=(
            mark(
                "The agreement “{heading}” no longer holds. You do not have to do what"
                " was agreed."
            ),
        ),
        meaning=(
            mark("If a new agreement takes its place, you hear of that separately."),
        ),
    ),
}
"""The texts by kind of notice."""

HARVEST_LABELS: Final = {
    "report": mark("Report"),
    "report_status": mark("Status"),
    "reference": mark("Reference"),
    "sha256": mark("SHA-256"),
    "outcome": mark("Outcome"),
    "withdrawn_by": mark("Withdrawn by"),
    "what": mark("What"),
    "how": mark("How"),
    "note": mark("Note"),
}
"""Labels by the names of facts and texts."""

HARVEST_CODES: Final = {
    "report_status": {"draft": mark("draft"), "final": mark("final")},
    "outcome": {
        "adopted": mark("adopted"),
        "partly": mark("partly adopted"),
        "not": mark("not adopted"),
        "kept": mark("kept"),
        "broken": mark("not kept"),
        "renegotiated": mark("agreed anew"),
        "lapsed": mark("lapsed"),
    },
}
"""Words for codes, by the name of the fact."""
