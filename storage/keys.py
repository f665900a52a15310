"""The key to what is kept about somebody lies in another database than what is kept.

One key for each subject of an organisation. Destroying it makes every value of that
subject unreadable at once, in every copy and backup of the vault. A key has an id that
says nothing, by which values name it: after a destruction the same subject may get a
new key, and nobody takes that for the old one.

Every function may be called again; none of them waits for ever. Nothing is cached: a
key that was destroyed opens nothing from then on.
"""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Final, NamedTuple, Self
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.cipher import KEY_BYTES
from storage.errors import KeysUnavailable, Unavailable
from storage.pool import Connection, OpenPool, connection, make_pool
from storage.statements import statement

_TRIES: Final = 3
"""How often a key is made that is destroyed the moment after."""


class Key(NamedTuple):
    """A subject's key: its id, and its 32 secret bytes."""

    id: uuid.UUID
    secret: bytes

    def __repr__(self) -> str:
        """Show the id alone."""
        return f"Key({self.id})"


class Keys:
    """The keys of one installation. Opens no connection before one is needed."""

    def __init__(self, url: str, *, max_size: int = 4, timeout: float = 5) -> None:
        """Use the database at ``url``, for which `beside` gives the usual place."""
        self.url = url
        self._pool: OpenPool = make_pool(
            with_password(url),
            role="polder_keys",
            min_size=0,
            max_size=max_size,
            timeout=timeout,
        )

    async def __aenter__(self) -> Self:
        """Open."""
        await self._pool.open(wait=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self._pool.close()

    @asynccontextmanager
    async def held(
        self, organisation: str, subjects: Iterable[str]
    ) -> AsyncGenerator[dict[str, Key]]:
        """Give the key of each subject, made where there is none.

        None of them is destroyed before the block ends: who destroys one waits, and
        then finds what was written with it. Raises ``KeysUnavailable``.
        """
        wanted = sorted(set(subjects))
        async with AsyncExitStack() as stack:
            with _apart():
                conn = await stack.enter_async_context(connection(self._pool))
                found = await _held(conn, stack, organisation, wanted)
            yield found

    async def get(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        """Return those of these keys that exist. Raises ``KeysUnavailable``."""
        wanted = {"ids": list(set(ids))}
        if not wanted["ids"]:
            return {}
        async with self._connection() as conn:
            cursor = await conn.execute(statement("keys", "secrets"), wanted)
            return {row[0]: bytes(row[1]) for row in await cursor.fetchall()}

    async def id_of(self, organisation: str, subject: str) -> uuid.UUID | None:
        """Return the id of a subject's key, or None where there is no key."""
        where = {"organisation": organisation, "subject": subject}
        return await self._one(statement("keys", "id_of"), where)

    async def destroy(self, organisation: str, subject: str) -> uuid.UUID | None:
        """Destroy a subject's key; return its id, or None where there was none.

        Durable when it returns. That the key is gone from this database's own files
        and backups too is for its operator: docs/operations.md.
        """
        where = {"organisation": organisation, "subject": subject}
        return await self._one(statement("keys", "destroy"), where)

    async def gone(
        self, ids: Iterable[uuid.UUID], within: timedelta | None = None
    ) -> set[uuid.UUID]:
        """Return those of these keys that were destroyed, lately if so asked."""
        wanted = {"ids": list(set(ids)), "within": within}
        if not wanted["ids"]:
            return set()
        async with self._connection() as conn:
            cursor = await conn.execute(statement("keys", "gone"), wanted)
            return {row[0] for row in await cursor.fetchall()}

    async def _one(self, query: bytes, where: Mapping[str, str]) -> uuid.UUID | None:
        async with self._connection() as conn:
            row = await (await conn.execute(query, where)).fetchone()
        return row[0] if row else None

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Connection]:
        with _apart():
            async with connection(self._pool) as conn:
                yield conn


@contextmanager
def _apart() -> Generator[None]:
    """Tell what the keys' database could not do from what the record's could not."""
    try:
        yield
    except Unavailable as error:
        raise KeysUnavailable(f"the keys of the vault: {error}") from error
    except psycopg.OperationalError as error:
        raise KeysUnavailable(f"the keys of the vault: {error}") from error


async def _held(
    conn: Connection, stack: AsyncExitStack, organisation: str, wanted: list[str]
) -> dict[str, Key]:
    """Hold these keys until the stack is left.

    A key that is new is committed first: at this point nothing is encrypted with it.
    Were it committed with the stack, and that failed, the values would be lost.
    """
    for _ in range(_TRIES):
        async with AsyncExitStack() as held:
            await held.enter_async_context(conn.transaction())
            found, made = await _hold(conn, organisation, wanted)
            if not made and len(found) == len(wanted):
                stack.push_async_exit(held.pop_all())
                return found
    message = f"keys of {organisation} are destroyed as fast as they are made"
    raise Unavailable(message)


async def _hold(
    conn: Connection, organisation: str, wanted: list[str]
) -> tuple[dict[str, Key], bool]:
    given = {
        "organisation": organisation,
        "subjects": wanted,
        "secrets": [secrets.token_bytes(KEY_BYTES) for _ in wanted],
    }
    cursor = await conn.execute(statement("keys", "hold"), given)
    rows = await cursor.fetchall()
    found = {row[0]: Key(row[1], bytes(row[2])) for row in rows}
    return found, any(row[3] for row in rows)


def with_password(url: str) -> str:
    """Return ``url`` with the password of KEYS_PGPASSWORD, unless it has one.

    As libpq does it with PGPASSWORD, which is the record's.
    """
    password = os.environ.get("KEYS_PGPASSWORD")
    if not password or conninfo_to_dict(url).get("password"):
        return url
    return make_conninfo(url, password=password)


def beside(url: str) -> str:
    """Return where the keys of the record at ``url`` are, unless a setting says else.

    The same server, and a database that is called as the record's is, with ``_keys``.
    """
    known = conninfo_to_dict(url)
    name = f"{known.get('dbname') or known.get('user') or 'polder'}_keys"
    if "://" not in url:
        return make_conninfo(url, dbname=name)
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name, safe='')}"))


def organisation_of(stream: str) -> str:
    """Return whose keys a stream's values have: ``waterdam`` of ``waterdam:dijk``.

    An organisation's own stream, ``org:waterdam``, has the same ones.
    """
    first, _, rest = stream.partition(":")
    return rest if first == "org" else first
