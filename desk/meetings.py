"""Meetings as people look at them: when and where, who was asked, who came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from desk.desk import Desk, Sender
from desk.entries import EntryRow, entries, opened
from desk.meeting_form import FORMATS
from desk.overview import local
from desk.titles import Titles
from domain.clock import to_dialogue_time
from domain.happenings import Happened
from domain.people_register import unreached
from domain.state import Dialogue
from language import translator

_WORDS: Final = ("place", "online", "programme", "message", "minutes", "reason")

Standing = Literal["to_come", "under_way", "over", "held", "cancelled", "voided"]
"""How a meeting stands; ``over`` is one of which nobody has said yet how it went."""


class MeetingView(NamedTuple):
    """A meeting, to be looked at; ``begins`` and ``ends`` are local wall clock.

    Of one that was noted afterwards it is known when it was ``held``, and these two are
    the bounds of that; ``times`` says how many meetings it stands for, if several.
    ``missed`` are those invited whom no message reached. ``words`` are the private
    texts that were opened.
    """

    id: str
    title: str
    standing: Standing
    begins: datetime
    ends: datetime
    step: str | None
    format: str | None
    roles: tuple[str, ...]
    invited: tuple[str, ...]
    missed: tuple[str, ...]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    others: int | None
    capacity: int | None
    version: int
    reference: str | None
    sha256: str | None
    held: Happened | None
    times: int | None
    source: str | None
    words: Mapping[str, str]

    @property
    def came(self) -> int | None:
        """How many came, as far as that was recorded."""
        return None if self.others is None else len(self.present) + self.others


class Meetings(NamedTuple):
    """The meetings of a dialogue, in the order of time.

    ``names`` are those of people, where they were opened; ``unreached`` are those on
    the register who were not reached yet.
    """

    stream: str
    state: Dialogue
    meetings: tuple[MeetingView, ...]
    unreached: tuple[str, ...]
    names: Mapping[str, str]


async def meetings(
    desk: Desk, stream: str, lang: str, reader: Sender | None = None
) -> Meetings:
    """Look at all meetings; with a ``reader`` who may, also at what is private.

    Raises `NotFound`, `Refused`.
    """
    state = await desk.dialogue(stream)
    now = to_dialogue_time(state.clock, datetime.now(UTC))
    rows = await entries(desk, stream, "meeting")
    if reader is None:
        return seen(stream, state, now, rows, names={}, lang=lang)
    roles = await entries(desk, stream, "role")
    people = await entries(desk, stream, "stakeholder")
    found = await opened(desk, stream, (*rows, *roles, *people), reader)
    count = len(rows)
    names = _names(found[count:])
    return seen(stream, state, now, found[:count], names=names, lang=lang)


def _names(rows: Iterable[EntryRow]) -> dict[str, str]:
    """Give the names of people, by their ids, where they were opened."""
    return {
        str(row.data.get("actor", row.id)): name
        for row in rows
        if isinstance(name := row.data.get("name"), str)
    }


def seen(
    stream: str,
    state: Dialogue,
    now: datetime,
    rows: Iterable[EntryRow],
    *,
    names: Mapping[str, str],
    lang: str,
) -> Meetings:
    """Make of rows what is looked at; ``now`` is dialogue time."""
    titles = Titles(state.plan, lang)
    found = [_view(row, state, titles, now) for row in rows]
    found.sort(key=lambda view: (view.begins, view.id))
    return Meetings(stream, state, tuple(found), unreached(state), names)


def _view(row: EntryRow, state: Dialogue, titles: Titles, now: datetime) -> MeetingView:
    data = row.data
    held = Happened.model_validate(data["held"]) if "held" in data else None
    begins, ends = _bounds(held, state) if held else _instants(data)
    known = state.meetings.get(row.id)
    step, kind = data.get("step"), data.get("format")
    return MeetingView(
        id=row.id,
        title=data["title"],
        standing=_standing(data["status"], begins, ends, now),
        begins=local(state, begins),
        ends=local(state, ends),
        step=titles.step(step) if step else None,
        format=_format(kind, titles.lang) if kind else None,
        roles=tuple(titles.role(role) for role in data.get("roles", ())),
        invited=tuple(data.get("invited", ())),
        missed=known.missed if known else (),
        present=tuple(data.get("present", ())),
        absent=tuple(data.get("absent", ())),
        others=data.get("others"),
        capacity=data.get("capacity"),
        version=data.get("version", 0),
        reference=data.get("reference"),
        sha256=data.get("sha256"),
        held=held,
        times=data.get("times"),
        source=data.get("source"),
        words={n: data[n] for n in _WORDS if isinstance(data.get(n), str)},
    )


def _instants(data: Mapping[str, Any]) -> tuple[datetime, datetime]:
    begins, ends = (datetime.fromisoformat(data[name]) for name in ("begins", "ends"))
    return begins, ends


def _bounds(held: Happened, state: Dialogue) -> tuple[datetime, datetime]:
    """Give the begin of the first and the end of the last day that it can have been."""
    zone = ZoneInfo(state.zone)
    first, last = (datetime.combine(d, time(), zone) for d in (held.first, held.last))
    return first, last + timedelta(days=1)


def _format(kind: str, lang: str) -> str:
    return translator(lang)(FORMATS[kind]) if kind in FORMATS else kind


def _standing(status: str, begins: datetime, ends: datetime, now: datetime) -> Standing:
    match status:
        case "held" | "cancelled" | "voided":
            return status
        case _ if now < begins:
            return "to_come"
        case _:
            return "under_way" if now < ends else "over"
