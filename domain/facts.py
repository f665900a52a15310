"""The small vocabulary everything else is made of: frozen facts and their ids.

A fact refuses unknown members and never changes. Ids are opaque: they carry no
personal data, and those that begin with ``polder:`` are Polder's own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

OWN_PREFIX: Final = "polder:"


class Fact(BaseModel):
    """A frozen model that refuses members it does not know.

    What pydantic needs to read one is made at its first use: there are hundreds of
    kinds, and a command of the command line meets a few. See `made_ready`.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=False,
        hide_input_in_errors=True,
        defer_build=True,
    )


def made_ready(kind: type[Fact] = Fact) -> None:
    """Make what reading every kind of fact needs, now.

    For what serves others: the first that they ask need not wait for it, and a
    workflow's first task has little time.
    """
    kind.model_rebuild()
    for narrower in kind.__subclasses__():
        made_ready(narrower)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = "an instant needs an offset, for example 2026-11-21T16:20:00Z"
        raise ValueError(message)
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        message = "an instant lies between the years 1 and 9999 in UTC"
        raise ValueError(message) from error


def written(value: datetime) -> str:
    """Write an instant as the record does: UTC, microseconds, ``Z``."""
    return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


Instant = Annotated[
    datetime,
    AfterValidator(_utc),
    PlainSerializer(written, return_type=str, when_used="json"),
]
"""A moment: UTC, microseconds; written ``2026-11-21T16:20:00.123456Z``."""

OpaqueId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
"""Id of a command, actor or respondent: opaque, without personal data."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
"""Name of an organisation or a dialogue inside a stream's name."""

StreamName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}:[a-z0-9][a-z0-9-]{1,62}$"),
]
"""Name of a stream of events: organisation and dialogue, ``waterdam:parkzicht``."""

PartId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""Id of a phase, step, item, window or role inside a method."""

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in lower-case hex."""

_ONE_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+$"
"""No control characters, separators of lines, or marks that turn the reading order."""

Line = Annotated[str, StringConstraints(max_length=500, pattern=_ONE_LINE)]
"""One line of public text, such as a title or a question."""

ShortLine = Annotated[str, StringConstraints(max_length=120, pattern=_ONE_LINE)]
"""A few words of public text, such as what a deadline is for."""


Pointer = Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9_]{1,62}){1,4}$")]
"""Where a private field stands in an event's data: a JSON pointer (RFC 6901)."""

Place = tuple[Annotated[int, Field(ge=1, le=2**53 - 1)], Pointer]
"""A private field on record: the event's ``seq``, and where it stands in its data."""


class Private(Fact):
    """A commitment in the place of a private text, which lies in the vault."""

    commitment: Hash


class Actor(Fact):
    """Who acts: an opaque id, a role of the method, and the way they came in."""

    id: OpaqueId
    role: PartId
    via: PartId | None = None


class Mandate(Fact):
    """The event, in any stream, that gives the authority an act rests on."""

    stream: StreamName
    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]
    hash: Hash


class Cause(Fact):
    """Why an event happens: the command's id, who sent it, on whose authority, when.

    ``stream`` is the dialogue it was sent to, ``if_version`` the version at which
    the sender saw it, where the sender wants to be refused if it has moved on.

    ``at`` is dialogue time: the workflow's clock, or the demo clock's reading of it.
    ``unbound``: the run that it came to began under a build that did not ask for
    answers yet, and must decide as that build did.
    ``signed`` is the id of the desk key that signed it, where one that is trusted did.
    ``digest`` is the first 16 hex digits of the SHA-256 of the command's body, by
    which a command id that comes back with another body is known.
    """

    stream: str
    id: OpaqueId
    actor: Actor
    at: Instant
    mandate: Mandate | None = None
    if_version: int | None = None
    unbound: bool = False
    signed: str | None = None
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] = "0" * 16


def absent(value: object) -> bool:
    """Whether a member says nothing: for ``exclude_if``, beside a default of None."""
    return value is None
