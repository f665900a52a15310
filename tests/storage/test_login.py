"""The API's login becomes one role, and can be made again."""

from __future__ import annotations

import asyncio
import uuid

import psycopg
import pytest

from storage.errors import SchemaMismatch, Unavailable
from storage.keys import Keys
from storage.login import ApiLogin, see_to_login
from storage.pool import connect, make_pool
from storage.vault import PrivateField, put
from storage.walls import Walled, api_pool, badge_of

STREAM = "gemeente-waterdam:parkzicht"


async def made(url: str, name: str) -> ApiLogin:
    """Make it in a thread, as it asks."""
    return await asyncio.to_thread(see_to_login, url, None, name)


async def test_it_keeps_texts_of_its_organisation_and_becomes_nothing_else(
    url: str,
) -> None:
    """With record and keys, as a server of its own would; every other role is shut."""
    login = await made(url, f"http_{uuid.uuid4().hex[:8]}")
    async with make_pool(url) as writer:
        badge = await badge_of(writer, STREAM.partition(":")[0])
    async with api_pool(login.database) as pool, Keys(login.keys) as keys:
        field = PrivateField("/reason", "p-1", "omdat het donker is")
        kept = await put(Walled(pool, badge), keys, STREAM, "c-1", [field])
        assert set(kept) == {"/reason"}
    for role in ("polder_writer", "polder_reader", "polder_sealer", "polder_owner"):
        with pytest.raises(SchemaMismatch, match="permission denied"):
            await connect(login.database, role=role)
    async with await psycopg.AsyncConnection.connect(login.database) as bare:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await bare.execute("SELECT FROM read.dialogue")


async def test_made_again_it_has_another_password(url: str) -> None:
    """The one of before opens nothing; no password is in the catalogue in plain."""
    name = f"http_{uuid.uuid4().hex[:8]}"
    first, second = await made(url, name), await made(url, name)
    with pytest.raises(Unavailable, match="password"):
        await connect(first.database, role="polder_api")
    async with await connect(second.database, role="polder_api"):
        pass
    async with await psycopg.AsyncConnection.connect(url) as conn:
        row = await conn.execute(
            "SELECT rolpassword, rolinherit FROM pg_authid WHERE rolname = %s", [name]
        )
        stored, inherits = await row.fetchone() or ("", True)
    assert stored.startswith("SCRAM-SHA-256$")
    assert not inherits
