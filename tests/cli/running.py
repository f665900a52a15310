"""The command line as people run it: a process of its own, with what it said.

Python has loaded its libraries before (`tests.cli.loaded`), except where a command is
one that stays, or is told what libraries want to know as they are loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.cli import loaded

ROOT: Final = loaded.ROOT
STAY: Final = frozenset({"demo", "serve", "up", "worker"})
PATIENCE: Final = 120
"""Seconds within which any other command ends."""


class Said(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def settings(**more: str) -> dict[str, str]:
    """The environment of a command: nothing of whoever runs the tests but the PATH."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def polder(
    *words: str,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    typed: str = "",
) -> Said:
    """Run `polder` with these words."""
    told = settings() if environment is None else environment
    where = cwd or ROOT
    if STAY.isdisjoint(words[:1]) and loaded.may_be(told):
        ended = loaded.run(
            words, environment=told, cwd=where, typed=typed, patience=PATIENCE
        )
        return Said(*ended)
    return _cold(words, told, where, typed)


def _cold(
    words: Sequence[str], environment: Mapping[str, str], cwd: Path, typed: str
) -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        env=dict(environment),
        cwd=cwd,
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
