"""What can be done in a scenario, and what can be waited for.

What is expected stands next to the act that must bring it about. A command's shape is
checked when the file is read, where its place is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from domain.commands import COMMANDS
from domain.errors import DomainError
from domain.events import EVENTS
from domain.facts import OpaqueId, PartId
from domain.messages import private_fields

Language = Literal["nl", "en"]

FAILED: Final = "<failed>"
"""In a command: the compensation that has failed, whatever its id."""

NOTED: Final = "noted:"
"""Before a type, as the ``seq`` of a correction: the last fact noted of that type."""


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


class Condition(Part):
    """Something that comes to hold by itself, or by others. Exactly one member.

    ``closed`` and ``open`` name a window, ``happened`` an event type (``times`` or
    more), ``compensations`` says that one has failed or that all have ended, and
    ``sent`` that no message waits; those that failed are sent again.
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

    ``says`` puts it in the words of the case, for the report. ``entries`` are the
    numbers, from 1, of the entries in the case's timeline that it re-enacts.
    """

    entries: tuple[int, ...] = ()

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

    def texts(self) -> Iterator[tuple[str, str]]:
        """Give the private texts of the command, by the member that holds them."""
        for name in private_fields(COMMANDS[self.do]):
            text = self.body.get(name)
            if isinstance(text, str):
                yield name, text

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
        import_module("domain.decide")  # a refusal is known once its rule is loaded
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
        if isinstance(body.get("seq"), str):
            body["seq"] = 1
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


class Organisation(Act):
    """The organisation suspends all its windows, or lets them go on (``lifts``).

    ``because`` is private, as a reason is.
    """

    suspension: OpaqueId
    by: OpaqueId
    because: str
    authority: str | None = None
    lifts: bool = False


class Restart(Act):
    """A server is killed and started again on the same data."""

    restart: Literal["temporal"]


_KEYS: Final = (*("do", "preview", "mail_puts_off", "wait", "restart", "suspension"),)


def _which(value: object) -> str | None:
    named: dict[str, Any] = value if isinstance(value, dict) else vars(value)  # pyright: ignore[reportUnknownVariableType]
    return next((key for key in _KEYS if key in named), None)


AnyAct = Annotated[
    Annotated[Do, Tag("do")]
    | Annotated[Preview, Tag("preview")]
    | Annotated[Mail, Tag("mail_puts_off")]
    | Annotated[Wait, Tag("wait")]
    | Annotated[Restart, Tag("restart")]
    | Annotated[Organisation, Tag("suspension")],
    Discriminator(
        _which,
        custom_error_type="no_act",
        custom_error_message=f"an act has one of: {', '.join(_KEYS)}",
    ),
]


def _one_of(known: dict[str, Any], value: str | None) -> str | None:
    if value is not None and value not in known:
        message = f"{value} is not one of: {', '.join(sorted(known))}"
        raise ValueError(message)
    return value
