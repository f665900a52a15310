"""The log gets its key where Polder runs for the first time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from desk.errors import Unreachable
from desk.reachable import one_line
from language import mark
from storage import logkey
from storage.errors import BadLogKey

_BAD_KEY: Final = mark("The log's key can't be used: {problem}.")


def see_to_key(path: Path, log_name: str | None = None) -> str:
    """Make the log's key unless it is there; return its verifier key.

    ``log_name`` is what a new log is called; without it, a name of its own. Raises
    `Unreachable`.
    """
    try:
        return str(logkey.create(path, log_name).vkey)
    except (BadLogKey, OSError) as error:
        raise Unreachable(_BAD_KEY, problem=one_line(error)) from error
