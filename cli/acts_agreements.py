"""The short forms about agreements: made, given more time, settled, reminded of."""

from __future__ import annotations

from typing import Final

from cli.act import Act, act
from cli.words import DURATION, NOTE, REASON, STEP, Word
from language import mark

AGREEMENT: Final = Word("agreement", mark("The agreement: an id of your choice."))
MAY_STEP: Final = STEP._replace(
    help=mark("The step it belongs to; else the one that is under way."),
    required=False,
    option="--step",
)
AGREEMENTS: Final[tuple[Act, ...]] = (
    act(
        "make-agreement",
        "make_agreement",
        mark("Make an agreement: who does what, by when and how."),
        AGREEMENT,
        Word("what", mark("What was agreed. Kept private."), option="--what"),
        Word("who", mark("Who does it: an id without personal data."), option="--who"),
        Word(
            "others",
            mark("Who does so as well, each their own part, by id; repeat it."),
            many=True,
            required=False,
            option="--with",
        ),
        *DURATION,
        Word(
            "how",
            mark("How it is done. Kept private."),
            required=False,
            option="--how",
        ),
        Word(
            "watched_by",
            mark("A role that hears when it is overdue, and may settle it."),
            kind="role",
            required=False,
            option="--watched-by",
        ),
        Word(
            "repeats",
            mark("It comes back so many calendar days after each last day."),
            kind="number",
            required=False,
            option="--repeats",
        ),
        MAY_STEP,
        example=(
            'duiker --what "De duiker wordt verbreed" --who waterschap-1 '
            "--until 2027-03-01 --watched-by sounding_board"
        ),
    ),
    act(
        "extend-agreement",
        "extend_agreement",
        mark("Give more time for an agreement, by so much or until a day."),
        AGREEMENT,
        *DURATION,
        REASON,
        example='duiker --until 2027-06-01 --reason "Het water staat te hoog"',
    ),
    act(
        "settle-agreement",
        "settle_agreement",
        mark("Say what became of an agreement, and why."),
        AGREEMENT,
        Word("outcome", mark("kept, broken, renegotiated or lapsed.")),
        Word(
            "party",
            mark("Of one that several made: whose part; else all that are open."),
            required=False,
            option="--party",
        ),
        REASON,
        Word(
            "renewed_as",
            mark("The agreement that takes its place."),
            required=False,
            option="--renewed-as",
        ),
        Word(
            "ends",
            mark("For one that repeats: it does not come back."),
            kind="flag",
            required=False,
            option="--ends/--comes-back",
        ),
        example='duiker kept --reason "Op 12 februari opgeleverd"',
    ),
    act(
        "reconfirm-agreement",
        "reconfirm_agreement",
        mark("Say that an agreement still stands after the dialogue went back."),
        AGREEMENT,
        NOTE,
        example="duiker",
    ),
    act(
        "remind-agreement",
        "remind_agreement",
        mark("Remind who made an agreement; Polder does so itself near its last day."),
        AGREEMENT,
        example="duiker",
    ),
)
"""In the order in which help lists them."""
