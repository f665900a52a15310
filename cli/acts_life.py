"""The short forms about the life of a dialogue, and the dates it has to keep."""

from __future__ import annotations

from typing import Final

from cli.act import Act, act
from cli.words import DURATION, MAY_REASON, NOTE, REASON, Word
from language import mark

LIFE: Final[tuple[Act, ...]] = (
    act(
        "pause",
        "pause_dialogue",
        mark("Stop the windows of the dialogue, with a reason."),
        REASON,
        example='--reason "Verkiezingen"',
    ),
    act(
        "resume",
        "resume_dialogue",
        mark("Let the windows run on, each with the time it had left."),
        MAY_REASON,
    ),
    act("finish", "complete_dialogue", mark("Complete the dialogue."), NOTE),
    act(
        "cancel",
        "cancel_dialogue",
        mark("End the dialogue before it is complete, with a reason."),
        REASON,
        example='--reason "Het plan gaat niet door"',
    ),
    act(
        "archive",
        "archive_dialogue",
        mark("End the workflow of a dialogue that was completed or cancelled."),
        MAY_REASON,
    ),
    act(
        "renew-calendar",
        "renew_calendar",
        mark("Give the dialogue a newer calendar of its country and time zone."),
    ),
    act(
        "move-deadline",
        "move_deadline",
        mark("Move a date that has to be kept, by so much or to a day, with a reason."),
        Word("title", mark("What the date is for, as dialogue show names it.")),
        *DURATION,
        Word(
            "source",
            mark("What moves it, such as a decree. Public."),
            required=False,
            option="--source",
        ),
        REASON,
        example='Raadsbesluit --calendar-days 60 --source "Spoedwet"'
        ' --reason "De termijn is van rechtswege verlengd"',
    ),
)
"""In the order in which help lists them."""
