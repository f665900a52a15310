"""A real PostgreSQL with the schema, and a real mail server, for each test."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from servers import Home, MailServer
from tests.storage.conftest import keys, pool, server, url

__all__ = ["keys", "pool", "server", "url"]


@pytest.fixture
async def mail(home: Home) -> AsyncGenerator[MailServer]:
    """A mail server that knows nobody at `gone.example`, and defers `busy.example`."""
    made = MailServer(home.mail, refuse=["*@gone.example"], defer=["*@busy.example"])
    async with made:
        yield made
