"""Why a request was not carried out: one exception for each name the server gives.

A refusal of a dialogue has a name, `NothingToDo` or `StepNotReady`, and is an exception
of that name. The frequent ones stand here to be caught; `named` gives the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, cast


class PolderError(Exception):
    """What this client raises."""


class Unreachable(PolderError):
    """No answer came, for as long as the client is patient.

    A command may have been carried out: send it again with the same id.
    """


class Unconfirmed(PolderError):
    """The command was accepted, and its outcome is not known yet.

    It is durable. ``location`` is where its outcome will be.
    """

    def __init__(self, command_id: str, location: str) -> None:
        """Keep where to look."""
        super().__init__(f"command {command_id} was accepted; see {location}")
        self.command_id = command_id
        self.location = location


class Problem(PolderError):
    """An answer of RFC 9457, `application/problem+json`."""

    status: int = 0
    title: str = ""
    detail: str = ""
    type: str = "about:blank"
    instance: str = ""
    members: Mapping[str, Any] = MappingProxyType({})
    """The whole document, with members of its own such as `errors` and `facts`."""

    @property
    def name(self) -> str:
        """The name of what is wrong, as in docs/problems.md."""
        return name_of(self.type) or type(self).__name__

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the message was made from, to say the same in other words."""
        return self.members.get("facts") or {}

    @property
    def errors(self) -> tuple[Mapping[str, Any], ...]:
        """Every field that is wrong, with why; empty where none is."""
        return tuple(self.members.get("errors") or ())


class Invalid(Problem):
    """400: the request is not what it should be; `errors` names the fields."""


class NotAuthenticated(Problem):
    """401: no token, or one that is unknown, expired or revoked."""


class NotAllowed(Problem):
    """403: this token may see it, and may not do this."""


class NotFound(Problem):
    """404: it is not there, or this token may not know that it is."""


class Refused(Problem):
    """409: the dialogue refused the command; nothing has changed."""


class IdReused(Refused):
    """The same command id was used before, with another body."""


class NothingToDo(Refused):
    """The command would change nothing."""


class DialogueExists(Refused):
    """There is a dialogue of this name."""


class DialogueEnded(Refused):
    """The dialogue has ended."""


class NotEntitled(Refused):
    """The actor's role may not do this."""


class WindowNotOpen(Refused):
    """The window is not open."""


class LateResponse(Refused):
    """The window has closed, and takes nothing late."""


class VersionConflict(Refused):
    """412: the dialogue has moved on from the version that was named."""


class TooMany(Problem):
    """429: more requests than this token may send, for as long as we were patient."""


class Unavailable(Problem):
    """503: a server is away, for as long as we were patient. Reading may go on."""


_BY_STATUS: Final[Mapping[int, type[Problem]]] = {
    400: Invalid,
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    409: Refused,
    412: VersionConflict,
    428: Refused,
    429: TooMany,
    503: Unavailable,
}


class _Made:
    """The exceptions that were made for names that have no class above."""

    by_name: ClassVar[dict[tuple[str, type[Problem]], type[Problem]]] = {}


def name_of(uri: str) -> str:
    """Give the name in a problem's type: `/problems/nothing-to-do` is `NothingToDo`."""
    last = uri.rstrip("/").rpartition("/")[2]
    if "/problems/" not in uri or not last:
        return ""
    return "".join(word[:1].upper() + word[1:] for word in last.split("-"))


def named(name: str, kind: type[Problem] = Refused) -> type[Problem]:
    """Give the exception that has a name, to catch it.

    As in ``except named("StepNotReady"):``. ``kind`` is what it is a kind of; the same
    name gives the same class.
    """
    known: Any = globals().get(name)
    if isinstance(known, type) and issubclass(known, Problem):
        return known
    made = _Made.by_name.get((name, kind))
    if made is None:
        made = _Made.by_name[name, kind] = type(name, (kind,), {"__doc__": name})
    return made


def problem(status: int, document: object, fallback: str = "") -> Problem:
    """Make the exception of an answer; ``fallback`` is its text if it is no problem."""
    members = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    uri = str(members.get("type") or "about:blank")
    kind = _BY_STATUS.get(status, Problem)
    name = name_of(uri)
    made = named(name, kind) if name else kind
    title = str(members.get("title") or "")
    detail = str(members.get("detail") or "") or title or fallback or f"status {status}"
    found = made(detail)
    found.status, found.type, found.title, found.detail = status, uri, title, detail
    found.instance = str(members.get("instance") or "")
    found.members = MappingProxyType(members)
    return found
