"""What both clients make of httpx: one way to open it, one way to read an answer."""

from __future__ import annotations

from typing import Final, TypeVar

import httpx

from polder_client.asking import Reply

C = TypeVar("C", httpx.Client, httpx.AsyncClient)

TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
"""Seconds: a command is answered within twenty, with an outcome or with 202."""


def open_client(
    kind: type[C], server: str, token: str | None, language: str | None
) -> C:
    """Open a client for a server. It follows no redirects: a token stays here."""
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "User-Agent": "polder-client",
    }
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Accept-Language": language} if language else {}
    return kind(base_url=server, headers=headers, timeout=TIMEOUT)


def reply_of(answer: httpx.Response) -> Reply:
    """Give an answer that was read as plain data."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(answer.status_code, headers, answer.content)
