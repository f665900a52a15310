"""Each test of the command line begins in Dutch, whatever was spoken before it."""

from __future__ import annotations

import pytest

from cli.speech import _Spoken  # pyright: ignore[reportPrivateUsage]


@pytest.fixture(autouse=True)
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the language of a test before."""
    monkeypatch.setattr(_Spoken, "lang", "nl")
