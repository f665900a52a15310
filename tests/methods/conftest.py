"""The tutorial's method is the good file that the tests break."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TUTORIAL = Path(__file__).parents[2] / "docs" / "methods.md"


def example() -> str:
    """The method in the tutorial, as its reader would save it."""
    fence = re.search(r"```yaml\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)
    assert fence
    return fence[1]


@pytest.fixture(scope="session")
def good() -> str:
    """Give the text of a whole method without problems."""
    return example()
