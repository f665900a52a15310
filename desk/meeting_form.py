"""What somebody types about a meeting, made into a command.

A meeting is planned by the wall clock of its dialogue, formats and roles may be named
by their titles, and lists of people written in one word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from desk.errors import DeskError
from domain.meeting_facts import ChangeMeeting, MeetingCommand, ScheduleMeeting
from domain.messages import kind_of
from domain.state import Dialogue
from language import mark, translator

FORMATS: Final[Mapping[str, str]] = {
    "conversation": mark("conversation"),
    "kitchen_table": mark("kitchen-table talk"),
    "information_evening": mark("information evening"),
    "walk_in": mark("walk-in meeting"),
    "workshop": mark("workshop"),
    "world_cafe": mark("world café"),
    "debate": mark("debate"),
    "theme_table": mark("theme table"),
    "site_visit": mark("site visit"),
    "sounding_board": mark("meeting of the sounding board"),
    "online_meeting": mark("online meeting"),
    "celebration": mark("celebration"),
}
"""What built-in formats of meetings are called; any other id stands for itself."""

ALL: Final = "@all"
"""Stands for all who were invited and are not named as absent."""

_NOBODY: Final = mark(
    "{all} stands for those invited, and nobody is known as such any more: name them."
)
_NO_MOMENT: Final = mark(
    "{text} is no moment of a meeting. Write 2026-12-10T19:30; the end may be a time "
    "alone, such as 21:30."
)
_MOMENTS: Final = frozenset(map(kind_of, (ScheduleMeeting, ChangeMeeting)))
_PEOPLE: Final = frozenset(map(kind_of, (*get_args(MeetingCommand),)))
_DAY: Final = len(date.min.isoformat())


def in_full(kind: str, body: Mapping[str, Any], state: Dialogue) -> dict[str, Any]:
    """Make a command about meetings of what somebody typed; others stay as they are.

    Ids of people may be separated by commas. Raises `DeskError`.
    """
    if kind in _PEOPLE:
        body = {**body, **_people(body, state), **_parts(body, state)}
    return with_moments(body, state) if kind in _MOMENTS else dict(body)


def _parts(body: Mapping[str, Any], state: Dialogue) -> dict[str, Any]:
    """Give format and roles by their ids, where they were named by their titles."""
    found: dict[str, Any] = {}
    if isinstance(body.get("format"), str):
        spoken = [translator(lang) for lang in ("nl", "en")]
        ids = {_(text).casefold(): n for n, text in FORMATS.items() for _ in spoken}
        found["format"] = ids.get(body["format"].casefold(), body["format"])
    if isinstance(body.get("roles"), list):
        roles = {
            text.casefold(): role.id
            for role in state.plan.roles
            for text in role.title.values()
        }
        found["roles"] = [roles.get(name.casefold(), name) for name in body["roles"]]
    return found


def _people(body: Mapping[str, Any], state: Dialogue) -> dict[str, list[str]]:
    """Give the lists of people one by one, `ALL` as those invited and not absent."""
    lists = {
        name: [who.strip() for part in body[name] for who in part.split(",")]
        for name in ("who", "guests", "present", "absent")
        if isinstance(body.get(name), list)
    }
    if ALL not in lists.get("present", ()):
        return lists
    meeting = state.meetings.get(str(body.get("meeting")))
    if meeting is None or not meeting.invited:
        raise DeskError(_NOBODY, all=ALL)
    named = (*meeting.invited, *(who for who in lists["present"] if who != ALL))
    absent = lists.get("absent", ())
    lists["present"] = [who for who in dict.fromkeys(named) if who not in absent]
    return lists


def with_moments(body: Mapping[str, Any], state: Dialogue) -> dict[str, Any]:
    """Make instants of the begin and the end that somebody typed for a meeting.

    Without an offset they are of the dialogue's wall clock. An end that is a time alone
    is on the day on which the meeting begins. A meeting that is moved lasts as long as
    it did, unless its end is named too. Raises `DeskError`.
    """
    known = state.meetings.get(str(body.get("meeting")))
    zone = ZoneInfo(state.zone)
    begins = _moment(body.get("begins"), known.begins if known else None, zone)
    ends = _moment(body.get("ends"), begins or (known.begins if known else None), zone)
    if begins and known and ends is None:
        ends = begins + (known.ends - known.begins)  # it lasts as long as it did
    told = {"begins": begins, "ends": ends}
    return {**body, **{n: moment.isoformat() for n, moment in told.items() if moment}}


def _moment(text: object, on: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Read a moment; a time alone is on the day of ``on``."""
    if text is None:
        return None
    written = str(text).strip()
    try:
        if on is not None and len(written) < _DAY:
            day = on.astimezone(zone).date().isoformat()
            written = f"{day}T{written.replace('.', ':'):0>5}"
        # A day alone is no moment; with a sign more it can not be read.
        found = datetime.fromisoformat(written + "T" * (len(written) == _DAY))
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DeskError(_NO_MOMENT, text=written) from error
