"""The command line as people run it: a process of its own, with what it said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


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
    done = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        env=settings() if environment is None else dict(environment),
        cwd=cwd or ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
