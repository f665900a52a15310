"""What every test may count on, whatever it tests."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from servers import Home

settings.register_profile(
    "polder",
    # A shared machine is slow at times; that is no failure of an example.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("polder")

_ENVIRONMENT = ("DATABASE_URL", "POLDER_DAY", "POLDER_HOME", "POLDER_PORT", "SMTP_URL")


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> Generator[None]:
    """No test meets the servers that the person who runs it uses for real."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name in _ENVIRONMENT or name.startswith(("TEMPORAL_", "PG")):
                patch.delenv(name)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Generator[Home]:
    """A home of the test's own, gone afterwards with all it has elsewhere."""
    own = Home(tmp_path / "home")
    yield own
    if own.path.exists():
        own.destroy()
