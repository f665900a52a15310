"""The harvest of a dialogue as people look at it: what came of it, what is promised.

Everything is there that was ever recorded, what no longer stands too, with how it
stands now. Private texts are opened for whoever may read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from desk.desk import Desk, Sender
from desk.entries import EntryRow, entries, opened
from desk.setting import Setting
from domain.clock import Clock, to_dialogue_time
from domain.entries import Kind
from domain.state import Dialogue
from storage.promises import promises as open_promises

KINDS: Final[Mapping[str, Kind]] = {
    "reports": "report",
    "conclusions": "conclusion",
    "decisions": "decision",
    "agreements": "agreement",
    "communications": "communication",
    "feedback": "feedback",
    "endings": "ending",
}
"""Kinds of entries, by the name under which they are listed."""

Standing = Literal[
    "open",
    "due",
    "overdue",
    "to_review",
    "kept",
    "broken",
    "renegotiated",
    "lapsed",
]
"""How an agreement stands; ``due``: its last day is within a week."""

_SOON: Final = 7


class Harvest(NamedTuple):
    """What came of a dialogue: rows by the names of `KINDS`."""

    stream: str
    state: Dialogue
    rows: Mapping[str, tuple[EntryRow, ...]]
    agreements: tuple[Promise, ...]


class Promise(NamedTuple):
    """An agreement: who keeps it, until when, and how it stands.

    ``others`` keep it too, each their own part; ``parts`` is what became of the parts
    that are settled, ``last_parts`` of all of them the time before.
    ``days`` is from the dialogue's today to the last day; negative when it has passed.
    ``words`` are those of its private texts that were opened.
    """

    stream: str
    dialogue: str
    id: str
    who: str
    others: tuple[str, ...]
    parts: Mapping[str, str]
    last_parts: Mapping[str, str]
    last_day: date | None
    days: int | None
    standing: Standing
    watched_by: str | None
    repeats: int | None
    step: str | None
    words: Mapping[str, str]

    @property
    def open(self) -> bool:
        """Whether it still has to be kept."""
        return self.standing in {"open", "due", "overdue", "to_review"}

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who keeps it."""
        return (self.who, *self.others)


async def harvest(desk: Desk, stream: str, reader: Sender | None = None) -> Harvest:
    """Look at what came of a dialogue; with a ``reader`` who may, at the texts too.

    Raises `NotFound`, and `Refused` for a reader who may not.
    """
    state = await desk.dialogue(stream)
    rows: dict[str, tuple[EntryRow, ...]] = {}
    for name, kind in KINDS.items():
        found = await entries(desk, stream, kind)
        if reader is not None:
            found = await opened(desk, stream, found, reader)
        rows[name] = tuple(found)
    promised = tuple(of_rows(stream, state, rows["agreements"]))
    return Harvest(stream, state, rows, promised)


def of_rows(
    stream: str, state: Dialogue | Setting, rows: tuple[EntryRow, ...]
) -> list[Promise]:
    """Give the agreements of a dialogue, open ones first, by their last day."""
    place = _Place(stream, state.title, state.clock, state.zone)
    return sorted((_promise(place, row.id, row.data) for row in rows), key=_order)


async def promises(
    desk: Desk, actor: str | None = None, organisation: str | None = None
) -> list[Promise]:
    """Give agreements that are open, over all dialogues of an actor or of anybody.

    Those that are due first come first; at most `storage.promises.MOST`. An archived
    dialogue watches none any more, and gives none.
    """
    rows = await open_promises(desk.pool, organisation=organisation, actor=actor)
    found: list[Promise] = []
    for row in rows:
        clock = Clock.model_validate(row.clock)
        place = _Place(row.stream, row.title, clock, row.zone)
        found.append(_promise(place, row.id, row.data))
    return found


class _Place(NamedTuple):
    """Whose agreement it is, and the clock it is looked at by."""

    stream: str
    title: str
    clock: Clock
    zone: str


def _promise(place: _Place, name: str, said: Mapping[str, Any]) -> Promise:
    now = to_dialogue_time(place.clock, datetime.now(UTC))
    rule = said.get("rule")
    day = date.fromisoformat(rule["last_day"]) if rule else None
    today = now.astimezone(ZoneInfo(place.zone)).date()
    days = (day - today).days if day else None
    ended: Mapping[str, Any] = said.get("settled") or said.get("last") or {}
    texts: dict[str, Any] = {**said, "reason": ended.get("reason")}
    words = {n: texts.get(n) for n in ("what", "how", "reason")}
    return Promise(
        stream=place.stream,
        dialogue=place.title,
        id=name,
        who=said["who"],
        others=tuple(said.get("others", ())),
        parts=said.get("parts", {}),
        last_parts=(said.get("last") or {}).get("parts", {}),
        last_day=day,
        days=days,
        standing=_standing(said, days),
        watched_by=said.get("watched_by"),
        repeats=said.get("repeats"),
        step=said.get("step"),
        words={n: text for n, text in words.items() if isinstance(text, str)},
    )


def _standing(said: Mapping[str, Any], days: int | None) -> Standing:
    settled = said.get("settled")
    if settled:
        return settled["outcome"]
    if said.get("to_review"):
        return "to_review"
    if days is None or days > _SOON:
        return "open"
    return "overdue" if days < 0 else "due"


def _order(promise: Promise) -> tuple[bool, date, str]:
    return (not promise.open, promise.last_day or date.max, promise.id)


def document(promise: Promise) -> dict[str, Any]:
    """Give an agreement as JSON."""
    told = promise._asdict()
    day = promise.last_day.isoformat() if promise.last_day else None
    return {
        "dialogue": told["stream"],
        "title": told["dialogue"],
        "agreement": told["id"],
        "who": told["who"],
        "parties": [
            {
                "who": who,
                "outcome": promise.parts.get(who),
                "before": promise.last_parts.get(who),
            }
            for who in (promise.parties if promise.others else ())
        ],
        "lastDay": day,
        "days": told["days"],
        "standing": told["standing"],
        "watchedBy": told["watched_by"],
        "repeats": told["repeats"],
        "step": told["step"],
        "private": dict(promise.words),
    }
