"""What is looked up about windows: which late responses are used, and suspensions."""

from __future__ import annotations

from domain.entry import Entry, place
from domain.events import AnyEvent, Event
from domain.facts import written
from domain.state import Dialogue
from domain.suspension_facts import DialogueSuspended, SuspensionLifted
from domain.window_facts import LateResponseUsed


def entries_of(data: AnyEvent, event: Event, after: Dialogue) -> tuple[Entry, ...]:
    """Give a patch to a ``response``, or a row of kind ``suspension``, by its id.

    ``used`` is when a late response was used, ``used_by`` who did that, and
    ``used_reason`` the place of the reason.
    """
    del after
    at = written(event.at)
    match data:
        case LateResponseUsed():
            used = {"used": at, "used_by": event.actor.id}
            used |= {"used_reason": place(event, "reason")}
            return (Entry("response", f"{data.window}/{data.number}", used),)
        case DialogueSuspended():
            members = {"suspended": at, "lifted": None}
            return (Entry("suspension", data.suspension, members),)
        case SuspensionLifted():
            return (Entry("suspension", data.suspension, {"lifted": at}),)
        case _:
            return ()
