"""The contract between workflows and activities: names and payloads, no I/O.

Workflows call activities by these names; `workers` registers one for each.
"""

from __future__ import annotations

from typing import Final

from pydantic import Field

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

SEALING_QUEUE: Final = "polder-sealing"
"""The task queue of workers that have the log's key."""

SEAL: Final = "seal"
"""`SealRequest` → `SealedUpTo`: seals each second, until there is another to pass on.

At most one hour at a time. Fails for a while with whatever storage says.
"""

SEALING: Final = "Sealing"
"""The workflow that keeps the sealer going."""

SEALING_ID: Final = "polder:sealing"
"""Its id: there is one, and so one sealer."""

PACK: Final = "pack"
"""`PackRequest` → `PackMade`: makes a pack and lays it ready; safe to repeat.

Fails for good with what the desk says.
"""

PACKING: Final = "Packing"
"""The workflow of one pack, `polder:pack:<id>`, on the sealers' queue."""

PUBLISH: Final = "publish"
"""Size of a published checkpoint → nothing. Wakes every target; safe to repeat.

It waits for no target: each is brought up to date by a `PUBLISHING` of its own.
"""

PUBLISH_TO: Final = "publish_to"
"""Id of a target → `PublishedTo`. Brings the newest checkpoint there; safe to repeat.

Fails for a while with `NOT_PUBLISHED` or `CONTRADICTION`, for good with `NO_TARGET`.
"""

PUBLISHING_QUEUE: Final = "polder-publishing"
"""The task queue of `PUBLISHING` and `PUBLISH_TO`, of workers that have targets."""

PUBLISHING: Final = "Publishing"
"""The workflow of one target, `polder:publishing:<id of the target>`."""

CHECKPOINT_PUBLISHED: Final = "checkpoint_published"
"""The signal that makes it look again."""

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

NO_TARGET: Final = "NoTarget"
NOT_PUBLISHED: Final = "NotPublished"
CONTRADICTION: Final = "Contradiction"

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


class PublishedTo(Fact):
    """How far a target is; no size where there was nothing to bring now."""

    target: str
    size: int | None


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


class SealRequest(Fact):
    """What a sealer is told: the last published checkpoint that was passed on."""

    told: int


class SealedUpTo(Fact):
    """The size of the last published checkpoint."""

    published: int


class PackRequest(Fact):
    """For whom a pack of a stream is made, what stays closed, and where it goes."""

    id: str
    stream: str
    actor: str
    withhold: tuple[str, ...] = ()
    to: str
    """The public key that it is encrypted for (`storage.packs`)."""


class PackMade(Fact):
    """A pack that lies ready: its bytes, and the public key that opens it."""

    size: int
    key: str
