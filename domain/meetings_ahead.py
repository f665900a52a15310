"""Which meetings are still to come, what of them must be known, and what needs care.

Derived from the state alone. A meeting is to come until it begins; once it has begun
it is held, whoever comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from domain.errors import DomainError
from domain.meeting_facts import Meeting
from domain.need import Span
from domain.notices import About, Act, Enclosed, Invitation, Told
from domain.state import Dialogue

SOON: Final = timedelta(days=7)
"""How long before it begins a meeting comes up."""

TOLD: Final = ("place", "online", "programme")
"""The private texts of a meeting that those invited are told."""


MOST_INVITED: Final = 14_000
"""How many characters the ids of all invited to one meeting may take, each with three
for JSON: an event that lists everybody stays below 32 kB."""

MOST_IN_ALL: Final = 10 * MOST_INVITED
"""The same for all meetings still to come: all can be called off in one act."""


class UnknownMeeting(DomainError):
    """There is no meeting {meeting} here. The meetings are: {known}."""


class TooManyForMeeting(DomainError):
    """The ids of all who are invited to meeting {meeting} may take {limit} characters together, and this would make {size}. Make it an open meeting, or split it in several."""  # noqa: E501 (the docstring is the message)


class TooManyInAll(DomainError):
    """The ids of all who are invited to meetings still to come may take {limit} characters together, and this would make {size}. Make some of them open meetings, or plan those that are far away later."""  # noqa: E501 (idem)


class Withdrawn(NamedTuple):
    """A meeting that going back calls off, as something outward to undo."""

    seq: int
    step: str
    act: Act
    undoes: str
    recipients: tuple[str, ...]
    of: About


def to_come(state: Dialogue, now: datetime | None) -> dict[str, Meeting]:
    """Give the meetings that are planned and have not begun; without ``now`` all."""
    return {
        name: meeting
        for name, meeting in state.meetings.items()
        if meeting.status == "planned" and (now is None or now < meeting.begins)
    }


def awaiting(
    state: Dialogue, role: str, actor: str, now: datetime, *, again: bool
) -> tuple[str, ...]:
    """Give the meetings to come of which somebody who gets a role is to be sent word.

    Who was invited before hears of it ``again`` with a new address only. Raises
    `TooManyForMeeting` and `TooManyInAll`.
    """
    found = {
        name: meeting
        for name, meeting in to_come(state, now).items()
        if (role in meeting.roles and actor not in meeting.invited)
        or (again and actor in meeting.invited)
    }
    for name, meeting in found.items():
        check_room(state, now, name, dict.fromkeys((*meeting.invited, actor)))
    return tuple(found)


def check_room(
    state: Dialogue, now: datetime, name: str, people: Iterable[str]
) -> None:
    """Raise where events that list all who are invited would grow too large."""
    people = tuple(people)
    check_size(name, people)
    ahead = to_come(state, now).items()
    whole = _size(people) + sum(
        _size(each.invited) for other, each in ahead if other != name
    )
    if whole > MOST_IN_ALL:
        raise TooManyInAll(limit=MOST_IN_ALL, size=whole)


def check_size(name: str, people: Iterable[str]) -> None:
    """Raise `TooManyForMeeting` where an event about a meeting would be too large."""
    size = _size(people)
    if size > MOST_INVITED:
        raise TooManyForMeeting(meeting=name, limit=MOST_INVITED, size=size)


def _size(people: Iterable[str]) -> int:
    return sum(len(who) + 3 for who in people)


def about(
    name: str, meeting: Meeting, *, cancelled: bool = False, message: int | None = None
) -> About:
    """Give what a letter about a meeting says, as the meeting is now.

    ``message`` is the event that holds words for those invited. Of one that was called
    off only these are told.
    """
    words = {} if cancelled else {n: meeting.words.get(n) for n in TOLD}
    enclosed = {**words, "message": message}
    room = () if cancelled or meeting.capacity is None else (str(meeting.capacity),)
    return About(
        subject=f"meeting:{name}",
        heading=meeting.title,
        step=meeting.step,
        facts=tuple(Told(name="capacity", value=places) for places in room),
        enclosed=tuple(
            Enclosed(name=part, place=(seq, f"/{part}"))
            for part, seq in enclosed.items()
            if seq is not None
        ),
        invitation=Invitation(
            meeting=name,
            sequence=meeting.sequence,
            begins=meeting.begins,
            ends=meeting.ends,
            cancelled=cancelled,
        ),
    )


def called_off(
    state: Dialogue, steps: Collection[str], now: datetime | None
) -> dict[str, Meeting]:
    """Give the meetings of these steps that are still to come: going back voids them.

    What was held was held.
    """
    ahead = to_come(state, now).items()
    return {name: meeting for name, meeting in ahead if meeting.step in steps}


def withdrawn(
    state: Dialogue, steps: Collection[str], now: datetime | None
) -> Iterator[Withdrawn]:
    """Give the invitations that going back to these steps withdraws."""
    for name, meeting in called_off(state, steps, now).items():
        if meeting.invited and meeting.step:
            last = meeting.but(sequence=meeting.sequence + 1)
            of = about(name, last, cancelled=True)
            act: Act = "withdraw_invitation"
            people = meeting.invited
            yield Withdrawn(meeting.seq, meeting.step, act, name, people, of)


def outdated(state: Dialogue, invitation: Invitation) -> str | None:
    """Give what became of a meeting, if a letter would now say what is not so."""
    meeting = state.meetings.get(invitation.meeting)
    if meeting is None or invitation.cancelled:
        return None
    if meeting.status != "planned":
        return meeting.status
    return "changed" if invitation.sequence < meeting.sequence else None


def needs(state: Dialogue) -> Iterator[Span]:
    """Give what a meeting needs of people, and when.

    ``meeting_unreached``: no message reached some who were invited; ``meeting_soon``:
    it begins within a week; ``meeting_unrecorded``: it is over, and nobody has said who
    came or what was said.
    """
    for name, meeting in state.meetings.items():
        if meeting.status != "planned":
            continue
        if meeting.missed:
            yield Span("meeting_unreached", name, None, meeting.begins)
        soon = meeting.begins - SOON
        yield Span("meeting_soon", name, soon, meeting.begins)
        yield Span("meeting_unrecorded", name, meeting.ends)
