"""The short forms about the harvest: reports, decisions, agreements, reporting back."""

from __future__ import annotations

from typing import Final

from cli.act import Act, act
from cli.acts_agreements import AGREEMENTS, MAY_STEP
from cli.words import (
    NOTE,
    REASON,
    REFERENCE,
    WINDOW,
    Word,
)
from language import mark

REPORT: Final = Word("report", mark("The report: an id of your choice."))
DECISION: Final = Word("decision", mark("The decision: an id of your choice."))
_TO: Final = Word(
    "to",
    mark("A role whose holders get a message; may be given more than once."),
    many=True,
    required=False,
    option="--to",
)
_TITLE: Final = Word("title", mark("Title. Public."), option="--title")

HARVEST: Final[tuple[Act, ...]] = (
    act(
        "publish-report",
        "publish_report",
        mark("Publish a report, draft or final, by its reference and SHA-256."),
        REPORT,
        Word("status", mark("draft or final."), option="--status"),
        _TITLE,
        REFERENCE._replace(help=mark("Where the report is."), required=True),
        Word(
            "sha256",
            mark("SHA-256 of the report, or the file to take it of."),
            option="--sha256",
        ),
        Word(
            "supersedes",
            mark("The report whose place it takes."),
            required=False,
            option="--supersedes",
        ),
        MAY_STEP,
        _TO,
        example=(
            'concept-1 --status draft --title "Conceptverslag" --reference '
            "https://waterdam.nl/verslag-1.pdf --sha256 verslag-1.pdf "
            "--to sounding_board"
        ),
    ),
    act(
        "retract-report",
        "retract_report",
        mark("Take a report back; whoever was told of it hears so."),
        REPORT,
        REASON,
        example='concept-1 --reason "De cijfers kloppen niet"',
    ),
    act(
        "record-conclusion",
        "record_conclusion",
        mark("Write down a conclusion, in the participants' own words."),
        Word("conclusion", mark("The conclusion: an id of your choice.")),
        Word("text", mark("What it says. Kept private."), option="--text"),
        Word(
            "unanimous",
            mark("Whether all agreed."),
            kind="flag",
            option="--unanimous/--divided",
        ),
        REFERENCE,
        MAY_STEP,
        example='conclusie-1 --text "De bomen blijven staan" --unanimous',
    ),
    act(
        "record-decision",
        "record_decision",
        mark("Note a decision that was taken elsewhere, with its mandate."),
        DECISION,
        _TITLE,
        Word(
            "outcome",
            mark("adopted, rejected, amended or postponed, or a code of your own."),
            option="--outcome",
        ),
        Word(
            "decided_on",
            mark("When: 2026-11-21, 2026-11 or 2026, as precise as is known."),
            option="--on",
        ),
        REASON,
        Word(
            "mandate",
            mark("On whose authority: a public reference."),
            required=False,
            option="--authority",
        ),
        REFERENCE,
        MAY_STEP,
        example=(
            'raadsbesluit --title "De raad stelt het plan vast" --outcome adopted '
            '--on 2026-11 --reason "Breed gedragen"'
        ),
    ),
    act(
        "annul-decision",
        "annul_decision",
        mark("Note that a decision was annulled: by whom, and why."),
        DECISION,
        Word("annulled_by", mark("Who annulled it. Public."), option="--by"),
        REASON,
        Word(
            "annulled_on",
            mark("When: 2026-11-21, 2026-11 or 2026, as precise as is known."),
            required=False,
            option="--on",
        ),
        REFERENCE,
        example='raadsbesluit --by "Raad van State" --reason "Geen MER gemaakt"',
    ),
    act(
        "reconfirm-decision",
        "reconfirm_decision",
        mark("Say that a decision still stands after the dialogue went back."),
        DECISION,
        NOTE,
        example="raadsbesluit",
    ),
    *AGREEMENTS,
    act(
        "communicate",
        "communicate_results",
        mark("Tell the results: to roles, constituencies and parties outside."),
        Word("communication", mark("An id of your choice for what is told.")),
        _TO,
        Word(
            "constituencies",
            mark("Whose constituency was told, by an id; may be given more than once."),
            many=True,
            required=False,
            option="--constituency-of",
        ),
        Word(
            "outside",
            mark(
                "A party outside that was told, by an id; may be given more than once."
            ),
            many=True,
            required=False,
            option="--outside",
        ),
        Word(
            "about",
            mark("A report that it is about; may be given more than once."),
            many=True,
            required=False,
            option="--about",
        ),
        REFERENCE,
        NOTE,
        MAY_STEP,
        example="eindbericht --to participants --outside provincie --about eindverslag",
    ),
    act(
        "late-feedback",
        "note_late_feedback",
        mark("Note what somebody says after the results were told."),
        Word(
            "respondent",
            mark("Whose response: an id without personal data."),
            option="--respondent",
        ),
        Word("response", mark("What was said. Kept private."), option="--text"),
        WINDOW._replace(required=False, option="--window"),
        REFERENCE,
        example='--respondent b-12 --text "De speelplek ontbreekt"',
    ),
    act(
        "answer-feedback",
        "answer_late_feedback",
        mark("Answer late feedback; whoever gave it gets the answer."),
        Word("feedback", mark("The feedback, as dialogue harvest names it.")),
        Word("outcome", mark("adopted, partly or not.")),
        REASON,
        example='f84 partly --reason "De speelplek komt in fase 2"',
    ),
    act(
        "celebrate",
        "celebrate",
        mark("Celebrate what was achieved."),
        NOTE,
        example='--note "Taart met de klankbordgroep"',
    ),
    act(
        "withdraw-proposal",
        "withdraw_proposal",
        mark("Note that the proposal was withdrawn that the dialogue is about."),
        REASON,
        Word(
            "withdrawn_by",
            mark("Who withdrew it. Public."),
            required=False,
            option="--by",
        ),
        REFERENCE,
        _TO,
        example='--by "het college" --reason "Het Rijk betaalt niet mee"',
    ),
)
"""In the order in which help lists them."""
