"""The real cases, played on real servers to their end, and verified.

Each takes a minute or more. That every act in them is one that the core accepts, and
leads to what is expected, `tests/examples/test_cases.py` sees in every run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.demo import choose, run_demo
from examples.scenario import Scenario, cases
from servers import Home

every_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)


async def played(tmp_path: Path, *names: str) -> int:
    """Play cases as `polder demo --case` does; give its exit code."""
    chosen = choose(names, [])
    return await run_demo(Home(tmp_path / "home"), scenarios=chosen, lang="en")


@pytest.mark.slow
@every_case
async def test_every_case_is_played_and_verified(
    case: Scenario, tmp_path: Path
) -> None:
    """Each case runs to its end on real servers, and every check holds."""
    assert await played(tmp_path, case.id) == 0
