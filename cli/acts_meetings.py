"""The short forms about meetings."""

from __future__ import annotations

from typing import Final

from cli.act import act
from cli.words import MAY_REASON, REASON, Word
from language import mark

_MEETING: Final = Word("meeting", mark("The meeting: an id of your own."))
_STEP: Final = Word(
    "step",
    mark("The step it belongs to: a revisit of that step calls it off."),
    kind="step",
    required=False,
    option="--step",
)
_BEGINS: Final = Word(
    "begins",
    mark("When it begins, by the dialogue's clock: 2026-12-10T19:30."),
    option="--begins",
)
_ENDS: Final = Word(
    "ends", mark("When it ends: a moment, or a time such as 21:30."), option="--ends"
)
_FORMAT: Final = Word(
    "format",
    mark("The format, such as workshop or kitchen_table, or one of your own."),
    required=False,
    option="--format",
)
_CAPACITY: Final = Word(
    "capacity",
    mark("How many people there is room for."),
    kind="number",
    required=False,
    option="--capacity",
)
_WORDS: Final = (
    Word(
        "place",
        mark("Where it is. Kept private; told to those invited."),
        required=False,
        option="--place",
    ),
    Word(
        "online",
        mark("Link to take part online. Kept private; told to those invited."),
        required=False,
        option="--online",
    ),
    Word(
        "programme",
        mark("The programme. Kept private; told to those invited."),
        required=False,
        option="--programme",
    ),
)
_MESSAGE: Final = Word(
    "message",
    mark("A few words to those invited. Kept private."),
    required=False,
    option="--message",
)
_ROLES: Final = Word(
    "roles",
    mark("Invite the holders of this role; repeat it for more roles."),
    many=True,
    required=False,
    option="--role",
)


def _people(field: str, option: str, text: str, *, required: bool = False) -> Word:
    return Word(field, text, many=True, required=required, option=option)


MEETINGS: Final = (
    act(
        "schedule-meeting",
        "schedule_meeting",
        mark("Plan a meeting and invite to it, by mail with an entry for calendars."),
        _MEETING,
        Word("title", mark("Title. Public: no names of people."), option="--title"),
        _STEP,
        _BEGINS,
        _ENDS,
        *_WORDS,
        _FORMAT,
        _ROLES,
        _people(
            "guests", "--guest", mark("Somebody else to invite, by id; repeat it.")
        ),
        _CAPACITY,
        example='start --title "Startavond" --begins 2026-12-10T19:30 --ends 21:30'
        ' --place "Buurthuis" --role participants',
    ),
    act(
        "change-meeting",
        "change_meeting",
        mark("Change a meeting that is still to come; those invited hear of it."),
        _MEETING,
        Word("title", mark("Another title."), required=False, option="--title"),
        _BEGINS._replace(required=False),
        _ENDS._replace(required=False),
        *_WORDS,
        _FORMAT,
        _CAPACITY,
        Word(
            "without",
            mark("What it no longer has: place, online, programme, format, capacity."),
            many=True,
            required=False,
            option="--without",
        ),
        _MESSAGE,
        MAY_REASON,
        example='start --begins 2026-12-17T19:30 --message "De zaal was bezet"',
    ),
    act(
        "cancel-meeting",
        "cancel_meeting",
        mark("Call off a meeting that is still to come; those invited hear of it."),
        _MEETING,
        REASON,
        _MESSAGE,
        example='start --reason "Te weinig aanmeldingen"',
    ),
    act(
        "invite",
        "invite",
        mark("Invite more people to a meeting, or again whom no message reached."),
        _MEETING,
        _people("who", "--who", mark("Whom, by id; repeat it.")),
        _ROLES,
        example="start --who s-7 --who s-8",
    ),
    act(
        "uninvite",
        "uninvite",
        mark("Take back the invitation of some; only they hear of it."),
        _MEETING,
        _people("who", "--who", mark("Whose, by id; repeat it."), required=True),
        MAY_REASON,
        example="start --who s-8",
    ),
    act(
        "record-attendance",
        "record_attendance",
        mark("Record who came to a meeting; again, to correct it."),
        _MEETING,
        _people(
            "present",
            "--present",
            mark("Who came, by id; repeat it. @all: all invited but the absent."),
        ),
        _people("absent", "--absent", mark("Who did not come, by id; repeat it.")),
        Word(
            "others",
            mark("How many more came."),
            kind="number",
            required=False,
            option="--others",
        ),
        example="start --present @all --absent k-2 --others 14",
    ),
    act(
        "record-minutes",
        "record_minutes",
        mark("Record the minutes of a meeting; again, for a new version."),
        _MEETING,
        Word(
            "reference",
            mark("Public reference to the document, such as a case number."),
            option="--reference",
        ),
        Word(
            "sha256",
            mark("The SHA-256 of the document."),
            required=False,
            option="--sha256",
        ),
        Word(
            "minutes",
            mark("Their text, or a summary. Kept private."),
            required=False,
            option="--text",
        ),
        example='start --reference Z-2026-17 --text "Alle wensen liggen op tafel"',
    ),
    act(
        "note-meeting",
        "note_meeting_held",
        mark(
            "Note a meeting that was held, of which only a day, month or year is known."
        ),
        _MEETING,
        Word("title", mark("Title. Public: no names of people."), option="--title"),
        Word(
            "held",
            mark("When: 2016, 2016-11, 2016-11-21, an instant, or FROM/TO."),
            option="--held",
        ),
        Word(
            "times",
            mark("How many meetings it stands for, where there were several."),
            kind="number",
            required=False,
            option="--times",
        ),
        Word(
            "came",
            mark("How many people there were."),
            kind="number",
            required=False,
            option="--came",
        ),
        _STEP._replace(help=mark("The step that it belongs to.")),
        _FORMAT,
        Word("place", mark("Where. Kept private."), required=False, option="--place"),
        Word("source", mark("Who says so. Public."), required=False, option="--source"),
        example='eerste-avond --title "Eerste bewonersavond" --held 2017-10'
        ' --source "Wijkkrant"',
    ),
)
"""Short forms of commands about meetings, in the order in which help lists them."""
