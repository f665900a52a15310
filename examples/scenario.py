"""A scenario is data: who takes part, what they do and when, and what must come of it.

One YAML file is one dialogue, re-enacted after a real case. Instants are wall clock in
the dialogue's own zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from domain.deadline_facts import Deadline
from domain.facts import OpaqueId, PartId, Slug
from examples.acts import AnyAct, Do, Part, Text, Wait

_KNOWN: Final = "organisation"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScenarioInvalid(Exception):
    """A scenario's file can't be played; the message says where and why."""


class Source(Part):
    """The real case: its id in our collection, and the public pages it rests on."""

    case: Slug
    titles: Annotated[tuple[str, ...], Field(min_length=1)]


class Person(Part):
    """An invented person. Name and address go to the vault; the id is opaque.

    ``party`` is the real organisation or group that they stand for here.
    """

    id: OpaqueId
    name: str
    address: Annotated[str, Field(pattern=r"^[a-z0-9.-]+@([a-z]+\.)?example\.org$")]
    party: str
    roles: Annotated[tuple[PartId, ...], Field(min_length=1)]


class WindowEnd(Part):
    """How one opening of a window ended; ``run`` counts from 1."""

    window: str
    run: int = 1
    status: Literal["closed", "voided"] = "closed"
    on_time: int
    late: int = 0


class End(Part):
    """What must be true when the last act was played.

    ``rounds`` of steps done more than once; ``messages``: for each kind of notice who
    got it, once for each time. Where it is null, whoever was told is not expected by
    name: that what is on record went out, and nothing else, is checked all the same.
    """

    status: Literal["running", "completed", "cancelled", "archived"]
    rounds: dict[PartId, int] = {}
    windows: tuple[WindowEnd, ...] = ()
    compensations: int = 0
    messages: dict[str, tuple[OpaqueId, ...]] | None = {}


class OwnVersion(Part):
    """A version of the method that the organisation publishes for itself.

    ``windows`` gives other settings to windows, by their full id.
    """

    version: str
    because: Text
    windows: dict[str, dict[str, Any]]


class Entry(Part):
    """A dated entry of the real case; acts name it by its number, from 1.

    ``missing`` says what of it can't be said, and why.
    """

    date: str
    kind: PartId
    what: str
    status: Literal["happened", "planned", "cancelled"] = "happened"
    certainty: Literal["sure", "inferred", "conflicting", "one_source"] = "sure"
    track: str | None = None
    source: str
    missing: str | None = None


class Shape(Part):
    """A behaviour seen in the case; ``by`` are the commands that say it.

    ``missing`` says what of it can't be said, and why.
    """

    what: str
    by: tuple[str, ...] = ()
    missing: str | None = None


class Case(Part):
    """A real case as its sources tell it: organisations and dates, no private persons.

    ``sources`` are the titles by the short names that entries use.
    """

    sources: dict[str, str]
    timeline: tuple[Entry, ...]
    shapes: tuple[Shape, ...]


class Scenario(Part):
    """One dialogue to play. ``real`` the case says; ``ours`` we made up or changed."""

    id: Slug
    source: Source
    organisation: Slug
    organisation_name: str
    slug: Slug
    method: PartId
    own_version: OwnVersion | None = None
    day_ms: Annotated[int, Field(ge=10)] | None = None
    case: Case | None = None
    title: Text
    question: str
    story: Text
    real: tuple[Text, ...]
    ours: tuple[Text, ...]
    begins: datetime
    zone: str = "Europe/Amsterdam"
    calendar: Literal["NL", "BE"] = "NL"
    director: OpaqueId
    deadlines: tuple[Deadline, ...] = ()
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    acts: Annotated[tuple[AnyAct, ...], Field(min_length=1)]
    ends: End

    @property
    def stream(self) -> str:
        """The name of the dialogue: ``organisation:slug``."""
        return f"{self.organisation}:{self.slug}"

    @property
    def director_role(self) -> str:
        """The role in which the director runs the process: the first they have."""
        return next(p.roles[0] for p in self.people if p.id == self.director)

    def instant(self, wall: datetime) -> datetime:
        """Give the instant of a wall-clock time in the dialogue's zone."""
        return wall.replace(tzinfo=ZoneInfo(self.zone))

    def person(self, id_: str) -> Person | None:
        """Give a person by their id; none for the public."""
        return next((person for person in self.people if person.id == id_), None)

    def secrets(self) -> Iterator[str]:
        """Give every text that may stand in the vault and nowhere else.

        An organisation's name is private in the register, but its case tells it.
        """
        for person in self.people:
            yield from (person.name, person.address)
        for act in self.acts:
            if isinstance(act, Do):
                yield from (text for name, text in act.texts() if name != _KNOWN)

    @field_validator("begins")
    @classmethod
    def _wall_clock(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            message = "write wall clock in the dialogue's zone, without an offset"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        known = {person.id for person in self.people}
        if self.director not in known:
            message = f"the director {self.director} is not among the people"
            raise ValueError(message)
        moment = self.begins
        for number, act in enumerate(self.acts, 1):
            if act.at is not None and act.at < moment:
                message = f"act {number} is before the one that precedes it"
                raise ValueError(message)
            moment = act.at or moment
            if isinstance(act, Wait) and act.once is None and act.at is None:
                message = f"act {number} waits for nothing"
                raise ValueError(message)
        return self

    @property
    def seconds(self) -> int:
        """About how many seconds its play takes, at its own speed."""
        days = (self.last_day - self.begins.date()).days
        return round(days * (self.day_ms or 1_000) / 1_000)

    @property
    def last_day(self) -> date:
        """The last day that an act names, or a window that it opens."""
        named = {(act.at or self.begins).date() for act in self.acts}
        bodies = (act.body for act in self.acts if isinstance(act, Do))
        until = (body.get("duration", {}).get("until") for body in bodies)
        return max(named | {date.fromisoformat(day) for day in until if day})


def read(text: str, name: str) -> Scenario:
    """Read a scenario; raises `ScenarioInvalid` with every problem and its place."""
    try:
        return Scenario.model_validate(yaml.load(text, _LOADER))  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise ScenarioInvalid(f"{name}: {error}") from error
    except ValidationError as error:
        problems = (
            f"{name}: {'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
            for one in error.errors()
        )
        raise ScenarioInvalid("\n".join(problems)) from error


def read_file(path: Path) -> Scenario:
    """Read a scenario from a file; raises `ScenarioInvalid`, also if it isn't there."""
    try:
        return read(path.read_text("utf-8"), path.name)
    except OSError as error:
        raise ScenarioInvalid(f"{path}: {error.strerror}") from error


@cache
def cases() -> tuple[Scenario, ...]:
    """Give the real cases that come along, by id."""
    found = (
        read(file.read_text("utf-8"), file.name)
        for file in files("examples").joinpath("cases").iterdir()
        if file.name.endswith(".yaml")
    )
    return tuple(sorted(found, key=lambda scenario: scenario.id))


@cache
def shipped() -> tuple[Scenario, ...]:
    """Give the scenarios that come along, by id."""
    found = (
        read(file.read_text("utf-8"), file.name)
        for file in files("examples").iterdir()
        if file.name.endswith(".yaml")
    )
    return tuple(sorted(found, key=lambda scenario: scenario.id))
