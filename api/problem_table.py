"""Every problem that there is, as a table: ``python -m api.problem_table`` prints it.

`docs/problems.md` is this table, and a test compares them. Names are stable: whoever
reads one in ``type`` may act on it for as long as this major version lives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, NamedTuple

# So that the refusals of calendars are known too.
import desk.library  # noqa: F401  # pyright: ignore[reportUnusedImport]
import domain
from api.refusals import kebab, status_of
from domain.errors import DomainError

HEAD: Final = """\
# Problems

Every error of the HTTP API is a problem of RFC 9457. Its `type` is a name from this
list, and stays what it is for as long as `/v1` lives; `detail` says the same in the
caller's language, with what would help. `error` is the name as Temporal gives it too.
Members beside those of the standard: `error`, `facts` (what `detail` was made from) and
`errors` (every part of bad input: where it is, and what it takes).

This page is made by `python -m api.problem_table`.
"""

_HTTP: Final = (
    (
        400,
        "BadInput",
        "What was sent does not fit; `errors` names each part.",
    ),
    (
        401,
        "Unauthenticated",
        "No token, or one that is unknown, expired or revoked.",
    ),
    (403, "NotAllowed", "The token may know of this, and may not do it."),
    (403, "ForeignPage", "A page of another site asked, with somebody's session."),
    (404, "NotFound", "It is not there, or the caller may not know that it is."),
    (405, "MethodNotAllowed", "The address takes other methods; `Allow` names them."),
    (406, "NotAcceptable", "It can't be had in a form that `Accept` names."),
    (412, "VersionConflict", "It has moved on from the version in `If-Match`."),
    (413, "TooLarge", "The body is larger than is taken."),
    (415, "UnsupportedMediaType", "The body is in a form that is not taken here."),
    (
        428,
        "PreconditionRequired",
        "It takes `If-Match` with the version that you saw.",
    ),
    (429, "TooManyRequests", "It goes too fast; `Retry-After` says how long to wait."),
    (429, "TooManyStreams", "Too many streams are open, here or with this token."),
    (500, "Unforeseen", "A fault of ours; the log has it under `instance`."),
    (503, "Unreachable", "A server does not answer. Ask again with the same key."),
    (503, "Down", "Nothing can be read at the moment."),
    (503, "NoLogKey", "The key of the log is not at hand."),
)
_DESK: Final = (
    ("BadDay", "The length of a day of the demo clock can't be read."),
    ("Damaged", "What is to be packed does not fit what was signed."),
    ("DecidedAlready", "This request for erasure was decided already."),
    ("BadSubscription", "The subscription can't be as it was asked for."),
    ("DeskError", "What was asked can't be; `detail` says why."),
    ("DialogueRuns", "The dialogue still runs."),
    ("DossierDestroyed", "The dialogue was destroyed at the end of its term."),
    ("GroundUnfit", "The ground is none that erasure can have."),
    ("IncidentClosed", "The incident was closed already."),
    ("MandateUnfit", "The mandate can't be given like this."),
    ("MadeBefore", "This made a secret before, which was shown then, once."),
    ("MethodTaken", "The id stands for somebody else's method."),
    ("NoEnd", "The dialogue has not ended."),
    ("NoMoment", "This is no moment that can be looked back to."),
    ("NoSuchPath", "There is no place in the log under this path."),
    ("NobodyNamed", "Nobody is named who is to be heard."),
    ("NotAsSealed", "A place of the log does not hold what was sealed there."),
    ("NotCanonical", "The text has a sign in it that can't be kept."),
    ("NotCosigned", "Too few witnesses cosigned."),
    ("NotGranted", "The erasure was not granted."),
    ("NotOwner", "It takes the owner of the database."),
    ("OnHold", "What is on hold stays."),
    ("PackUnderWay", "A pack is being made for this organisation: ask again later."),
    ("Refused", "The dialogue refused, without a name for it."),
    ("SentSince", "A response was sent since this draft was begun."),
    ("Unfit", "What was sent does not fit together."),
    ("SubscriptionDisabled", "The subscription is disabled: enable it first."),
    ("TooManySubscriptions", "The organisation has as many as it may."),
    ("UnusableKey", "The desk's key can't be used."),
    ("UnknownWay", "There is no such way to tell somebody."),
    ("VersionTaken", "The version was published with other content."),
)


class Row(NamedTuple):
    """One problem: its status, its name, and what it says in English."""

    status: int
    name: str
    says: str


def rows() -> list[Row]:
    """Give every problem, by status and name."""
    return sorted({(r.status, r.name): r for r in _every()}.values())


def _every() -> Iterator[Row]:
    for module in iter_modules(domain.__path__, "domain."):
        import_module(module.name)
    for name, kind in DomainError.kinds.items():
        yield Row(status_of(name), name, kind.template().replace("{{", "{"))
    for name, says in _DESK:
        yield Row(status_of(name), name, says)
    for status, name, says in _HTTP:
        yield Row(status, name, says)


def page() -> str:
    """Give the page."""
    lines = [HEAD, "| Status | `type` | Name | What it says |", "|---|---|---|---|"]
    lines += [
        f"| {row.status} | `/problems/{kebab(row.name)}` | `{row.name}` "
        f"| {row.says.replace('|', '/')} |"
        for row in rows()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
