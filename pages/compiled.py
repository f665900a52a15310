"""Templates compiled once: their byte code is kept beside that of the modules.

Each process that serves pages would otherwise compile about a hundred templates, a
second or two of work. Byte code is run as it is found, so it is kept only where nobody
else can put any: in Python's own `__pycache__`, if that is ours or the superuser's, and
its owner alone writes it.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

BESIDE: Final = Path(cache_from_source(__file__)).parent


class Compiled(FileSystemBytecodeCache):
    """Keeps byte code if it can: what can't be read or written is compiled anew.

    Jinja compares the text that was compiled, and the version of Python; the names of
    the files tell apart what else matters: its own version, and the environment's
    options.
    """

    def __init__(self, directory: Path, environment: Environment) -> None:
        """Keep it in a directory, for environments with the options of this one."""
        told = f"{version('jinja2')} {_options(environment)}"
        made_by = sha256(told.encode()).hexdigest()[:16]
        super().__init__(str(directory), f"__jinja2_{made_by}_%s.cache")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Find what was compiled; a file that makes no sense is none."""
        # What unpickling says of a broken file may be any error at all.
        with suppress(Exception):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, unless Python was told to keep none."""
        # A page does not fail for a disk that is full.
        with suppress(OSError):
            if not sys.dont_write_bytecode:
                super().dump_bytecode(bucket)


def compiled(environment: Environment, directory: Path = BESIDE) -> Compiled | None:
    """Give what keeps an environment's templates; None where others could put some."""
    return Compiled(directory, environment) if _is_safe(directory) else None


def _options(environment: Environment) -> list[tuple[str, object]]:
    """Everything an environment was told that is a word, a number or yes or no."""
    told = ((name, value) for name, value in vars(environment).items())
    plain = [each for each in told if isinstance(each[1], str | int | None)]
    return sorted([*plain, *dict.fromkeys(environment.extensions).items()])


def _is_safe(directory: Path) -> bool:
    """Whether this is a directory in which nobody writes but we or the superuser."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid in {os.geteuid(), 0}
        and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
