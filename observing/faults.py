"""An error as a log may tell it: what it is and where, and seldom in what words.

The words of an error can quote anything: a row, a letter, what somebody sent. So they
are told of errors on a list alone, whose words are made of names and numbers.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from observing.allowed import problem

_ROOT: Final = Path(__file__).resolve().parent.parent
_FRAMES: Final = 12
_CAUSES: Final = 8

SPEAKS: Final = (
    "storage.errors.",
    "desk.errors.Unreachable",
    "servers.embedded.",
    "psycopg.OperationalError",
    "psycopg.errors.",
    "psycopg_pool.",
    "temporalio.service.RPCError",
    "asyncio.exceptions.",
    "builtins.ConnectionError",
    "builtins.ConnectionRefusedError",
    "builtins.ConnectionResetError",
    "builtins.TimeoutError",
)
"""Errors whose first line is told; a name that ends in a dot stands for all below."""


def told(error: BaseException) -> dict[str, object]:
    """Give ``exception``, its types from the outermost to the cause; ``frames``; and
    ``problem``, the words of the first that may speak.
    """
    chain = list(_chain(error))
    said: dict[str, object] = {
        "exception": [_name(each) for each in chain],
        "frames": frames(error),
    }
    for each in chain:
        if speaks(each):
            return {**said, "problem": problem(str(each))}
    return said


def frames(error: BaseException) -> list[str]:
    """Give the way to where an error was raised, the last part of it."""
    return [
        f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    ]


def speaks(error: BaseException) -> bool:
    """Whether the words of an error may be told."""
    name = _name(error)
    return any(
        name.startswith(each) if each.endswith(".") else name == each for each in SPEAKS
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(_CAUSES):
        if found is None:
            return
        yield found
        shown = None if found.__suppress_context__ else found.__context__
        found = found.__cause__ or shown


def _name(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}"


def _place(filename: str) -> str:
    """Give a file without where on this machine it lies."""
    path = Path(filename)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return path.relative_to(_ROOT).as_posix()
    return "/".join(path.parts[-2:])
