"""Who holds which role, and held it: one row for each role and holder."""

from __future__ import annotations

from domain.entry import Entry, said
from domain.events import AnyEvent, DialogueStarted, Event, RoleAssigned, RoleReleased
from domain.facts import written
from domain.state import Dialogue


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give rows of kind ``role``, named ``<role>:<actor>``; ``until`` ends one."""
    del after
    match data:
        case DialogueStarted():
            return tuple(
                _begun(role, who, event)
                for role, holders in data.roles.items()
                for who in holders
            )
        case RoleAssigned():
            begun = _begun(data.role, data.actor, event)
            named = said(event, "name", "address")
            return (begun._replace(data={**(begun.data or {}), **named}),)
        case RoleReleased():
            ended = {"until": written(event.at), **said(event, "reason")}
            return (Entry("role", f"{data.role}:{data.actor}", ended),)
        case _:
            return ()


def _begun(role: str, who: str, event: Event) -> Entry:
    since = {"role": role, "actor": who, "since": written(event.at), "until": None}
    return Entry("role", f"{role}:{who}", since)
