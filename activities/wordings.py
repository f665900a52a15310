"""Every kind of message by what it says; areas have modules of their own.

Here are those about windows and about what is undone.
"""

from __future__ import annotations

from typing import Final

from activities.wording import Wording
from activities.wordings_answers import ANSWERS
from activities.wordings_harvest import HARVEST
from activities.wordings_meetings import MEETINGS
from domain.notices import NoticeKind
from language import mark

_KEPT: Final = mark("Have you responded already? Your response is kept.")
_AGAIN: Final = mark(
    "The reason is that an earlier step of this dialogue is being done again. What"
    " came after that step may change."
)
_CAN_RESPOND: Final = mark("You can respond {until}.")
_CAN_NOW_RESPOND: Final = mark("You can now respond {until}.")

WORDINGS: Final[dict[NoticeKind, Wording]] = {
    "window_opened": Wording(
        subject=mark("Your response is asked: {heading}"),
        opening=(
            mark(
                "We would like to hear what you think. The feedback window “{heading}”"
                " is open."
            ),
        ),
        deadline=_CAN_RESPOND,
        meaning=(
            mark(
                "You decide whether you respond. If you do, you help us to hear all"
                " sides."
            ),
        ),
    ),
    "window_reminder": Wording(
        subject=mark("Reminder, you can still respond: {heading}"),
        opening=(
            mark(
                "We do not have a response from you yet. The feedback window"
                " “{heading}” is still open."
            ),
        ),
        deadline=_CAN_RESPOND,
        meaning=(
            mark(
                "You decide whether you respond. Did you respond just now? Then you"
                " can ignore this message."
            ),
        ),
    ),
    "window_extended": Wording(
        subject=mark("More time to respond: {heading}"),
        opening=(
            mark(
                "You have more time to respond. The feedback window “{heading}” closes"
                " later than we told you. The date that we gave before no longer holds."
            ),
        ),
        deadline=_CAN_NOW_RESPOND,
        meaning=(_KEPT,),
    ),
    "window_shortened": Wording(
        subject=mark("Less time to respond: {heading}"),
        opening=(
            mark(
                "You have less time to respond. The feedback window “{heading}” closes"
                " sooner than we told you. The date that we gave before no longer"
                " holds."
            ),
        ),
        deadline=_CAN_NOW_RESPOND,
        meaning=(_KEPT,),
    ),
    "window_resumed": Wording(
        subject=mark("You can respond again: {heading}"),
        opening=(
            mark(
                "This dialogue stood still for some time and now goes on. The feedback"
                " window “{heading}” is open again. The date that we gave before no"
                " longer holds."
            ),
        ),
        deadline=_CAN_NOW_RESPOND,
        meaning=(_KEPT,),
    ),
    "window_closed": Wording(
        subject=mark("Closed: {heading}"),
        opening=(mark("The feedback window “{heading}” is closed."),),
        deadline=mark("You could respond {until}."),
        meaning=(mark("All responses that we received are kept. Thank you."),),
    ),
    "withdraw_invitation": Wording(
        subject=mark("Invitation withdrawn: {heading}"),
        opening=(
            mark(
                "You received an invitation from us. That invitation no longer holds."
                " It is about “{heading}”."
            ),
            _AGAIN,
        ),
    ),
    "retract_report": Wording(
        subject=mark("Report retracted: {heading}"),
        opening=(
            mark(
                "You received a report from us. That report no longer holds. Please do"
                " not use it any more. It is about “{heading}”."
            ),
            _AGAIN,
        ),
    ),
    "void_window": Wording(
        subject=mark("You do not have to respond any more: {heading}"),
        opening=(
            mark(
                "We asked for your response. That request no longer holds. The feedback"
                " window “{heading}” has lapsed."
            ),
            _AGAIN,
        ),
    ),
    "tell": Wording(
        subject=mark("No longer holds: {heading}"),
        opening=(
            mark(
                "You received a message from us about “{heading}”. That message no"
                " longer holds."
            ),
            _AGAIN,
        ),
    ),
    **MEETINGS,
    **ANSWERS,
    **HARVEST,
}
"""The texts by kind of notice."""
