"""Requests to erase what is held about somebody: those that wait, and by when.

An organisation has one month to decide (GDPR, art. 12(3)): to the day with the same
number in the next month, or its last day where there is none (Regulation 1182/71).
"""

from __future__ import annotations

import calendar
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from desk.access.caller import Caller
from desk.desk import Desk, Sender, fresh_id
from desk.erasing import cause_of
from desk.house import checked
from desk.reads import note
from domain.erasures import RIGHTS, Case
from language.dates import HOME_ZONE
from storage.erasing import asked
from storage.house import house, stream_of
from storage.subscriptions import steered_by
from storage.vault import openings_of

_MONTHS: Final = 12
_FOR: Final = RIGHTS["decide"] | RIGHTS["execute"]
"""Roles in an organisation of who decides on a request, or carries it out."""


class Waiting(NamedTuple):
    """A request that waits for a decision; ``left`` is negative once it is late."""

    organisation: str
    erasure: str
    asked: datetime
    last_day: date
    left: int


class Request(NamedTuple):
    """A request, how far it is, and whom it is about; None once that was erased too."""

    case: Case
    about: str | None
    last_day: date


def may_see(caller: Caller) -> bool:
    """Whether requests are for somebody: who decides on them, or carries them out."""
    return not caller.roles.isdisjoint(_FOR)


async def waiting(desk: Desk, organisation: str | None, now: datetime) -> list[Waiting]:
    """Give the requests of one organisation, or of all, that wait for a decision.

    Oldest first, which is also the one to be decided first.
    """
    found = await asked(desk.pool, organisation)
    today = now.astimezone(HOME_ZONE).date()
    days = [(one, _last_day(one.at)) for one in found]
    return [Waiting(*one, day, (day - today).days) for one, day in days]


async def waiting_for(
    desk: Desk, reader: Sender | None, organisation: str | None, now: datetime
) -> list[Waiting]:
    """Give those that wait, for who decides on them or carries them out.

    Who names such a role sees those of all organisations; who names none sees those of
    the organisations in which they steer. Without ``reader`` it is for who keeps Polder
    running.
    """
    if reader is not None and reader.role is not None and reader.role not in _FOR:
        return []
    found = await waiting(desk, organisation, now)
    if not found or reader is None or reader.role is not None:
        return found
    steered = await steered_by(desk.pool, reader.id)
    return [one for one in found if one.organisation in steered]


def helps(one: Waiting) -> str:
    """Give the one command of the command line that tells what to decide on."""
    return f"polder audit erasures {one.organisation} --private"


def waiting_told(one: Waiting) -> dict[str, Any]:
    """Give one as JSON, with the command that would help, and not whom it is about."""
    return {
        "organisation": one.organisation,
        "erasure": one.erasure,
        "lastDay": one.last_day.isoformat(),
        "days": one.left,
        "command": helps(one),
    }


async def requests(desk: Desk, organisation: str) -> list[Request]:
    """Give the requests of an organisation, those that wait first."""
    cases = (await house(desk.pool, organisation)).cases.values()
    stream, asked_by = stream_of(organisation), [cause_of(case.id) for case in cases]
    texts = await openings_of(desk.pool, desk.keys, stream, asked_by)
    about = {one.seq: one.subject for one in texts if one.path == "/subject"}
    found = [
        Request(case, about.get(case.requested.seq), _last_day(case.requested.at))
        for case in cases
    ]
    return sorted(found, key=lambda one: one.case.status != "requested")


async def opened_requests(
    desk: Desk, organisation: str, sender: Sender
) -> list[Request]:
    """Give them for who decides on them or carries them out, once that is on record.

    Raises `Refused` for anybody else.
    """
    who = checked(organisation, sender, "execute", name=fresh_id())
    found = await requests(desk, organisation)
    await note(desk, who.id, "erasures", organisation, {}, rows=len(found), opened=True)
    return found


def _last_day(asked: datetime) -> date:
    day = asked.astimezone(HOME_ZONE).date()
    year, month = day.year + day.month // _MONTHS, day.month % _MONTHS + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))
