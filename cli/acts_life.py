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
    act(
        "trust-key",
        "trust_desk_key",
        mark("Believe what is signed with a desk's key from here on."),
        Word("public", mark("The public key, as polder organisation keys shows it.")),
        example="11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    ),
    act(
        "distrust-key",
        "distrust_desk_key",
        mark("Believe what is signed with a desk's key no more, with a reason."),
        Word("key", mark("The id of the key, as polder organisation keys shows it.")),
        REASON,
        example='21fe31dfa154a261 --reason "De server is vervangen"',
    ),
    act(
        "allow-unsigned",
        "allow_unsigned",
        mark("Take these kinds of command unsigned, and no others."),
        Word(
            "commands",
            mark("Kinds of command, such as note_signal; * for all, nothing for none."),
            many=True,
            required=False,
        ),
        example="note_signal complete_items",
    ),
)
"""In the order in which help lists them."""
