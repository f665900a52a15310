"""Short forms about responses and answers."""

from __future__ import annotations

from typing import Final

from cli.act import act
from cli.words import MAY_REASON, REASON, REFERENCE, WINDOW, Word
from language import mark

_NUMBERS: Final = Word(
    "numbers",
    mark("Which responses: their numbers in the window, such as 1-40,52."),
    option="--numbers",
)
_MAY_NUMBERS: Final = _NUMBERS._replace(
    required=False, help=mark("Which responses, such as 1-40,52; default: all.")
)
_GROUP: Final = Word("group", mark("The group: an id without personal data."))

ANSWERING: Final = (
    act(
        "group",
        "group_responses",
        mark("Put responses that say the same, or are about the same, in a group."),
        _GROUP,
        WINDOW,
        _NUMBERS,
        Word(
            "because",
            mark("identical or theme: they say the same, or are about the same."),
            option="--because",
        ),
        Word("title", mark("Public title."), required=False, option="--title"),
        example="verkeer concept-klankbordgroep --numbers 1-3 --because theme",
    ),
    act(
        "ungroup",
        "ungroup_responses",
        mark("Take responses out of a group that waits for its answer."),
        _GROUP,
        _MAY_NUMBERS,
        example="verkeer --numbers 2",
    ),
    act(
        "answer",
        "answer_response",
        mark("Answer responses, or a group; each respondent gets the answer by mail."),
        WINDOW._replace(required=False),
        _NUMBERS._replace(required=False),
        _GROUP._replace(
            required=False, option="--group", help=mark("A group, in their place.")
        ),
        Word(
            "outcome",
            mark("adopted, partly or not: what is done with what they say."),
            option="--outcome",
        ),
        REASON._replace(
            help=mark(
                "Why. Kept private, and sent to the respondents; asked for on a"
                " terminal."
            )
        ),
        REFERENCE,
        example='concept-klankbordgroep --numbers 4 --outcome not --reason "Te duur"',
    ),
    act(
        "leave",
        "leave_unanswered",
        mark("Leave responses that wait without an answer, with a reason."),
        WINDOW,
        _MAY_NUMBERS,
        REASON,
        example='concept-klankbordgroep --numbers 7 --reason "Hoort bij ander plan"',
    ),
    act(
        "carry",
        "carry_responses",
        mark("Let responses of an earlier round count in this one, to answer again."),
        WINDOW,
        _MAY_NUMBERS,
        MAY_REASON,
        example="concept-klankbordgroep",
    ),
    act(
        "tell-again",
        "tell_answers_again",
        mark("Send answers that did not arrive again, once there is an address."),
        WINDOW,
        _MAY_NUMBERS,
        example="concept-klankbordgroep",
    ),
)
"""The short forms, in the order in which help lists them."""
