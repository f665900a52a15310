"""What short forms take: arguments and options, by the fields that they fill."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from language import mark

Kind = Literal["item", "step", "window", "role", "text", "number", "day", "flag"]


class Word(NamedTuple):
    """An argument or an option, by the field of the command that it fills."""

    field: str
    help: str
    kind: Kind = "text"
    many: bool = False
    required: bool = True
    option: str = ""
    """The name of an option; an argument has none."""


ITEMS: Final = Word(
    "items",
    mark("Items, as step.item; the item alone where no other has that name."),
    kind="item",
    many=True,
)
STEP: Final = Word("step", mark("The step: its id, or its number."), kind="step")
WINDOW: Final = Word(
    "window",
    mark("The feedback window, as step.window; the window alone where it is clear."),
    kind="window",
)
REASON: Final = Word(
    "reason", mark("Why. Kept private; asked for on a terminal."), option="--reason"
)
MAY_REASON: Final = REASON._replace(help=mark("Why. Kept private."), required=False)
NOTE: Final = Word(
    "note", mark("A note. Kept private."), required=False, option="--note"
)
REFERENCE: Final = Word(
    "reference",
    mark("Public reference to a document, such as a case number."),
    required=False,
    option="--reference",
)
CHANNEL: Final = Word(
    "channel",
    mark("How it came: web, mail, post, telephone, in_person, meeting or other."),
    required=False,
    option="--channel",
)
DURATION: Final = (
    Word(
        "working_days",
        mark("How long, in working days."),
        kind="number",
        required=False,
        option="--working-days",
    ),
    Word(
        "calendar_days",
        mark("How long, in calendar days."),
        kind="number",
        required=False,
        option="--calendar-days",
    ),
    Word(
        "until",
        mark("Up to and including this day, written 2026-12-04."),
        kind="day",
        required=False,
        option="--until",
    ),
)
AUDIENCE: Final = Word(
    "audience",
    mark("One audience of the window; without it all of them."),
    required=False,
    option="--audience",
)
ROLE: Final = Word("role", mark("A role of the method."), kind="role")
ACTOR: Final = Word("actor", mark("Who: an id without personal data."))
COMPENSATION: Final = Word(
    "compensation", mark("The compensation, as dialogue show names it.")
)
EFFECT: Final = Word("effect", mark("The message, as dialogue show names it."))
