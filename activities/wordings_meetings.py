"""What messages about meetings say; when and where follow from the meeting itself."""

from __future__ import annotations

from typing import Final

from activities.wording import Wording
from domain.notices import NoticeKind
from language import mark

_CALENDAR: Final = mark(
    "You can put the meeting in your calendar with the invitation in this message."
)

MEETINGS: Final[dict[NoticeKind, Wording]] = {
    "meeting_invited": Wording(
        subject=mark("Invitation: {heading}"),
        opening=(mark("We invite you to the meeting “{heading}”."),),
        meaning=(
            _CALENDAR,
            mark("Can you not come? Then please let us know."),
        ),
    ),
    "meeting_changed": Wording(
        subject=mark("Changed: {heading}"),
        opening=(
            mark(
                "The meeting “{heading}” has changed. What we told you before no longer"
                " holds. This is how it is now."
            ),
        ),
        meaning=(
            mark(
                "The invitation in this message takes the place of the one before in"
                " your calendar."
            ),
            mark("Can you not come now? Then please let us know."),
        ),
    ),
    "meeting_cancelled": Wording(
        subject=mark("Cancelled: {heading}"),
        opening=(
            mark("The meeting “{heading}” does not go on. You do not have to come."),
        ),
        meaning=(
            mark("With this message you can take the meeting out of your calendar."),
        ),
    ),
    "meeting_uninvited": Wording(
        subject=mark("Invitation taken back: {heading}"),
        opening=(
            mark(
                "We invited you to the meeting “{heading}”. We take that invitation"
                " back. You do not have to come."
            ),
        ),
        meaning=(
            mark("With this message you can take the meeting out of your calendar."),
        ),
    ),
}
"""The texts by kind of notice."""
