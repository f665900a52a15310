"""The short forms about people: the register, roles that pass on, and interests."""

from __future__ import annotations

from typing import Final

from cli.act import Act, act
from cli.words import ACTOR, MAY_REASON, NOTE, REASON, ROLE, Word
from language import mark

STAKEHOLDER: Final = Word(
    "stakeholder", mark("The stakeholder: an id without personal data.")
)
INTEREST: Final = Word("interest", mark("The interest: an id of your choice."))
_REGISTER: Final = (
    STAKEHOLDER,
    Word(
        "kind",
        mark("Kind of stakeholder; see polder method show."),
        required=False,
        option="--kind",
    ),
    Word(
        "impact",
        mark("How much it touches them: 0 none, 1 little, 2 much, 3 very much."),
        kind="number",
        required=False,
        option="--impact",
    ),
    Word(
        "influence",
        mark("How much say they have in it: 0 none to 3 very much."),
        kind="number",
        required=False,
        option="--influence",
    ),
    Word(
        "reached",
        mark("Whether somebody spoke with them already."),
        kind="flag",
        required=False,
        option="--reached/--not-reached",
    ),
    Word("name", mark("Name. Kept private."), required=False, option="--name"),
    Word(
        "organisation",
        mark("Organisation. Kept private."),
        required=False,
        option="--of",
    ),
    Word(
        "address",
        mark("E-mail address. Kept private."),
        required=False,
        option="--address",
    ),
    Word(
        "constituency",
        mark("For whom they speak. Kept private."),
        required=False,
        option="--constituency",
    ),
    Word(
        "mandate",
        mark("What they may promise. Kept private."),
        required=False,
        option="--may-promise",
    ),
)

PEOPLE: Final[tuple[Act, ...]] = (
    act(
        "register-stakeholder",
        "register_stakeholder",
        mark("Put somebody on the register of stakeholders."),
        *_REGISTER,
        example="huurders-west --impact 3 --influence 0",
    ),
    act(
        "change-stakeholder",
        "change_stakeholder",
        mark(
            "Change what the register says: weights, kind, whether they were reached."
        ),
        *_REGISTER,
        example="huurders-west --reached",
    ),
    act(
        "release-stakeholder",
        "release_stakeholder",
        mark("Let a stakeholder leave; what they brought stays on record."),
        STAKEHOLDER,
        REASON,
        example='huurders-west --reason "De vereniging is opgeheven"',
    ),
    act(
        "plan-engagement",
        "plan_engagement",
        mark("Plan how far stakeholders, or all of a kind, are engaged in each phase."),
        Word(
            "levels",
            mark(
                "WHO:PHASE=LEVEL, such as huurders-west:tijdens=consult; - takes back."
            ),
            many=True,
            required=False,
        ),
        Word(
            "phases",
            mark("A phase of the project itself, as ID=TITLE."),
            many=True,
            required=False,
            option="--phase",
        ),
        example="huurders-west:vooraf=consult huurders-west:ontwerp=involve"
        ' --phase "ontwerp=Het ontwerp"',
    ),
    act(
        "brief",
        "brief_latecomer",
        mark("Note that somebody who joined late knows what was agreed before."),
        STAKEHOLDER,
        NOTE,
        example="huurders-west",
    ),
    act(
        "waive-briefing",
        "waive_briefing",
        mark("Leave somebody who joined late without a briefing, with a reason."),
        STAKEHOLDER,
        REASON,
        example='huurders-west --reason "Was overal bij als toehoorder"',
    ),
    act(
        "hand-over",
        "hand_over_role",
        mark(
            "Let a role pass from one holder to another, with what the next must know."
        ),
        ROLE,
        ACTOR._replace(help=mark("Who has it now: an id without personal data.")),
        Word("successor", mark("Who gets it: an id without personal data.")),
        Word(
            "note",
            mark("What the next holder must know. Kept private."),
            option="--note",
        ),
        Word("name", mark("Name. Kept private."), required=False, option="--name"),
        Word(
            "address",
            mark("E-mail address. Kept private."),
            required=False,
            option="--address",
        ),
        example='facilitator f-1 f-2 --note "De stukken liggen klaar"',
    ),
    act(
        "decline",
        "decline_participation",
        mark("Note that somebody asked to take part and was turned down, with why."),
        Word("who", mark("Who asked: an id without personal data.")),
        Word(
            "window",
            mark("The feedback window they asked for."),
            kind="window",
            required=False,
            option="--window",
        ),
        Word(
            "meeting",
            mark("The meeting they asked for."),
            required=False,
            option="--meeting",
        ),
        REASON,
        example='b-7 --window concept --reason "De lijst was al vol"',
    ),
)
"""About the register of stakeholders, and roles that pass on."""

_ONE: Final = Word("one", mark("The one interest."))
_OTHER: Final = Word("other", mark("The other interest."))

INTERESTS: Final[tuple[Act, ...]] = (
    act(
        "record-interest",
        "record_interest",
        mark("Record what a stakeholder wants; the same id again changes it."),
        INTEREST,
        Word("stakeholder", mark("Whose it is, by their id."), option="--of"),
        Word("text", mark("What they want. Kept private."), option="--text"),
        Word(
            "kind",
            mark("ambition, goal or interest."),
            required=False,
            option="--kind",
        ),
        Word(
            "level",
            mark("personal or organisational."),
            required=False,
            option="--level",
        ),
        Word(
            "priority",
            mark("How much it matters to them: 1 most, 5 least."),
            kind="number",
            required=False,
            option="--priority",
        ),
        Word(
            "about",
            mark("What it is about: neighbourhood, property, or a few public words."),
            required=False,
            option="--about",
        ),
        example='stilte --of huurders-west --text "Rust na tienen" --priority 1',
    ),
    act(
        "withdraw-interest",
        "withdraw_interest",
        mark("Take an interest off the table; it stays on record."),
        INTEREST,
        MAY_REASON,
        example="stilte",
    ),
    act(
        "relate-interests",
        "relate_interests",
        mark("Say that two interests clash, or strengthen each other."),
        _ONE,
        _OTHER,
        Word("kind", mark("tension or synergy."), option="--kind"),
        NOTE,
        example="stilte terras --kind tension",
    ),
    act(
        "unrelate-interests",
        "unrelate_interests",
        mark("Say that two interests have nothing to do with each other after all."),
        _ONE,
        _OTHER,
        example="stilte terras",
    ),
)
"""About what stakeholders want, and how that clashes or helps."""
