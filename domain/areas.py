"""Areas: kinds of command that a method can give to a role that does not steer.

Who keeps something has to read it: with an area go the private texts of its events, as
far as they are in no confidential step. What decides for everybody is in no area: the
plan, roles, windows, gates, returns, decisions.
"""

from __future__ import annotations

from typing import Final, get_args

from domain.agreement_facts import AgreementCommand, AgreementEvent
from domain.interest_facts import InterestCommand, InterestEvent
from domain.ledger_facts import (
    AnswerResponse,
    GroupResponses,
    LedgerEvent,
    TellAnswersAgain,
    UngroupResponses,
)
from domain.meeting_facts import MeetingCommand, MeetingEvent
from domain.messages import kind_of
from domain.opening_facts import ResponseRecorded
from domain.people_register_facts import (
    HandOverRole,
    PeopleCommand,
    PeopleEvent,
    RoleHandedOver,
)

_COMMANDS: Final[dict[str, tuple[type, ...]]] = {
    "stakeholders": tuple(c for c in get_args(PeopleCommand) if c is not HandOverRole),
    "interests": get_args(InterestCommand),
    "meetings": get_args(MeetingCommand),
    "answers": (AnswerResponse, GroupResponses, UngroupResponses, TellAnswersAgain),
    "agreements": get_args(AgreementCommand),
}
"""What is done in an area."""

_EVENTS: Final[dict[str, tuple[type, ...]]] = {
    "stakeholders": tuple(e for e in get_args(PeopleEvent) if e is not RoleHandedOver),
    "interests": get_args(InterestEvent),
    "meetings": get_args(MeetingEvent),
    "answers": (ResponseRecorded, *get_args(LedgerEvent)),
    "agreements": get_args(AgreementEvent),
}
"""What its texts are in."""

AREAS: Final = frozenset(_COMMANDS)
"""Every area, as a right of a role."""

_OF: Final = {each: name for name, kinds in _COMMANDS.items() for each in kinds}


def area_of(command: object) -> str | None:
    """Give the area that a command is in; None for what only those do who steer."""
    return _OF.get(type(command))


def texts_of(areas: frozenset[str]) -> frozenset[str]:
    """Give the types of the events whose private texts go with areas."""
    return frozenset(kind_of(each) for name in areas for each in _EVENTS[name])
