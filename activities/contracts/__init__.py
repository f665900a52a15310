"""The contract between workflows and activities: names and payloads, no I/O.

Workflows call activities by these names; `workers` registers one for each. What has to
do with the log alone is in `activities.contracts.log`.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

from activities.contracts.log import PUBLISH
from domain.facts import Fact, Instant, OpaqueId, Place
from domain.method import Language
from domain.notices import Enclosed, Invitation, NoticeKind, Told

TASK_QUEUE: Final = "polder"
"""The task queue of every Polder workflow and activity."""

APPEND: Final = "append"
"""`AppendRequest` → `Appended`. Durable when it returns; safe to repeat.

Fails for good with `SUPERSEDED`, `EXISTS` or `CONTRADICTED`, and for a while with
anything else.
"""

COMPILE: Final = "compile"
"""`CompileRequest` → `domain.commands.Compiled`: a method in reach, and a calendar.

Fails for good with `UNFIT` when there is no such method, calendar or zone.
"""

NOTIFY: Final = "notify"
"""`Notice` → `Sent`. At least once for each recipient, with one Message-ID.

A message goes twice only if the worker dies between sending it and noting that it
was sent. Fails while the mail server can't be reached or puts off; a recipient that
has no address, or is refused for good, is undeliverable and no failure.
"""

DELIVER: Final = "deliver"
"""Id of a subscription → `Delivered`. Sends what is next, and lingers a while for more.

At least once for each event, in order for each dialogue. What a target refuses is in
the subscription's own log, and no failure; fails for a while with what storage says.
"""

DELIVERY_QUEUE: Final = "polder-delivery"
"""The task queue of `DELIVERING` and `DELIVER`."""

DELIVERING: Final = "Delivering"
"""The workflow of one subscription, `polder:delivery:<id>`."""

EVENTS_SEALED: Final = "events_sealed"
"""The signal that there may be more to send. It cuts no pause short."""

SUBSCRIPTION_CHANGED: Final = "subscription_changed"
"""The signal that somebody asked for something: it is looked at now."""

CANARY: Final = "canary"
"""Nothing → `Sung`. Writes a row of the record that says nothing, and reads it back.

Fails for a while with whatever storage says.
"""

CANARY_WORKFLOW: Final = "Canary"
"""The workflow that a command of health goes to, on the queue of dialogues."""

CANARY_ID: Final = "polder:canary"
"""Its id: there is one."""

SING: Final = "sing"
"""The update that it takes: without arguments, it answers with `Sung`."""

ERASURES: Final = "erasures"
"""Name of a stream → `Erasures`: what events of it still have to name. Only reads."""

LOOK_FOR_ERASURES: Final = "look_for_erasures"
"""The signal that tells a dialogue that there may be texts to name; it asks `ERASURES`.

What it carries is not read: who sends it can declare nothing.
"""

ACTIVITIES: Final = (APPEND, COMPILE, NOTIFY, PUBLISH, ERASURES, CANARY)

SUPERSEDED: Final = "Superseded"
EXISTS: Final = "DialogueExists"
CONTRADICTED: Final = "RecordContradicts"
UNFIT: Final = "MethodUnfit"


def _is_empty(places: tuple[Place, ...]) -> bool:
    return not places


class Content(Fact):
    """A compiled method or calendar, as canonical JSON text."""

    kind: str
    text: str


class AppendRequest(Fact):
    """Events to append after a known head; ``events`` are canonical JSON texts.

    ``token`` is what a restore was given when it took the stream over.
    """

    stream: str
    epoch: int
    after_seq: int
    after_hash: str
    events: tuple[str, ...]
    contents: dict[str, Content] = {}
    token: str | None = None


class Appended(Fact):
    """The head of the stream once the batch is on record.

    ``missing`` are private fields of the batch of which the vault has nothing. It is
    left out where there are none, which is nearly always.
    """

    seq: int
    hash: str
    missing: tuple[Place, ...] = Field(default=(), exclude_if=_is_empty)


class CompileRequest(Fact):
    """Which method and calendar a start without compiled forms asks for."""

    method: str
    method_hash: str | None
    calendar: str
    zone: str
    first_year: int


class Notice(Fact):
    """A message to people, without a name or an address.

    ``title`` and ``question`` are the dialogue's. ``step`` and ``heading`` are titles
    in ``language``: the heading is the window's, or that of what is undone. ``closes``
    is dialogue time, with ``closes_local`` the same instant as local wall clock; so are
    the begin and end of a meeting. ``subject`` is what it is about where that is no
    part of the plan, ``facts`` are listed, and ``enclosed`` names the private texts
    that are opened when it is sent.
    """

    stream: str
    effect: str
    notice: NoticeKind
    attempt: int
    recipients: tuple[str, ...]
    language: Language
    title: str
    question: str | None
    step: str | None
    heading: str
    closes: Instant | None
    closes_local: str | None
    zone: str
    subject: str | None = None
    responses: Responses | None = None
    facts: tuple[Told, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    invitation: Invitation | None = None
    begins_local: str | None = None
    ends_local: str | None = None


class Responses(Fact):
    """Responses that a notice answers, by their numbers in a window."""

    window: str
    numbers: str


class Sent(Fact):
    """What came of a notice: recipients by opaque id; of an answer, by number."""

    sent: tuple[str, ...]
    undeliverable: tuple[str, ...]
    told: str = ""
    untold: str = ""


class Delivered(Fact):
    """What a subscription waits for: for so long before it is tried again, or nothing.

    ``over``: it is no more, or disabled.
    """

    wait_ms: int | None = None
    over: bool = False


class ErasurePart(Fact):
    """What one event names: its cause, and the places that were decided to go."""

    cause: OpaqueId
    paths: tuple[Place, ...]


class Erasures(Fact):
    """What events of a dialogue still have to name, in order."""

    parts: tuple[ErasurePart, ...]


class Sung(Fact):
    """What the canary wrote and what was read back: how often it sang."""

    written: int
    read: int
