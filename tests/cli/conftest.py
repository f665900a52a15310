"""Each test of the command line begins in Dutch, whatever was spoken before it."""

from __future__ import annotations

import pytest

from language.speaking import Run


@pytest.fixture(autouse=True)
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the language of a test before."""
    monkeypatch.setattr(Run, "lang", "nl")
