"""A scenario is data: who takes part, what they do and when, and what must come of it.

One YAML file is one dialogue, re-enacted after a real case. What is expected stands
next to the act that must bring it about, so a file can be wrong, and the player says
where. Instants are wall clock in the dialogue's own zone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from domain.commands import COMMANDS, private_fields
from domain.errors import DomainError
from domain.events import EVENTS
from domain.facts import OpaqueId, PartId, Slug

Language = Literal["nl", "en"]


class ScenarioInvalid(Exception):
    """A scenario's file can't be played; the message says where and why."""


FAILED: Final = "<failed>"
"""In a command: the compensation that has failed, whatever its id."""


class Part(BaseModel):
    """A part of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Part):
    """The same in the languages of the report."""

    nl: str
    en: str

    def in_(self, lang: Language) -> str:
        """Give it in one language."""
        return self.nl if lang == "nl" else self.en


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


class Condition(Part):
    """Something that comes to hold by itself, or by others. Exactly one member.

    ``closed`` and ``open`` name a window, ``happened`` an event type (``times`` or
    more), ``compensations`` says that one has failed or that all have ended, and
    ``sent`` that no message waits.
    """

    closed: str | None = None
    open: str | None = None
    happened: str | None = None
    times: int = 1
    compensations: Literal["failed", "ended"] | None = None
    sent: Literal[True] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        said = (self.closed, self.open, self.happened, self.compensations, self.sent)
        if sum(one is not None for one in said) != 1:
            message = "name exactly one of closed, open, happened, compensations, sent"
            raise ValueError(message)
        return self

    @field_validator("happened")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        return _one_of(EVENTS, value)


class Act(Part):
    """Something that is done, not before ``at`` and not before ``once`` holds.

    ``says`` puts it in the words of the case, for the report.
    """

    at: datetime | None = None
    once: Condition | None = None
    says: Text | None = None


class Do(Act):
    """A command of ``by``; plain private text in ``body`` goes to the vault.

    It must be ``refused`` with that error, or record events, ``records`` among them.
    ``again`` sends it a second time under the same id: nothing may come of that.
    ``worker_killed`` kills the worker while the command is under way.
    """

    do: str
    by: OpaqueId
    body: dict[str, Any] = Field(default={}, alias="with")
    refused: str | None = None
    records: tuple[str, ...] = ()
    again: bool = False
    worker_killed: bool = False

    @field_validator("do")
    @classmethod
    def _a_kind(cls, value: str) -> str:
        kind = COMMANDS.get(value)
        if kind is None or kind.internal or value == "start_dialogue":
            message = f"{value} is no command that a person sends to a dialogue"
            raise ValueError(message)
        return value

    @field_validator("body")
    @classmethod
    def _as_json(cls, value: dict[str, Any]) -> dict[str, Any]:
        # YAML reads a day as a date, and commands travel as JSON.
        return json.loads(json.dumps(value, default=str))

    @field_validator("refused")
    @classmethod
    def _a_refusal(cls, value: str | None) -> str | None:
        return _one_of(DomainError.kinds, value)

    @field_validator("records")
    @classmethod
    def _types(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            _one_of(EVENTS, one)
        return value


    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        """Check the body's shape here, where file and place are known."""
        kind = COMMANDS[self.do]
        texts = {n for n in private_fields(kind) if isinstance(self.body.get(n), str)}
        hidden = {name: {"commitment": "0" * 64} for name in texts}
        body = {**self.body, **hidden}
        if body.get("compensation") == FAILED:
            body["compensation"] = "some"
        kind.model_validate(body)
        return self


class Preview(Act):
    """A look at what returning to the step ``preview`` would do, before it is done."""

    preview: PartId
    voids: tuple[PartId, ...] = ()
    undoes: tuple[str, ...] = ()
    tells: tuple[OpaqueId, ...] = ()


class Mail(Act):
    """From now on the mail server puts off the addresses of these people (451)."""

    mail_puts_off: tuple[OpaqueId, ...]


class Wait(Act):
    """Nothing but time passes until ``once`` holds."""

    wait: Literal[True]


class Restart(Act):
    """A server is killed and started again on the same data."""

    restart: Literal["temporal"]


_KEYS: Final = ("do", "preview", "mail_puts_off", "wait", "restart")


def _which(value: object) -> str | None:
    named: dict[str, Any] = value if isinstance(value, dict) else vars(value)  # pyright: ignore[reportUnknownVariableType]
    return next((key for key in _KEYS if key in named), None)


AnyAct = Annotated[
    Annotated[Do, Tag("do")]
    | Annotated[Preview, Tag("preview")]
    | Annotated[Mail, Tag("mail_puts_off")]
    | Annotated[Wait, Tag("wait")]
    | Annotated[Restart, Tag("restart")],
    Discriminator(
        _which,
        custom_error_type="no_act",
        custom_error_message=f"an act has one of: {', '.join(_KEYS)}",
    ),
]


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
    got it, once for each time.
    """

    status: Literal["running", "completed", "archived"]
    rounds: dict[PartId, int] = {}
    windows: tuple[WindowEnd, ...] = ()
    compensations: int = 0
    messages: dict[str, tuple[OpaqueId, ...]] = {}


class OwnVersion(Part):
    """A version of the method that the organisation publishes for itself.

    ``windows`` gives other settings to windows, by their full id.
    """

    version: str
    because: Text
    windows: dict[str, dict[str, Any]]


class Scenario(Part):
    """One dialogue to play. ``real`` is what the case says, ``ours`` what we made up."""

    id: Slug
    source: Source
    organisation: Slug
    organisation_name: str
    slug: Slug
    method: PartId
    own_version: OwnVersion | None = None
    title: Text
    question: str
    story: Text
    real: tuple[Text, ...]
    ours: tuple[Text, ...]
    begins: datetime
    zone: str = "Europe/Amsterdam"
    calendar: Literal["NL", "BE"] = "NL"
    director: OpaqueId
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    acts: Annotated[tuple[AnyAct, ...], Field(min_length=1)]
    ends: End

    @property
    def stream(self) -> str:
        """The name of the dialogue: ``organisation:slug``."""
        return f"{self.organisation}:{self.slug}"

    def instant(self, wall: datetime) -> datetime:
        """Give the instant of a wall-clock time in the dialogue's zone."""
        return wall.replace(tzinfo=ZoneInfo(self.zone))

    def person(self, id_: str) -> Person | None:
        """Give a person by their id; none for the public."""
        return next((person for person in self.people if person.id == id_), None)

    def secrets(self) -> Iterator[str]:
        """Give every text that may stand in the vault and nowhere else."""
        for person in self.people:
            yield from (person.name, person.address)
        for act in self.acts:
            if isinstance(act, Do):
                names = ("reason", "note", "response")
                texts = (act.body.get(name) for name in names)
                yield from (text for text in texts if isinstance(text, str))

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
    def last_day(self) -> date:
        """The last day that an act names, or a window that it opens."""
        named = {(act.at or self.begins).date() for act in self.acts}
        bodies = (act.body for act in self.acts if isinstance(act, Do))
        until = (body.get("duration", {}).get("until") for body in bodies)
        return max(named | {date.fromisoformat(day) for day in until if day})


def _one_of(known: dict[str, Any], value: str | None) -> str | None:
    if value is not None and value not in known:
        message = f"{value} is not one of: {', '.join(sorted(known))}"
        raise ValueError(message)
    return value


def read(text: str, name: str) -> Scenario:
    """Read a scenario; raises `ScenarioInvalid` with every problem and its place."""
    try:
        return Scenario.model_validate(yaml.safe_load(text))
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


def shipped() -> tuple[Scenario, ...]:
    """Give the scenarios that come along, by id."""
    found = (
        read(file.read_text("utf-8"), file.name)
        for file in files("examples").iterdir()
        if file.name.endswith(".yaml")
    )
    return tuple(sorted(found, key=lambda scenario: scenario.id))
