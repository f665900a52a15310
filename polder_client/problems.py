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
        return type(self).__name__

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


class NotEntitled(NotAllowed):
    """The actor's role may not do this."""


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

    names: ClassVar[dict[str, type[Problem]]] = {}
    kinds: ClassVar[dict[tuple[str, type[Problem]], type[Problem]]] = {}


def named(name: str) -> type[Problem]:
    """Give the exception that has a name, to catch it.

    As in ``except named("StepNotReady"):``. The same name gives the same class.
    """
    known: Any = globals().get(name)
    if isinstance(known, type) and issubclass(known, Problem):
        return known
    if name not in _Made.names:
        _Made.names[name] = type(name, (Problem,), {"__doc__": name})
    return _Made.names[name]


def problem(status: int, document: object, fallback: str = "") -> Problem:
    """Make the exception of an answer; ``fallback`` is its text if it is no problem."""
    members = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    title = str(members.get("title") or "")
    detail = str(members.get("detail") or "") or title or fallback or f"status {status}"
    kind = _BY_STATUS.get(status, Problem)
    found = _kind_of(str(members.get("error") or ""), kind)(detail)
    found.status, found.title, found.detail = status, title, detail
    found.type = str(members.get("type") or "about:blank")
    found.instance = str(members.get("instance") or "")
    found.members = MappingProxyType(members)
    return found


def _kind_of(name: str, kind: type[Problem]) -> type[Problem]:
    """Give the class that has this name, and is what its status says."""
    if not name.isidentifier():
        return kind
    wanted = named(name)
    if issubclass(wanted, kind) or wanted not in _Made.names.values():
        return wanted
    if (name, kind) not in _Made.kinds:
        both = (wanted, kind) if kind is not Problem else (wanted,)
        _Made.kinds[name, kind] = type(name, both, {"__doc__": name})
    return _Made.kinds[name, kind]
