"""The login of the HTTP API: it can become `polder_api`, and in no way anything else.

A role that was set can be unset by whoever runs statements of their own; what remains
then is the login. So the API gets one that has no rights itself.
"""

from __future__ import annotations

import secrets
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from storage.encrypting import connect
from storage.errors import SchemaMismatch
from storage.keys import beside

LOGIN: Final = "polder_http"


class ApiLogin(NamedTuple):
    """Where the API finds record and keys, as its own login."""

    database: str
    keys: str


def see_to_login(url: str, keys: str | None = None, name: str = LOGIN) -> ApiLogin:
    """Make the API's login on the server at ``url``, or give it a new password.

    ``url`` and ``keys`` (by default `storage.keys.beside`) are URLs of who may make
    logins. The password is in what comes back, and nowhere else. For a thread without
    an event loop of its own. Raises ``SchemaMismatch`` where this user may not, and
    ``Unavailable``.
    """
    where = keys or beside(url)
    password = secrets.token_urlsafe(32)
    try:
        _on(url, name, password, "polder_api")
        _on(where, name, password, "polder_keys")
    except psycopg.errors.InsufficientPrivilege as error:
        raise SchemaMismatch(f"no login {name} can be made: {error}") from error
    return ApiLogin(_as(url, name, password), _as(where, name, password))


def _on(url: str, name: str, password: str, role: str) -> None:
    """See to the login where one of the databases is: they may be on two servers."""
    with connect(url) as conn, conn.transaction():
        # The server gets a verifier (RFC 5803), which also its log may show.
        verifier = conn.pgconn.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        ).decode()
        there = conn.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
        if there.fetchone() is None:
            conn.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
        conn.execute(
            sql.SQL(
                "ALTER ROLE {0} LOGIN NOINHERIT PASSWORD {1};"
                "GRANT {2} TO {0} WITH INHERIT FALSE, SET TRUE;"
                "GRANT CONNECT ON DATABASE {3} TO {0}"
            ).format(
                sql.Identifier(name),
                sql.Literal(verifier),
                sql.Identifier(role),
                sql.Identifier(conn.info.dbname),
            )
        )


def _as(url: str, name: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        parts._replace(netloc=f"{name}:{quote(password, safe='')}@{host}")
    )
