"""The program: chooses its language, runs one command, and ends with a code.

0 done, 1 the thing checked is not sound, 2 usage, 3 not found, 4 refused,
5 unreachable, 6 can't be decided.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Awaitable, Sequence
from typing import Final

from cli import speech

QUIET = ("psycopg", "psycopg.pool", "temporalio")
"""Libraries whose warnings say what our own message says, and less clearly."""


def main(arguments: Sequence[str]) -> int:
    """Run the command that these arguments ask for; return its exit code."""
    speech.choose(arguments, os.environ)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    import typer

    from cli.failing import Trouble, tell, understood
    from cli.frame import build
    from cli.groups import load

    load()
    as_json = "--json" in arguments
    arguments = _after_where(arguments)
    try:
        found = build(_carry_out, frozenset(arguments))(
            list(arguments), prog_name="polder", standalone_mode=False
        )
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Whoever read our answer had enough of it; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001  (every error gets a message and a code)
        trouble: Trouble = understood(error)
        tell(trouble, as_json=as_json)
        return trouble.code
    return found if isinstance(found, int) else 0


_WHERE: Final = {"--server": "POLDER_SERVER", "--token": "POLDER_TOKEN"}


def _after_where(arguments: Sequence[str]) -> Sequence[str]:
    """Take what says where before the command: ``polder --server URL … today``."""
    rest = list(arguments)
    while rest:
        name, is_, value = rest[0].partition("=")
        if name not in _WHERE or not (is_ or len(rest) > 1):
            break
        os.environ[_WHERE[name]] = value if is_ else rest[1]
        del rest[: 1 if is_ else 2]
    return rest


def _carry_out(answer: Awaitable[int]) -> int:
    import asyncio

    async def waited() -> int:
        return await answer

    try:
        return asyncio.run(waited())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
