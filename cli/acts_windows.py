"""The short forms about windows beyond opening and closing: lists, again, late ones."""

from __future__ import annotations

from typing import Final

from cli.act import Act, act
from cli.words import (
    AUDIENCE,
    CHANNEL,
    DURATION,
    MAY_REASON,
    REASON,
    REFERENCE,
    WINDOW,
    Word,
)
from language import mark

_RESPONSE: Final = Word(
    "response",
    mark("What was said. Kept private."),
    required=False,
    option="--text",
)

WINDOW_ACTS: Final[tuple[Act, ...]] = (
    act(
        "invite-to-window",
        "invite_to_window",
        mark("Ask people by name in a window, as a list with a closing of its own."),
        WINDOW,
        Word(
            "audience",
            mark("The list: one of the method, or a new one by a name of your choice."),
        ),
        Word("who", mark("Whom: ids without personal data."), many=True),
        *DURATION,
        MAY_REASON,
        example="concept-klankbordgroep meer-tijd k-1 k-2 --working-days 10"
        ' --reason "Op verzoek"',
    ),
    act(
        "reopen-window",
        "reopen_window",
        mark("Open a window again that was held badly; what was received stays valid."),
        WINDOW,
        Word(
            "because",
            mark(
                "What was wrong: faulty_publication, missing_documents,"
                " changed_documents, not_reached, court or other."
            ),
            option="--because",
        ),
        AUDIENCE,
        *DURATION,
        REASON,
        example="concept-klankbordgroep --because faulty_publication --working-days 10"
        ' --reason "De link in de brief klopte niet"',
    ),
    act(
        "use-late-response",
        "use_late_response",
        mark("Use a late response of the authority's own motion, with a reason."),
        WINDOW,
        Word(
            "number",
            mark("Number of the response, where it is on record."),
            kind="number",
            required=False,
            option="--number",
        ),
        Word(
            "respondent",
            mark("Whose response, where it was refused: an id without personal data."),
            required=False,
            option="--respondent",
        ),
        _RESPONSE,
        REFERENCE,
        CHANNEL,
        REASON,
        example='concept-klankbordgroep --number 7 --reason "Nieuwe feiten"',
    ),
)
