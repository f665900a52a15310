"""The short forms about gates, corrections, facts, confidential steps, reflection."""

from __future__ import annotations

from typing import Final

from cli.act import act
from cli.words import MAY_REASON, NOTE, REASON, REFERENCE, STEP, Word
from language import mark

_TAKES: Final = (
    Word(
        "percent",
        mark("Another gate than the method's takes at least so many per cent."),
        kind="number",
        required=False,
        option="--percent",
    ),
    Word(
        "share",
        mark("Or at least this part, written 2/3."),
        required=False,
        option="--share",
    ),
    Word(
        "count",
        mark("Or at least so many."),
        kind="number",
        required=False,
        option="--count",
    ),
    Word(
        "of",
        mark("What a share is of: entitled (default), cast, or for_and_against."),
        required=False,
        option="--share-of",
    ),
    Word(
        "more_than",
        mark("More than that, not just as much."),
        kind="flag",
        required=False,
        option="--more-than",
    ),
)
_COUNTS: Final = (
    Word(
        "in_favour",
        mark("How many are in favour, or signed."),
        kind="number",
        required=False,
        option="--in-favour",
    ),
    Word(
        "against",
        mark("How many are against."),
        kind="number",
        required=False,
        option="--against",
    ),
    Word(
        "abstained",
        mark("How many abstained."),
        kind="number",
        required=False,
        option="--abstained",
    ),
    Word(
        "entitled",
        mark("How many may speak, silent ones too."),
        kind="number",
        required=False,
        option="--entitled",
    ),
    Word(
        "valid",
        mark("How many signatures are valid."),
        kind="number",
        required=False,
        option="--valid",
    ),
)
_SCORES: Final = Word(
    "scores",
    mark("A score as ELEMENT=NUMBER, 1 being the weakest; once for each element."),
    many=True,
    option="--score",
)

DOSSIER: Final = (
    act(
        "gate",
        "record_gate",
        mark("Record what was counted at a gate; whether it passed follows from that."),
        Word("gate", mark("The gate, as step.gate; the gate alone where it is clear.")),
        STEP._replace(
            help=mark("The step, where the gate is not named in full."),
            required=False,
            option="--step",
        ),
        *_COUNTS,
        REFERENCE,
        MAY_REASON,
        Word(
            "kind",
            mark("Of another gate than the method's: consent, signatures or approval."),
            required=False,
            option="--kind",
        ),
        Word(
            "title",
            mark("Its title. Public."),
            required=False,
            option="--title",
        ),
        *_TAKES,
        example="bouw.instemming --kind consent --percent 70 --in-favour 71"
        " --against 12 --entitled 101",
    ),
    act(
        "correct",
        "correct_fact",
        mark("Correct a figure or text on record; the first stays visible beside it."),
        Word("seq", mark("The event, by its number in the history."), kind="number"),
        Word("pointer", mark("Which member of it, such as on_time or counts.against.")),
        Word("value", mark("What it should be. Public.")),
        REASON,
        Word(
            "source",
            mark("Where the right value stands. Public."),
            required=False,
            option="--source",
        ),
        example='12 on_time 18833 --reason "Dubbel geteld" --source "Kamerstuk 12"',
    ),
    act(
        "note-fact",
        "note_fact",
        mark("Note what happened earlier or elsewhere, with when, and who says so."),
        Word("type", mark("What it is about, such as woningen or partij_weg.")),
        Word("value", mark("What was so. Public: no names of people.")),
        Word(
            "happened",
            mark("When: 2016, 2016-11, 2016-11-21, an instant, or FROM/TO."),
            option="--happened",
        ),
        Word("source", mark("Who says so. Public."), option="--source"),
        Word(
            "known_on",
            mark("When it became known: 2018, 2018-05, 2018-05-26, or FROM/TO."),
            required=False,
            option="--known-on",
        ),
        Word(
            "certainty",
            mark("sure (default), inferred, conflicting or one_source."),
            required=False,
            option="--certainty",
        ),
        Word(
            "status",
            mark("happened (default), planned or cancelled."),
            required=False,
            option="--status",
        ),
        STEP._replace(
            help=mark("The step that it belongs to."), required=False, option="--step"
        ),
        example='woningen "ongeveer 8.000" --happened 2020-06 --source "APPM"'
        " --certainty conflicting",
    ),
    act(
        "mark-confidential",
        "mark_confidential",
        mark("Keep what was said in a step to those who hold these roles."),
        STEP,
        Word(
            "readers",
            mark("A role that reads it; may be given more than once."),
            many=True,
            option="--reader",
        ),
        REASON,
        example='begeleiding --reader facilitator --reason "Zo afgesproken"',
    ),
    act(
        "lift-confidential",
        "lift_confidential",
        mark("Let what was said in a step be read as in any other."),
        STEP,
        REASON,
        example='begeleiding --reason "Alle partijen stemmen in"',
    ),
    act(
        "assess",
        "record_self_assessment",
        mark("Score the elements of the self-assessment; weak ones mark their steps."),
        _SCORES,
        NOTE,
        example="--score motivatie=3 --score inclusie=2",
    ),
    act(
        "evaluate",
        "record_evaluation",
        mark("Record what a stakeholder, or you yourselves, say of the dialogue."),
        Word("by", mark("Whose evaluation: an id without personal data, or us.")),
        Word(
            "goal_reached",
            mark("Was the goal reached: yes, partly or no."),
            option="--goal-reached",
        ),
        Word(
            "gained_them",
            mark("What it brought them. Kept private."),
            required=False,
            option="--gained-them",
        ),
        Word(
            "gained_us",
            mark("What it brought us. Kept private."),
            required=False,
            option="--gained-us",
        ),
        _SCORES._replace(required=False),
        example='k-1 --goal-reached partly --gained-them "We zijn gehoord"',
    ),
)
"""Their rows in the table of short forms."""
