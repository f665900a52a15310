"""What went wrong, in the reader's language, with the exit code that goes with it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import typer

from cli.page import write_json
from cli.settings import Usage
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from servers.embedded import ServerFailed

USAGE: Final = 2
NOT_FOUND: Final = 3
REFUSED: Final = 4
UNREACHABLE: Final = 5
FAULT: Final = 70
"""EX_SOFTWARE of sysexits.h: a fault in this program, no answer of the contract."""


class Trouble(NamedTuple):
    """A failure: its name for programs, its message for people, and the exit code."""

    name: str
    message: str
    code: int
    facts: Mapping[str, object] = {}


def understood(error: Exception) -> Trouble:
    """Say what an error means, also where nobody foresaw it."""
    if isinstance(error, Usage):
        return Trouble("Usage", str(error), USAGE)
    if isinstance(error, typer.TyperException):
        return Trouble("Usage", _usage(error), USAGE)
    return (
        _from_desk(error)
        or _from_servers(error)
        or _over_http(error)
        or _unforeseen(error)
    )


# What typer says without asking gettext.
_TYPER: Final = (
    mark("Missing argument {name}."),
    mark("Missing option {name}."),
    mark("No such option: {name} (Possible options: {known})"),
    mark("No such option: {name} Did you mean {known}?"),
    mark("No such option: {name}"),
    mark("Got unexpected extra argument(s) ({name})"),
    mark("{said} Did you mean {name}?"),
)


def _usage(error: typer.TyperException) -> str:
    message = error.format_message()
    if message.startswith(("Usage:", _("Usage:"))):
        return message
    path = getattr(getattr(error, "ctx", None), "command_path", "polder")
    see = _("See: {command}").format(command=f"{path} --help")
    shown = _example(path)
    for_example = [_("For example: {command}").format(command=shown)] if shown else []
    return "\n".join([_in_words(message), *for_example, see])


def _example(path: str) -> str | None:
    """Give the first example of a command, by all words of its name."""
    from cli.frame import COMMANDS

    words = path.split()[1:]
    for spec in COMMANDS:
        if [*spec.group.split(), spec.name] == words and spec.examples:
            return spec.examples[0]
    return None


def _in_words(message: str) -> str:
    from desk.saying import fits

    for pattern in _TYPER:
        found = fits(pattern, message) or fits(pattern.rstrip("."), message)
        if found is not None:
            return _(pattern).format(**found)
    return message


def _from_desk(error: Exception) -> Trouble | None:
    from desk.errors import DeskError, NotFound, Refused, Unreachable
    from desk.saying import said

    message = said(error, lang())
    if isinstance(error, Refused):
        return Trouble(error.name, as_typed(message), REFUSED, error.facts)
    if isinstance(error, NotFound):
        return Trouble("NotFound", message, NOT_FOUND, error.facts)
    if isinstance(error, Unreachable):
        return Trouble("Unreachable", message, UNREACHABLE, error.facts)
    if isinstance(error, DeskError):
        return Trouble(type(error).__name__, message, USAGE, error.facts)
    return None


_KIND: Final = re.compile(r"[a-z]+(?:_[a-z]+)+")


def as_typed(message: str) -> str:
    """Name commands of the domain as people type them here."""
    from cli.acts import BY_KIND

    def typed(found: re.Match[str]) -> str:
        act = BY_KIND.get(found[0])
        return f"polder dialogue {act.name}" if act else found[0]

    return _KIND.sub(typed, message)


def _from_servers(error: Exception) -> Trouble | None:
    from servers.embedded import HomeInUse, NotRunning, ServerFailed, ServersError

    if isinstance(error, NotRunning):
        message = _(
            "No servers are running here. Start them in another terminal, with the "
            "same POLDER_HOME: polder up. Or set DATABASE_URL and TEMPORAL_ADDRESS."
        )
        return Trouble("NotRunning", message, UNREACHABLE)
    if isinstance(error, HomeInUse):
        message = _(
            "This home is in use by another polder up. Stop that one, or set "
            "POLDER_HOME to another directory."
        )
        return Trouble("HomeInUse", message, REFUSED)
    if isinstance(error, ServerFailed):
        return Trouble("ServerFailed", server_failed(error), UNREACHABLE)
    if isinstance(error, ServersError):
        return Trouble(type(error).__name__, str(error), UNREACHABLE)
    return None


_CODES: Final = {
    "BadInput": USAGE,
    "NotFound": NOT_FOUND,
    "TooManyRequests": UNREACHABLE,
    "Unreachable": UNREACHABLE,
}
"""Exit codes of problems that are no refusal of a dialogue."""


def _over_http(error: Exception) -> Trouble | None:
    """Say what a Polder elsewhere answered, in its own words."""
    if "polder_client" not in sys.modules:
        return None
    from polder_client import PolderError, Problem

    if isinstance(error, Problem):
        away = error.status >= 500 or error.status == 429  # noqa: PLR2004  (RFC 9110)
        code = _CODES.get(error.name, UNREACHABLE if away else REFUSED)
        parts = [
            f"{e.get('pointer') or e.get('name')}: {e.get('detail')}"
            for e in error.errors
        ]
        message = "\n".join([as_typed(str(error)), *parts])
        return Trouble(error.name, message, code, dict(error.facts))
    if isinstance(error, PolderError):
        text = _("The server does not answer: {problem}.")
        message = text.format(problem=" ".join(str(error).split()))
        return Trouble("Unreachable", message, UNREACHABLE)
    return None


# What servers say of themselves.
_SERVER: Final = (
    mark("it did not start"),
    mark("it was never started"),
    mark("initdb failed"),
    mark("process {pid} does not end"),
    mark("its files are gone: {home} names {directory}"),
    mark("{directory} belongs to {named}; {home} is a copy"),
)


def server_failed(error: ServerFailed) -> str:
    """Say which server failed and how; what it logged last is in its own words."""
    from desk.saying import in_words

    text = f"{error.name}: {in_words(error.problem, _SERVER, lang())}"
    return f"{text}\n{_('Its last words:')}\n{error.log}" if error.log else text


def _unforeseen(error: Exception) -> Trouble:
    """Say that this is a fault of ours; with POLDER_DEBUG the whole trace shows."""
    if os.environ.get("POLDER_DEBUG"):
        raise error
    problem = " ".join(str(error).split())[:300]
    message = _(
        "Something went wrong that nobody foresaw ({kind}: {problem}). Please report "
        "it; with POLDER_DEBUG=1 the same command shows where."
    )
    kind = type(error).__name__
    return Trouble("Unforeseen", message.format(kind=kind, problem=problem), FAULT)


def tell(trouble: Trouble, *, as_json: bool) -> None:
    """Say it on standard error; as JSON on standard output where that was asked."""
    if as_json:
        error = {
            "name": trouble.name,
            "message": trouble.message,
            "facts": dict(trouble.facts),
        }
        write_json({"error": error})
    else:
        sys.stderr.write(trouble.message + "\n")
