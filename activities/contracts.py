"""The contract between workflows and activities: names and payloads, no I/O.

Workflows call activities by these names; `worker.py` registers one for each.
"""

from __future__ import annotations

from typing import Final

from domain.events import NoticeKind
from domain.facts import Fact, Instant
from domain.method import Language

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

ACTIVITIES: Final = (APPEND, COMPILE, NOTIFY)

SUPERSEDED: Final = "Superseded"
EXISTS: Final = "DialogueExists"
CONTRADICTED: Final = "RecordContradicts"
UNFIT: Final = "MethodUnfit"


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
    """The head of the stream once the batch is on record."""

    seq: int
    hash: str


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
    is dialogue time, with ``closes_local`` the same instant as local wall clock.
    """

    stream: str
    effect: str
    notice: NoticeKind
    attempt: int
    recipients: tuple[str, ...]
    language: Language
    title: str
    question: str | None
    step: str
    heading: str
    closes: Instant | None
    closes_local: str | None
    zone: str


class Sent(Fact):
    """What came of a notice: recipients by opaque id."""

    sent: tuple[str, ...]
    undeliverable: tuple[str, ...]
