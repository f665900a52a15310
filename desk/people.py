"""Who is involved, as people look at it: the affected who have little say come first.

The register with weights and levels of engagement, those who left, and who holds which
role, the sounding board among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from desk.desk import Desk, Sender
from desk.entries import EntryRow, entries, opened
from desk.titles import Titles
from domain.people_register import engagement_levels, phases
from domain.people_register_facts import STANDINGS, Stakeholder, Standing, by_need
from domain.people_register_facts import standing as stands
from domain.state import Dialogue
from language import mark, translator

LEVELS: Final[Mapping[str, str]] = {
    "inform": mark("inform"),
    "consult": mark("consult"),
    "involve": mark("involve"),
    "collaborate": mark("work together"),
}
"""What the built-in levels of engagement are called."""

WEIGHTS: Final[Mapping[str, tuple[str, ...]]] = {
    "impact": (
        mark("not at all"),
        mark("a little"),
        mark("strongly"),
        mark("very strongly"),
    ),
    "influence": (mark("none"), mark("little"), mark("much"), mark("very much")),
}
"""What weights are called, from 0 to 3."""

WORDS: Final = ("name", "organisation", "address", "constituency", "mandate")
_HEARD: Final = "consult"
"""The level from which on people are asked something."""


class Level(NamedTuple):
    """A level of engagement in a phase; ``of_kind``: planned for all of a kind."""

    level: str
    title: str
    of_kind: bool


class Person(NamedTuple):
    """A stakeholder. ``left`` is when they left; ``words`` what was opened."""

    id: str
    kind: str | None
    standing: Standing
    impact: int | None
    influence: int | None
    reached: bool
    unbriefed: bool
    left: str | None
    levels: Mapping[str, Level]
    roles: tuple[str, ...]
    words: Mapping[str, str]

    @property
    def order(self) -> tuple[Any, ...]:
        """Where they come: those present first, affected but weak first of all."""
        known = Stakeholder(self.impact, self.influence)
        return self.left is not None, *by_need((self.id, known))


class RoleView(NamedTuple):
    """A role of the method and who holds it now."""

    id: str
    title: str
    holders: tuple[str, ...]


class Declined(NamedTuple):
    """Somebody who asked to take part and was turned down, in ``where`` if named."""

    who: str
    at: str
    where: str | None
    reason: str | None


class People(NamedTuple):
    """Everybody in a dialogue, to be looked at."""

    stream: str
    state: Dialogue
    present: tuple[Person, ...]
    left: tuple[Person, ...]
    roles: tuple[RoleView, ...]
    phases: Mapping[str, str]
    kinds: Mapping[str, str]
    planned: bool
    """Whether any level of engagement was planned."""
    declined: tuple[Declined, ...] = ()

    def unheard(self) -> tuple[Person, ...]:
        """Give the affected but weak whom the plan nowhere asks anything."""
        return tuple(
            each
            for each in self.present
            if self.planned
            and each.standing == STANDINGS[0]
            and not any(self._asks(level.level) for level in each.levels.values())
        )

    def _asks(self, level: str) -> bool:
        order = engagement_levels(self.state.plan)
        first = order.index(_HEARD) if _HEARD in order else 1
        return level in order[first:]


async def people(
    desk: Desk, stream: str, lang: str, reader: Sender | None = None
) -> People:
    """Look at who is involved; with a ``reader`` who may, also by name.

    Raises `NotFound`, `Refused`.
    """
    state = await desk.dialogue(stream)
    rows = await entries(desk, stream, "stakeholder")
    away = await entries(desk, stream, "declined")
    if reader is not None:
        count = len(rows)
        every = await opened(desk, stream, (*rows, *away), reader)
        rows, away = every[:count], every[count:]
    plan = {row.id: row.data for row in await entries(desk, stream, "engagement")}
    found = seen(stream, state, rows, plan, lang)
    return found._replace(declined=tuple(_declined(state, row, lang) for row in away))


def _declined(state: Dialogue, row: EntryRow, lang: str) -> Declined:
    data, reason = row.data, row.data.get("reason")
    meeting = state.meetings.get(data.get("meeting", ""))
    window = data.get("window")
    where = Titles(state.plan, lang).window(window) if window else None
    return Declined(
        who=data["who"],
        at=data["at"],
        where=meeting.title if meeting else where,
        reason=reason if isinstance(reason, str) else None,
    )


def seen(
    stream: str,
    state: Dialogue,
    rows: list[EntryRow],
    plan: Mapping[str, Mapping[str, Any]],
    lang: str,
) -> People:
    """Look at who is involved, state, rows and plan of engagement being at hand."""
    titles = Titles(state.plan, lang)
    names = level_titles(titles)
    every = sorted(
        (_person(state, row, plan, names) for row in rows), key=lambda p: p.order
    )
    return People(
        stream=stream,
        state=state,
        present=tuple(each for each in every if each.left is None),
        left=tuple(each for each in every if each.left is not None),
        roles=tuple(
            RoleView(role.id, titles.role(role.id), state.holders(role.id))
            for role in state.plan.roles
        ),
        phases={name: _phase(state, titles, name) for name in phases(state)},
        kinds={k.id: titles.text(k.title) for k in state.plan.stakeholder_kinds},
        planned=any(each.levels for each in every),
    )


def _phase(state: Dialogue, titles: Titles, name: str) -> str:
    return state.project_phases.get(name) or titles.phase(name)


def level_titles(titles: Titles) -> Mapping[str, str]:
    """Give the levels of engagement that there are here with what they are called."""
    own = titles.plan.engagement_levels
    if own:
        return {level.id: titles.text(level.title) for level in own}
    _ = translator(titles.lang)
    return {level: _(text) for level, text in LEVELS.items()}


def _person(
    state: Dialogue,
    row: EntryRow,
    plan: Mapping[str, Mapping[str, Any]],
    titles: Mapping[str, str],
) -> Person:
    data = row.data
    impact, influence = data.get("impact"), data.get("influence")
    known = state.stakeholders.get(row.id)
    kind = data.get("kind")
    return Person(
        id=row.id,
        kind=kind,
        standing=stands(impact, influence),
        impact=impact,
        influence=influence,
        reached=bool(data.get("reached")),
        unbriefed=known is not None and known.unbriefed,
        left=data.get("left"),
        levels=_levels(plan, row.id, kind, titles),
        roles=tuple(role for role, who in state.roles.items() if row.id in who),
        words={name: data[name] for name in WORDS if isinstance(data.get(name), str)},
    )


def _levels(
    plan: Mapping[str, Mapping[str, Any]],
    who: str,
    kind: str | None,
    titles: Mapping[str, str],
) -> Mapping[str, Level]:
    """Give somebody's levels by phase: their own, else those of their kind."""
    found: dict[str, Level] = {}
    for place, of_kind in ((f"kind:{kind}", True), (f"stakeholder:{who}", False)):
        for phase, level in plan.get(place, {}).items():
            if level is not None:
                found[phase] = Level(level, titles.get(level, level), of_kind)
    return found
