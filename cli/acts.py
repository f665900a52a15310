"""The short form of every command: its name, what it takes, and what help says.

A table, so that each command of the domain has one row, and a test can see that none
was forgotten.
"""

from __future__ import annotations

from typing import Final

from cli.act import act as _act
from cli.acts_answers import ANSWERING
from cli.acts_dossier import DOSSIER
from cli.acts_harvest import HARVEST
from cli.acts_life import LIFE
from cli.acts_meetings import MEETINGS
from cli.acts_people import INTERESTS, PEOPLE
from cli.acts_plans import PLANNING
from cli.acts_windows import WINDOW_ACTS
from cli.words import (
    ACTOR,
    AUDIENCE,
    CHANNEL,
    COMPENSATION,
    DURATION,
    EFFECT,
    ITEMS,
    MAY_REASON,
    NOTE,
    REASON,
    REFERENCE,
    ROLE,
    STEP,
    WINDOW,
    Word,
)
from language import mark

ACTS: Final = (
    _act(
        "complete",
        "complete_items",
        mark("Complete items; the step starts if it was ready."),
        ITEMS._replace(required=False),
        Word(
            "step",
            mark("All open items of this step."),
            kind="step",
            required=False,
            option="--step",
        ),
        NOTE,
        REFERENCE,
        example="opdracht.aanleiding opdracht.scope",
    ),
    _act(
        "reconfirm",
        "reconfirm_items",
        mark("Let what an earlier round completed stand: items, or a whole step."),
        ITEMS._replace(required=False),
        Word(
            "step",
            mark("Everything that waits in this step."),
            kind="step",
            required=False,
            option="--step",
        ),
        NOTE,
        example="--step opdracht",
    ),
    _act(
        "waive",
        "waive_items",
        mark("Set items aside, with a reason."),
        ITEMS,
        REASON,
        example='bijeenkomsten.catering --reason "Geen budget"',
    ),
    _act(
        "reopen",
        "reopen_items",
        mark("Take back the completion of items, with a reason."),
        ITEMS,
        REASON,
        example='opdracht.scope --reason "De vraag is veranderd"',
    ),
    _act(
        "start-step",
        "start_step",
        mark("Start a step that is ready."),
        STEP,
        example="opdracht",
    ),
    _act(
        "complete-step",
        "complete_step",
        mark("Complete a step whose items are done."),
        STEP,
        NOTE,
        example="opdracht",
    ),
    _act(
        "skip-step",
        "skip_step",
        mark("Leave a step out, with a reason."),
        STEP,
        REASON,
        example='communicatie --reason "Er komt geen verslag"',
    ),
    _act(
        "open-window",
        "open_window",
        mark("Open a feedback window; another term than the method's needs a reason."),
        WINDOW,
        AUDIENCE,
        *DURATION,
        MAY_REASON,
        example="concept-klankbordgroep",
    ),
    _act(
        "extend-window",
        "extend_window",
        mark("Let a window close later, by so much or until a day."),
        WINDOW,
        AUDIENCE,
        *DURATION,
        REASON,
        example='concept-klankbordgroep --working-days 5 --reason "Vakantie"',
    ),
    _act(
        "shorten-window",
        "shorten_window",
        mark("Let a window close sooner."),
        WINDOW,
        AUDIENCE,
        *DURATION,
        REASON,
        example='concept-klankbordgroep --until 2026-12-11 --reason "Alles is binnen"',
    ),
    _act(
        "close-window",
        "close_window",
        mark("Close a window; before its time with a reason, if the method allows it."),
        WINDOW,
        AUDIENCE,
        MAY_REASON,
        example="concept-klankbordgroep",
    ),
    _act(
        "remind",
        "remind_window",
        mark("Remind those who were invited and have not responded."),
        WINDOW,
        AUDIENCE,
        example="concept-klankbordgroep",
    ),
    _act(
        "respond",
        "record_response",
        mark("Record a response of somebody in a window."),
        WINDOW,
        AUDIENCE,
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
        REFERENCE,
        Word(
            "posted_on",
            mark("Day of the postmark, where the method goes by that: 2026-12-04."),
            kind="day",
            required=False,
            option="--posted-on",
        ),
        CHANNEL,
        Word(
            "address",
            mark("E-mail address, for the answer. Kept private."),
            required=False,
            option="--address",
        ),
        Word(
            "supplements",
            mark("Number of the response in time to which this one adds."),
            kind="number",
            required=False,
            option="--supplements",
        ),
        example='concept-klankbordgroep --respondent k-1 --text "Akkoord"',
    ),
    *PLANNING,
    *WINDOW_ACTS,
    *HARVEST,
    *ANSWERING,
    _act(
        "revisit",
        "revisit_step",
        mark("Return to a completed step; preview-revisit shows what that undoes."),
        STEP,
        REASON,
        example='opdracht --reason "De opgave is veranderd"',
    ),
    _act(
        "retry",
        "retry_compensation",
        mark("Try a compensation that failed once more."),
        COMPENSATION,
        example="c39-1",
    ),
    _act(
        "waive-compensation",
        "waive_compensation",
        mark("Leave a compensation that failed undone, with a reason."),
        COMPENSATION,
        REASON,
        example='c39-1 --reason "Persoonlijk verteld"',
    ),
    _act(
        "retry-message",
        "retry_effect",
        mark("Try a message that failed once more."),
        EFFECT,
        example="e18-1",
    ),
    _act(
        "waive-message",
        "waive_effect",
        mark("Leave a message that failed unsent, with a reason."),
        EFFECT,
        REASON,
        example='e18-1 --reason "Telefonisch gedaan"',
    ),
    _act(
        "assign-role",
        "assign_role",
        mark("Give a role to somebody; name and address are kept private."),
        ROLE,
        ACTOR,
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
        ROLE,
        ACTOR,
        MAY_REASON,
        example="sounding_board k-1",
    ),
    *LIFE,
    _act(
        "note",
        "note_signal",
        mark("Note what another system reports."),
        Word("type", mark("Kind of message, such as zaak_gewijzigd.")),
        Word("source", mark("Which system."), option="--source"),
        REFERENCE,
        example="zaak_gewijzigd --source zaaksysteem-1 --reference Z-2026-17",
    ),
    *MEETINGS,
    *PEOPLE,
    *INTERESTS,
    *DOSSIER,
)
"""Every short form, in the order in which help lists them."""

BY_KIND: Final = {act.kind: act for act in ACTS}
"""The short form of a command of the domain."""
