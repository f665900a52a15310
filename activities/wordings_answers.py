"""What a message says that brings somebody the answer to their response."""

from __future__ import annotations

from typing import Final

from activities.wording import Wording
from domain.notices import NoticeKind
from language import mark

ANSWERS: Final[dict[NoticeKind, Wording]] = {
    "answer_given": Wording(
        subject=mark("What we do with your response: {heading}"),
        opening=(
            mark(
                "You responded in the feedback window “{heading}”. Thank you. We have"
                " read your response. Below you see what we do with it, and why."
            ),
        ),
        meaning=(
            mark(
                "You do not have to do anything now. If our answer changes, you will"
                " hear so."
            ),
        ),
    ),
}
"""The texts by kind of notice."""

ANSWER_LABELS: Final = {
    "responses": mark("Number of your response"),
    "answer": mark("What we do with it"),
}
"""Labels by the names of facts."""

ANSWER_CODES: Final = {
    "answer": {
        "adopted": mark("We adopt it"),
        "partly": mark("We adopt a part of it"),
        "not": mark("We do not adopt it"),
    },
}
"""Words for codes, by the name of the fact."""
