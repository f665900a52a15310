"""Where people log in, as the process is told when it starts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pages.entering.mapping import Mapped

_NEAR: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Incomplete(ValueError):
    """What is told about the provider is not enough, or can't be used."""


class Oidc(NamedTuple):
    """One provider of identities, and what this house is to it."""

    issuer: str
    client_id: str
    secret: str
    mapped: Mapped
    doorkeepers: tuple[str, ...]
    """Tokens with the role ``doorkeeper``, one for each organisation."""

    def __repr__(self) -> str:
        """Show no secrets."""
        return f"Oidc({self.issuer!r}, {self.client_id!r})"


def read(environment: Mapping[str, str]) -> Oidc | None:
    """Read it; None where people log in by links alone.

    Raises `Incomplete`, ``OSError`` and ``pydantic.ValidationError``.
    """
    issuer = environment.get("POLDER_OIDC_ISSUER", "")
    if not issuer:
        return None
    check_issuer(issuer)
    return Oidc(
        issuer,
        _told(environment, "POLDER_OIDC_CLIENT_ID"),
        _file(environment, "POLDER_OIDC_CLIENT_SECRET_FILE").strip(),
        Mapped.model_validate_json(_file(environment, "POLDER_OIDC_CLAIMS")),
        tuple(_file(environment, "POLDER_OIDC_DOORKEEPERS_FILE").split()),
    )


def check_issuer(issuer: str) -> None:
    """Raise `Incomplete` unless it is reached by HTTPS, or on this machine."""
    parts = urlsplit(issuer)
    near = parts.scheme == "http" and parts.hostname in _NEAR
    if not (parts.scheme == "https" or near) or parts.query or parts.fragment:
        message = f"POLDER_OIDC_ISSUER is no https:// address: {issuer}"
        raise Incomplete(message)


def _told(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        message = f"with POLDER_OIDC_ISSUER {name} is needed as well"
        raise Incomplete(message)
    return value


def _file(environment: Mapping[str, str], name: str) -> str:
    found = Path(_told(environment, name)).read_text("utf-8")
    if not found.strip():
        message = f"the file of {name} is empty"
        raise Incomplete(message)
    return found
