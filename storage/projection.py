"""A projection is the state folded by the core, laid out for questions.

Nothing here decides anything: ``evolve`` gives the state, and this module reads rows
off it. Folding the same events gives the same rows, to the last property.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from domain.calendar import Calendar, end_of_day
from domain.events import CalendarRenewed, DialogueStarted, Event, from_body
from domain.evolve import evolve
from domain.method import Method
from domain.need import Need
from domain.progress import (
    current_phase,
    current_steps,
    needs_attention,
    ready_steps,
)
from domain.state import Dialogue, Handled, thick
from storage.lists import Lists
from storage.needs import Needs, needs_of, written
from storage.parts import Texts, apart, texts_of, together

FORM: Final = 6
"""Raised whenever the rows of old events come out otherwise than before: the state, the
lists, or what is read off them. `polder db migrate` then makes all of them again."""

NO_DIALOGUE: Final = frozenset({"org", "polder"})
"""Organisations that are none: their streams hold no dialogues."""

Contents = Mapping[str, Method | Calendar]
"""Compiled methods and calendars by their SHA-256."""


def is_dialogue(stream: str) -> bool:
    """Tell whether the stream is that of a dialogue."""
    return stream.split(":", 1)[0] not in NO_DIALOGUE


class Rows(NamedTuple):
    """What a dialogue puts into the tables of schema ``read``, as JSON."""

    dialogue: str
    deadlines: str | None
    """Null where they are as they were."""
    parts: str | None
    """Large members of the state; null where they are as they were."""
    entries: str | None
    """Null where no list changes."""
    needs: str | None
    """Null where nobody is asked for anything else."""


class Laid(NamedTuple):
    """What was laid out of a dialogue: its state, by members, and what it asks.

    ``deadlines`` is "" where it is not known, and ``told`` None: what needs a person.
    """

    state: Dialogue
    texts: Texts
    needs: Needs
    deadlines: str = ""
    told: tuple[Need, ...] | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """A dialogue as its events up to ``head`` make it."""

    stream: str
    state: Dialogue
    calendar_hash: str
    head: str
    updated: datetime
    laid: Laid | None = field(default=None, compare=False)
    """What was made of it last, to see what has changed since."""


def fold(
    stream: str,
    before: Folded | None,
    events: Iterable[tuple[Mapping[str, Any], str]],
    contents: Contents,
    lists: Lists,
) -> Folded:
    """Fold events, each with its hash, onto what was folded before them.

    What they change in the dialogue's lists is added to ``lists``. Raises whatever the
    core raises for events that cannot be folded: a bug, or a program older than the
    record.
    """
    folded = before
    for members, digest in events:
        event = from_body(members, contents)
        # The digests of handled commands grow for life and answer no question here.
        light = event.model_copy(update={"digest": None})
        state = evolve(folded.state if folded else None, light)
        lists.take(event, state)
        calendar = _calendar_of(event) or (folded.calendar_hash if folded else "")
        laid = folded.laid if folded else None
        folded = Folded(stream, state, calendar, digest, event.at, laid)
    if folded is None:
        raise ValueError("nothing to fold")
    return folded


def _calendar_of(event: Event) -> str | None:
    match event.data:
        case DialogueStarted(calendar=calendar) | CalendarRenewed(calendar=calendar):
            return calendar.hash
        case _:
            return None


def hashes_in(bodies: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Give the hashes of the methods and calendars that these events bring."""
    for members in bodies:
        for name in ("method", "calendar"):
            reference = members["data"].get(name)
            if isinstance(reference, dict) and "hash" in reference:
                yield reference["hash"]


def restore(row: Mapping[str, Any], contents: Contents) -> Folded:
    """Return what was folded, from its row in read.dialogue.

    Raises ``ValueError`` where a program with another form made it.
    """
    if row["form"] != FORM:
        raise ValueError("the row has another form")
    plan, calendar = contents[row["method_hash"]], contents[row["calendar_hash"]]
    assert isinstance(plan, Method)  # noqa: S101 - the hash of a method
    assert isinstance(calendar, Calendar)  # noqa: S101 - the hash of a calendar
    state = thick(row["state"], plan, calendar, Handled())
    return Folded(
        row["stream"],
        state,
        row["calendar_hash"],
        row["head"],
        row["updated_at"],
        Laid(state, texts_of(state), needs_of(state)),
    )


def lay_out(folded: Folded, lists: Lists) -> tuple[Folded, Rows]:
    """Return the rows of a dialogue, and the dialogue with what was laid out noted.

    Deadlines, parts and needs are null where they are as they were laid out before.
    """
    state, before = folded.state, folded.laid
    deadlines = list(_deadlines(folded.stream, state))
    needs = needs_attention(state)
    asked = needs_of(state, before.needs if before else None)
    organisation, slug = folded.stream.split(":", 1)
    row = {
        "stream": folded.stream,
        "organisation": organisation,
        "slug": slug,
        "title": state.title,
        "status": state.status,
        "phase": current_phase(state),
        "step": _current_step(state),
        "method_id": state.method.id,
        "method_version": state.method.version,
        "method_hash": state.method.hash,
        "calendar_hash": folded.calendar_hash,
        "version": state.version,
        "head": folded.head,
        "next_deadline": min((row["due"] for row in deadlines), default=None),
        "open_windows": len(state.open_windows()),
        "attention": len(needs),
        # Null where they are as they were: of a big dialogue there are hundreds.
        "needs": None
        if before and before.told == needs
        else [need._asdict() for need in needs],
        "started_at": state.started.isoformat(),
        "updated_at": folded.updated.isoformat(),
        "form": FORM,
        "zone": state.zone,
        "clock": state.clock.model_dump(mode="json"),
    }
    due = json.dumps(deadlines)
    known = before.texts if before else None
    texts = texts_of(state, before.state if before else None, known)
    rows = Rows(
        f'{json.dumps(row)[:-1]}, "state": {together(texts)}}}',
        None if before and before.deadlines == due else due,
        apart(texts, known),
        lists.written(),
        written(state.clock, asked, before.needs if before else None),
    )
    return replace(folded, laid=Laid(state, texts, asked, due, needs)), rows


def _current_step(state: Dialogue) -> str | None:
    """Give the first step under way, else the first that is ready, else none."""
    return next(iter((*current_steps(state), *ready_steps(state))), None)


def _deadlines(stream: str, state: Dialogue) -> Iterator[dict[str, Any]]:
    if state.status in {"cancelled", "archived"}:
        return
    for window, run in state.running_windows().items():
        row = {
            "stream": stream,
            "target": window,
            "run": run.run,
            "audience": run.audience,
            "silent": len(run.silent),
        }
        yield row | {"kind": "window", "due": run.closes.isoformat()}
        for moment in run.reminders:
            yield row | {"kind": "reminder", "due": moment.isoformat()}
    yield from _dates(stream, state)


def _dates(stream: str, state: Dialogue) -> Iterator[dict[str, Any]]:
    calendar = state.calendar
    for number, deadline in enumerate(state.deadlines, 1):
        day = date.fromisoformat(deadline.date)
        if not calendar.first <= day <= calendar.last:
            continue  # until a renewed calendar says when that day ends
        yield {
            "stream": stream,
            "kind": "date",
            "target": deadline.title,
            "run": number,
            "due": end_of_day(calendar, day).isoformat(),
            "audience": None,
            "silent": 0,
        }
