"""What can be done now, and where it can't, why: the core is asked, nothing is sent.

A page offers an act only where its command would be obeyed. Where it would not, the
refusal says why, with the titles that people know instead of ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from api.security import Visit
from desk.access.acting_as import allow_command, as_sender
from desk.desk import Sender
from desk.errors import DeskError, NotFound, Refused
from desk.overview import Overview
from desk.titles import Titles
from desk.trying import tried
from domain.events import Event
from pages.wording import in_words

_IN_TITLES: Final = ("step", "item", "window", "gate", "missing", "gates", "windows")
"""The facts of a refusal that name parts of the plan by their ids."""


SEALED: Final = "…"
"""Stands in a trial for a text that somebody still has to write."""

TRIAL: Final = "polder-trial"
"""Stands in a trial for an id that somebody still has to give."""


class Offer(NamedTuple):
    """Whether an act is possible; if not ``why``, in the reader's language.

    ``events`` are what would happen. ``barred``: it is not for this reader at all.
    """

    possible: bool
    why: str = ""
    name: str = ""
    events: tuple[Event, ...] = ()
    barred: bool = False


class Offers(NamedTuple):
    """Asks, for one reader of one dialogue, what could be done."""

    visit: Visit
    view: Overview
    sender: Sender | None
    """Who would send; None for a reader who may not act at all."""

    @classmethod
    async def of(cls, visit: Visit, view: Overview) -> Offers:
        """Ask for whoever visits."""
        sender = None
        if "act" in visit.caller.scopes:
            sender = await as_sender(visit.desk, visit.caller, view.stream, via="http")
        return cls(visit, view, sender)

    def __call__(self, kind: str, **body: Any) -> Offer:  # noqa: ANN401 (a command's)
        """Say whether this command would be obeyed now."""
        lang = self.visit.lang
        if self.sender is None:
            return Offer(possible=False, barred=True)
        stream, state = self.view.stream, self.view.state
        try:
            allow_command(self.visit.caller, stream, kind, body)
            _state, events = tried(stream, state, kind, body, self.sender)
        except Refused as error:
            barred = error.name in {"NotEntitled", "NotHolder"}
            told = in_words(in_titles(error, self.view.titles), lang)
            return Offer(possible=False, why=told, name=error.name, barred=barred)
        except (DeskError, NotFound) as error:
            return Offer(possible=False, why=in_words(error, lang), barred=True)
        return Offer(possible=True, events=events)


def in_titles(error: Refused, titles: Titles) -> Refused:
    """Give a refusal with the titles of parts of the plan in the place of their ids."""
    facts = {
        name: _titled(titles, value) if name in _IN_TITLES else value
        for name, value in error.facts.items()
    }
    found = Refused(error.name, str(error), facts, template=error.template)
    found.zone, found.roles = error.zone, error.roles
    return found


def _titled(titles: Titles, value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    return ", ".join(_title(titles, each) for each in value.split(", "))


def _title(titles: Titles, name: str) -> str:
    plan = titles.plan
    if name in plan.gates:
        return f"“{titles.gate(name)}”"
    known = name in plan.items or name in plan.sub_items or name in plan.steps
    if not known and plan.window(name) is None:
        return name
    return f"“{titles.part(name)}”"


def body_of(**members: object) -> Mapping[str, Any]:
    """Give a command's body with what is said, and without what is not."""
    return {name: v for name, v in members.items() if v not in (None, (), [])}
