"""The API's own login on a server of PostgreSQL, for who starts the API."""

from __future__ import annotations

import asyncio

from desk.reachable import reaching
from storage import login
from storage.login import ApiLogin

__all__ = ["ApiLogin", "see_to_login"]


async def see_to_login(database: str, keys: str | None = None) -> ApiLogin:
    """Make the login or renew its password; give the URLs that the API uses.

    Raises `Unreachable`.
    """
    with reaching():
        return await asyncio.to_thread(login.see_to_login, database, keys)
