"""Who is on the register, how far they are engaged, and who handed which role over."""

from __future__ import annotations

from typing import Any

from domain.declining_facts import ParticipationDeclined
from domain.entry import Entry, said
from domain.events import AnyEvent, Event
from domain.facts import written
from domain.people_register_facts import (
    BriefingWaived,
    EngagementPlanned,
    LatecomerBriefed,
    RoleHandedOver,
    StakeholderChanged,
    StakeholderRegistered,
    StakeholderReleased,
)
from domain.state import Dialogue


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give rows of kind ``stakeholder``, ``engagement``, ``role`` and ``declined``.

    A row ``engagement`` is named ``stakeholder:<id>``, ``kind:<id>`` or ``phases``; its
    members are phases with a level, or, of ``phases``, with a title.
    """
    del after
    match data:
        case StakeholderRegistered():
            begun = {"since": written(event.at), "left": None, "briefed": None}
            return (_row(data.stakeholder, begun | said(event)),)
        case StakeholderChanged():
            return (_row(data.stakeholder, said(event)),)
        case StakeholderReleased():
            left = {"left": written(event.at), **said(event, "reason")}
            return (_row(data.stakeholder, left),)
        case LatecomerBriefed():
            told = {"briefed": written(event.at), **said(event, "note")}
            return (_row(data.stakeholder, told),)
        case BriefingWaived():
            waived = {"briefing": said(event, "reason")["reason"], "briefed": "waived"}
            return (_row(data.stakeholder, waived),)
        case ParticipationDeclined():
            turned_down = {"at": written(event.at), **said(event)}
            return (Entry("declined", str(event.seq), turned_down),)
        case EngagementPlanned():
            return _levels(data)
        case RoleHandedOver():
            return _handed_over(data, event)
        case _:
            return ()


def _row(who: str, members: dict[str, Any]) -> Entry:
    return Entry("stakeholder", who, members)


def _levels(data: EngagementPlanned) -> tuple[Entry, ...]:
    own = (("stakeholder", who, of) for who, of in data.stakeholders.items())
    all_of = (("kind", kind, of) for kind, of in data.kinds.items())
    found = [Entry("engagement", f"{a}:{b}", dict(of)) for a, b, of in (*own, *all_of)]
    if data.phases:
        found.append(Entry("engagement", "phases", dict(data.phases)))
    return tuple(found)


def _handed_over(data: RoleHandedOver, event: Event) -> tuple[Entry, ...]:
    now = written(event.at)
    ended = {"until": now, "to": data.successor, **said(event, "note")}
    begun = {"role": data.role, "actor": data.successor, "since": now, "until": None}
    return (
        Entry("role", f"{data.role}:{data.actor}", ended),
        Entry(
            "role",
            f"{data.role}:{data.successor}",
            begun | {"from": data.actor} | said(event, "name", "address"),
        ),
    )
