"""Programs by others that judge ours, built from their Go modules when first needed."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_NO_GO, _NO_MODULES = 2, 3


def built(program: str) -> str:
    """Give the path of a program; skips, with the reason, where it can't be had."""
    why = _build(program)
    if why:
        pytest.skip(f"{program}, by others, is not here: {why}")
    return str(HERE / "bin" / program)


@cache
def _build(program: str) -> str:
    """Build a program; tell why not, or nothing."""
    done = subprocess.run(
        [HERE / "build", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=1_200,
    )
    said = done.stderr.strip()
    if done.returncode in {_NO_GO, _NO_MODULES}:
        return said.rpartition("\n")[2]
    assert done.returncode == 0, said
    return ""
