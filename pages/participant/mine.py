"""One person's part of one dialogue, as far as they may see it: their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from api.looking import words as open_words
from api.resources import RESOURCES
from api.security import Visit
from desk.answered import ResponseView, seen
from desk.drafts import kept
from desk.entries import EntryRow, bearing_on, page
from desk.response_rows import said_by
from desk.setting import Setting
from desk.texts_at import places_in
from desk.titles import Titles
from domain.facts import Place
from domain.response_numbers import bits_of
from domain.state import Dialogue
from pages.participant.asked import Asked, asked_of

_MOST: Final = 100


class Mine(NamedTuple):
    """Somebody's own part: what is asked of them, and what they said."""

    visit: Visit
    stream: str
    state: Dialogue
    titles: Titles
    who: str
    asked: list[Asked]
    said: list[EntryRow]

    @property
    def roles(self) -> list[str]:
        """The titles of the roles that they hold."""
        held = (role for role, who in self.state.roles.items() if self.who in who)
        return [self.titles.role(role) for role in held]

    @property
    def seat(self) -> str:
        """The name of the organisation, as its dialogues have it."""
        return self.stream.partition(":")[0]

    def window(self, name: str) -> Asked | None:
        """Give one of the windows that ask them."""
        return next((each for each in self.asked if each.id == name), None)


async def mine(visit: Visit) -> Mine:
    """Give a participant's own part. Raises `NotFound` and `NotAllowed`."""
    caller = visit.caller
    stream = f"{caller.organisation}:{caller.dialogue or ''}"
    visit.allow("respond", stream)
    state = await visit.desk.dialogue(stream)
    titles = Titles(state.plan, visit.lang)
    said = await said_by(visit.desk, stream, caller.actor)
    drafts = await kept(visit.desk, stream, caller.actor)
    asked = asked_of(state, titles, caller.actor, said, drafts)
    return Mine(visit, stream, state, titles, caller.actor, asked, said)


async def responses(own: Mine, rows: Sequence[EntryRow]) -> list[ResponseView]:
    """Give these of what somebody said with their answers, newest first."""
    if not rows:
        return []
    every = await _bearing_on(own, rows)
    shown = (*rows, *every["answer"])
    places = [place for row in shown for place in _places(row)]
    words = await open_words(own.visit, own.stream, own.state, places, "responses")
    found = [
        view
        for name in {str(row.data["window"]) for row in rows}
        for view in seen(own.state, name, own.titles.window(name), every, words)
    ]
    return sorted(found, key=lambda view: view.received, reverse=True)


async def _bearing_on(
    own: Mine, rows: Sequence[EntryRow]
) -> Mapping[str, Sequence[EntryRow]]:
    """Give these responses with what bears on them: of others' nothing is read."""
    by_window: dict[str, list[EntryRow]] = {}
    for row in rows:
        by_window.setdefault(str(row.data["window"]), []).append(row)
    found = [
        await bearing_on(own.visit.desk, own.stream, window, theirs)
        for window, theirs in by_window.items()
    ]
    every = {kind: [row for one in found for row in one[kind]] for kind in found[0]}
    return every | {"answer": _theirs(rows, every["answer"])}


def _theirs(rows: Iterable[EntryRow], answers: Iterable[EntryRow]) -> list[EntryRow]:
    """Leave the answers that are to what this person said: of others they see none."""
    bits: dict[str, int] = {}
    for row in rows:
        window = str(row.data["window"])
        bits[window] = bits.get(window, 0) | 1 << int(row.data["number"])
    return [
        row
        for row in answers
        if bits_of(row.data["numbers"]) & bits.get(str(row.data["window"]), 0)
    ]


def _places(row: EntryRow) -> Iterable[Place]:
    return places_in({n: row.data.get(n) for n in ("response", "reason")})


class Meeting(NamedTuple):
    """A meeting that somebody is invited to, or was at."""

    id: str
    title: str
    status: str
    begins: str | None
    ends: str | None
    was_there: bool
    words: Mapping[str, str]


async def meetings(own: Mine) -> list[Meeting]:
    """Give the meetings that concern somebody, the next one first."""
    rows = await _concerning(own, "meetings")
    names = ("place", "online", "programme", "message")
    places = [p for row in rows for p in places_in({n: row.data.get(n) for n in names})]
    words = await _opened(own, places, "meetings")
    found = [_meeting(own, row, words) for row in rows]
    return sorted(found, key=lambda one: (one.status != "planned", one.begins or ""))


def _meeting(own: Mine, row: EntryRow, words: Mapping[Place, str]) -> Meeting:
    data = row.data
    told: dict[str, str] = {}
    for name in ("place", "online", "programme", "message"):
        for place in places_in(data.get(name)):
            if place in words:
                told[name] = words[place]
    return Meeting(
        id=row.id,
        title=data["title"],
        status=data["status"],
        begins=data.get("begins"),
        ends=data.get("ends"),
        was_there=own.who in (data.get("present") or ()),
        words=told,
    )


class Paper(NamedTuple):
    """A report that somebody was told of: what it is called, and where it is."""

    title: str
    status: str
    reference: str | None

    @property
    def link(self) -> str | None:
        """Its address, if it has one that a browser can open."""
        told = self.reference or ""
        return told if told.startswith(("https://", "http://")) else None


async def papers(own: Mine) -> list[Paper]:
    """Give the reports that stand and were for one of somebody's roles."""
    rows = await _concerning(own, "reports")
    standing = own.state.harvest.reports
    return [
        Paper(row.data["title"], row.data["status"], row.data.get("reference"))
        for row in rows
        if row.id in standing and standing[row.id].stands
    ]


async def _concerning(own: Mine, name: str) -> list[EntryRow]:
    """Give the rows of a list that concern somebody, as the API has them."""
    resource = next(each for each in RESOURCES if each.name == name)
    chosen = resource.concerning(
        Setting(own.state.title, own.state.zone, own.state.clock, own.state.roles),
        own.who,
    )
    if chosen.like == []:
        return []
    return await page(
        own.visit.desk, own.stream, resource.kind, like=chosen.like, limit=_MOST
    )


async def _opened(own: Mine, places: list[Place], what: str) -> Mapping[Place, str]:
    if not places:
        return {}
    return await open_words(own.visit, own.stream, own.state, places, what)
