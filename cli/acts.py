"""The short form of every command: its name, what it takes, and what help says.

A table, so that each command of the domain has one row, and a test can see that none
was forgotten.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from language import mark

Kind = Literal["item", "step", "window", "role", "text", "number", "day"]


class Word(NamedTuple):
    """An argument or an option, by the field of the command that it fills."""

    field: str
    help: str
    kind: Kind = "text"
    many: bool = False
    required: bool = True
    option: str = ""
    """The name of an option; an argument has none."""


class Act(NamedTuple):
    """A short form: ``name`` on the command line, ``kind`` in the domain."""

    name: str
    kind: str
    help: str
    takes: tuple[Word, ...]
    examples: tuple[str, ...]


_DEMO: Final = "gemeente-waterdam:parkzicht"
_ITEMS: Final = Word(
    "items",
    mark("Items, as step.item; the item alone where no other has that name."),
    kind="item",
    many=True,
)
_STEP: Final = Word("step", mark("The step: its id, or its number."), kind="step")
_WINDOW: Final = Word(
    "window",
    mark("The feedback window, as step.window; the window alone where it is clear."),
    kind="window",
)
_REASON: Final = Word(
    "reason", mark("Why. Kept private; asked for on a terminal."), option="--reason"
)
_MAY_REASON: Final = _REASON._replace(help=mark("Why. Kept private."), required=False)
_NOTE: Final = Word(
    "note", mark("A note. Kept private."), required=False, option="--note"
)
_REFERENCE: Final = Word(
    "reference",
    mark("Public reference to a document, such as a case number."),
    required=False,
    option="--reference",
)
_DURATION: Final = (
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
_ROLE: Final = Word("role", mark("A role of the method."), kind="role")
_ACTOR: Final = Word("actor", mark("Who: an id without personal data."))
_COMPENSATION: Final = Word(
    "compensation", mark("The compensation, as dialogue show names it.")
)
_EFFECT: Final = Word("effect", mark("The message, as dialogue show names it."))


def _act(name: str, kind: str, text: str, *takes: Word, example: str = "") -> Act:
    shown = f"polder dialogue {name} {_DEMO} {example}".rstrip()
    return Act(name, kind, text, takes, (shown,))


ACTS: Final = (
    _act(
        "complete",
        "complete_items",
        mark("Complete items; the step starts if it was ready."),
        _ITEMS._replace(required=False),
        Word(
            "step",
            mark("All open items of this step."),
            kind="step",
            required=False,
            option="--step",
        ),
        _NOTE,
        _REFERENCE,
        example="opdracht.aanleiding opdracht.scope",
    ),
    _act(
        "reconfirm",
        "reconfirm_items",
        mark("Let what an earlier round completed stand: items, or a whole step."),
        _ITEMS._replace(required=False),
        Word(
            "step",
            mark("Everything that waits in this step."),
            kind="step",
            required=False,
            option="--step",
        ),
        _NOTE,
        example="--step opdracht",
    ),
    _act(
        "waive",
        "waive_items",
        mark("Set items aside, with a reason."),
        _ITEMS,
        _REASON,
        example='bijeenkomsten.catering --reason "Geen budget"',
    ),
    _act(
        "reopen",
        "reopen_items",
        mark("Take back the completion of items, with a reason."),
        _ITEMS,
        _REASON,
        example='opdracht.scope --reason "De vraag is veranderd"',
    ),
    _act(
        "start-step",
        "start_step",
        mark("Start a step that is ready."),
        _STEP,
        example="opdracht",
    ),
    _act(
        "complete-step",
        "complete_step",
        mark("Complete a step whose items are done."),
        _STEP,
        _NOTE,
        example="opdracht",
    ),
    _act(
        "skip-step",
        "skip_step",
        mark("Leave a step out, with a reason."),
        _STEP,
        _REASON,
        example='communicatie --reason "Er komt geen verslag"',
    ),
    _act(
        "open-window",
        "open_window",
        mark("Open a feedback window; another term than the method's needs a reason."),
        _WINDOW,
        *_DURATION,
        _MAY_REASON,
        example="concept-klankbordgroep",
    ),
    _act(
        "extend-window",
        "extend_window",
        mark("Let a window close later, by so much or until a day."),
        _WINDOW,
        *_DURATION,
        _REASON,
        example='concept-klankbordgroep --working-days 5 --reason "Vakantie"',
    ),
    _act(
        "shorten-window",
        "shorten_window",
        mark("Let a window close sooner."),
        _WINDOW,
        *_DURATION,
        _REASON,
        example='concept-klankbordgroep --until 2026-12-11 --reason "Alles is binnen"',
    ),
    _act(
        "close-window",
        "close_window",
        mark("Close a window; before its time with a reason, if the method allows it."),
        _WINDOW,
        _MAY_REASON,
        example="concept-klankbordgroep",
    ),
    _act(
        "remind",
        "remind_window",
        mark("Remind those who were invited and have not responded."),
        _WINDOW,
        example="concept-klankbordgroep",
    ),
    _act(
        "respond",
        "record_response",
        mark("Record a response of somebody in a window."),
        _WINDOW,
        Word(
            "respondent",
            mark("Whose response: an id without personal data."),
            option="--respondent",
        ),
        Word(
            "response",
            mark("What was said. Kept private."),
            required=False,
            option="--text",
        ),
        _REFERENCE,
        example='concept-klankbordgroep --respondent k-1 --text "Akkoord"',
    ),
    _act(
        "revisit",
        "revisit_step",
        mark("Return to a completed step; preview-revisit shows what that undoes."),
        _STEP,
        _REASON,
        example='opdracht --reason "De opgave is veranderd"',
    ),
    _act(
        "retry",
        "retry_compensation",
        mark("Try a compensation that failed once more."),
        _COMPENSATION,
        example="c-12-1",
    ),
    _act(
        "waive-compensation",
        "waive_compensation",
        mark("Leave a compensation that failed undone, with a reason."),
        _COMPENSATION,
        _REASON,
        example='c-12-1 --reason "Persoonlijk verteld"',
    ),
    _act(
        "retry-message",
        "retry_effect",
        mark("Try a message that failed once more."),
        _EFFECT,
        example="m-12-1",
    ),
    _act(
        "waive-message",
        "waive_effect",
        mark("Leave a message that failed unsent, with a reason."),
        _EFFECT,
        _REASON,
        example='m-12-1 --reason "Telefonisch gedaan"',
    ),
    _act(
        "assign-role",
        "assign_role",
        mark("Give a role to somebody; name and address are kept private."),
        _ROLE,
        _ACTOR,
        Word("name", mark("Name. Kept private."), required=False, option="--name"),
        Word(
            "address",
            mark("E-mail address. Kept private."),
            required=False,
            option="--address",
        ),
        example='sounding_board k-1 --name "An" --address an@example.org',
    ),
    _act(
        "release-role",
        "release_role",
        mark("Take a role from somebody."),
        _ROLE,
        _ACTOR,
        _MAY_REASON,
        example="sounding_board k-1",
    ),
    _act(
        "pause",
        "pause_dialogue",
        mark("Stop the windows of the dialogue, with a reason."),
        _REASON,
        example='--reason "Verkiezingen"',
    ),
    _act(
        "resume",
        "resume_dialogue",
        mark("Let the windows run on, each with the time it had left."),
        _MAY_REASON,
    ),
    _act("finish", "complete_dialogue", mark("Complete the dialogue."), _NOTE),
    _act(
        "cancel",
        "cancel_dialogue",
        mark("End the dialogue before it is complete, with a reason."),
        _REASON,
        example='--reason "Het plan gaat niet door"',
    ),
    _act(
        "archive",
        "archive_dialogue",
        mark("End the workflow of a dialogue that was completed or cancelled."),
    ),
    _act(
        "renew-calendar",
        "renew_calendar",
        mark("Give the dialogue a newer calendar of its country and time zone."),
    ),
    _act(
        "note",
        "note_signal",
        mark("Note what another system reports."),
        Word("type", mark("Kind of message, such as zaak_gewijzigd.")),
        Word("source", mark("Which system."), option="--source"),
        _REFERENCE,
        example="zaak_gewijzigd --source zaaksysteem-1 --reference Z-2026-17",
    ),
)
"""Every short form, in the order in which help lists them."""

BY_KIND: Final = {act.kind: act for act in ACTS}
"""The short form of a command of the domain."""
