"""What a page takes where ten thousand dialogues and two million events are.

The record is that of `benchmarks.portfolio`, and every page is one of the table of
``tests/pages``, by who looks there: each time about another dialogue of the town, and
about one that people said things in. It is asked for over HTTP of a process as it
runs, one after another, so the time is that of the server and of a wire within one
machine. Made by name alone: `--only pages`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

from api.settings import Settings
from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.house import NEIGHBOUR, House, house
from benchmarks.kept import town_of
from benchmarks.portfolio import p95, size_of
from benchmarks.sizes import Sizes
from benchmarks.town import CITY, Town
from desk.entries import page as rows
from domain.state import Dialogue
from pages.serving import make_app
from pages.today.groups import BY_NAME
from tests.pages.table import GUEST, TABLE, State

BOUND: Final = 60
"""Milliseconds that 95 of 100 answers may take."""

HTML_BYTES: Final = 80_000
ASSET_BYTES: Final = 60_000

_DIALOGUES: Final = 40
_LEAST: Final = 5
_OK: Final = 200
_LISTS: Final = (
    "attention=1",
    "overdue=1",
    "status=running",
    "method={method}",
    "q=zicht",
    "q=zicht&role=any",
    "role=any",
    "role=process_director",
    "role=any&attention=1&status=running",
    "role=any&view=time",
    "view=time&span=year",
    "sort=title",
    "sort=-attention",
    "sort=phase",
    "sort=-updated",
    "sort=started",
    "page=250",
)
_MORE: Final[Mapping[str, tuple[State, ...]]] = {
    "/portfolio": tuple(State(each, f"/portfolio?{each}") for each in _LISTS),
    "/today": tuple(
        State(f"{name} {whose}", f"/today?group={name}{who}")
        for name in BY_NAME
        for whose, who in (("of one's own", ""), ("of everybody", "&who=all"))
    ),
}
"""What people choose there, beside what the table has."""


class Place(NamedTuple):
    """A dialogue to look at: what stands in addresses, and the cookie of a participant.

    In a ``lively`` one people said things in words.
    """

    facts: Mapping[str, str]
    guest: str
    lively: bool = False


@dataclass
class Visited:
    """What the visits to one page took, and how large the largest answer was."""

    seconds: list[float] = field(default_factory=list[float])
    largest: int = 0


async def pages(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Make a town, and visit every page of it."""
    async with (
        town_of(ground, size_of(sizes)) as (url, town),
        house(ground, url) as visited,
    ):
        first = await _first(visited)
        places = await _places(visited, town)
        rounds = max(sizes.questions // 3, _LEAST)
        found = await _visits(visited, places, rounds)
    note = f"{len(town.streams):,} dialogues, {town.events:,} events"
    return [first, *_figures(found, note), _assets()]


async def _first(visited: House) -> Figure:
    """Ask for the first page of a process that just said it is ready."""
    session = await visited.session("director")
    began = time.perf_counter()
    await visited.get("/today", session)
    took = 1_000 * (time.perf_counter() - began)
    what = "the first page of a process"
    return Figure(name="pages", what=what, value=took, unit="ms")


async def _places(visited: House, town: Town) -> Sequence[Place]:
    """Give dialogues of the city, with somebody who takes part in each."""
    ours = [each for each in town.streams if each.startswith(f"{CITY}:")]
    chosen = Random(1).sample(ours, min(_DIALOGUES, len(ours)))
    quiet = [await _place(visited, each) for each in chosen]
    rich = visited.facts["dialogue"]
    return [
        Place(visited.facts, await visited.guest(rich, NEIGHBOUR), lively=True),
        *quiet,
    ]


async def _place(visited: House, stream: str) -> Place:
    facts = {**_of(stream, await visited.desk.dialogue(stream))}
    said = await rows(visited.desk, stream, "response", limit=1)
    for row in said:
        facts |= {name: str(row.data[name]) for name in ("window", "number")}
    who = str(said[0].data["respondent"]) if said else "nobody"
    return Place(facts, await visited.guest(stream, who))


def _of(stream: str, state: Dialogue) -> Mapping[str, str]:
    every = [step for phase in state.plan.phases for step in phase.steps]
    windows = [f"{step.id}.{each.id}" for step in every for each in step.windows]
    lacking = ("asset", "stakeholder", "interest", "meeting", "agreement", "report")
    return {
        "dialogue": stream,
        "young": stream,
        "ended": stream,
        "step": every[0].id,
        "window": windows[0] if windows else "-",
        "number": "1",
        "seq": str(max(1, state.version // 2)),
        "method": state.plan.id,
        **dict.fromkeys(lacking, "-"),
    }


def _states() -> Iterator[tuple[str, State]]:
    for route, states in TABLE.items():
        for state in (*states, *_MORE.get(route, ())):
            if state.html and state.status == _OK:
                yield route, state


async def _visits(
    visited: House, places: Sequence[Place], rounds: int
) -> dict[str, Visited]:
    """Visit every page in turn; what a dialogue does not have is left out."""
    found: dict[str, Visited] = {}
    lively, quiet = places[0], places[1:]
    for number in range(-_LEAST, rounds):
        for route, state in _states():
            for place in (lively, quiet[number % len(quiet)]):
                seen = found.setdefault(_named(route, state, place), Visited())
                await _visit(visited, (state.address or route), state, place, seen)
        if number < 0:
            # What a process is slow at once is told apart.
            found.clear()
    return {name: each for name, each in found.items() if len(each.seconds) >= _LEAST}


def _named(route: str, state: State, place: Place) -> str:
    name = f"{route}, {state.name}"
    about = "{" in (state.address or route) or route.startswith("/mine")
    return f"{name} (with words)" if about and place.lively else name


async def _visit(
    visited: House, address: str, state: State, place: Place, seen: Visited
) -> None:
    session = None
    if state.role == GUEST:
        session = place.guest
    elif state.role is not None:
        session = await visited.session(state.role)
    where = address.format(**place.facts)
    began = time.perf_counter()
    answer = await visited.get(where, session)
    seconds = time.perf_counter() - began
    if answer.status_code == _OK:
        seen.seconds.append(seconds)
        seen.largest = max(seen.largest, len(answer.content))


def _figures(visited: Mapping[str, Visited], note: str) -> list[Figure]:
    times = [p95("pages", name, each.seconds, BOUND) for name, each in visited.items()]
    slow = sum(each.value > BOUND for each in times)
    name, largest = max(visited.items(), key=lambda pair: pair[1].largest)
    worst = max(times, key=lambda each: each.value)
    return [
        *times,
        Figure(
            name="pages", what=f"the slowest of {len(times)} pages, p95",
            value=worst.value, unit="ms", low=worst.low, high=worst.high,
            bound=BOUND, note=f"{worst.what}; {note}",
        ),
        Figure(
            name="pages", what="pages slower than that bound", value=slow, unit="",
            bound=0,
        ),
        Figure(
            name="pages", what="HTML of the largest page", value=largest.largest,
            unit="bytes", bound=HTML_BYTES, note=name,
        ),
    ]  # fmt: skip


def _assets() -> Figure:
    assets = make_app(Settings(database="-")).state.assets
    together = sum(len(each.compressed) for each in assets.by_name.values())
    return Figure(
        name="pages", what="all assets, compressed", value=together,
        unit="bytes", bound=ASSET_BYTES,
    )  # fmt: skip
