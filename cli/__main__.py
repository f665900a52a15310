"""`python -m cli`: the command `polder`."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress

from cli.main import main


def leave(code: int) -> None:
    """End this process with a code, whatever the threads of libraries are doing.

    Temporal's SDK has threads of its own that can abort Python while it takes itself
    down: the command had its answer, and its exit code would be that of a crash.
    """
    atexit._run_exitfuncs()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    # Most of a short command is loading modules, which leaves no garbage: to look for
    # it as often as Python does would cost an eighth of all.
    gc.set_threshold(50_000)
    leave(main(sys.argv[1:]))
