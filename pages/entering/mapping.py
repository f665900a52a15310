"""What a provider says of somebody becomes who they are here: organisation, id, roles.

It is written down in a file of JSON that an operator can read out loud
(docs/operations.md). Whatever it does not name gives nothing: no role is a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, NamedTuple, Self, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from desk.access.entering import STAFF
from desk.access.provided import is_actor

Path = str | tuple[str, ...]
"""A claim, or the way to it through claims that hold others."""

_DIGEST: Final = 32


class Person(NamedTuple):
    """Somebody of the staff, as this house knows them."""

    organisation: str
    actor: str
    roles: tuple[str, ...]


class Unplaced(NamedTuple):
    """Somebody of whom the claims do not say enough: which part, and whose they are."""

    why: Literal["no_organisation", "no_actor", "no_role"]
    organisation: str | None = None


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfOrganisation(_Part):
    """Which organisation: always the same one, or by what a claim says."""

    always: str | None = None
    claim: Path | None = None
    values: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.always is None) == (self.claim is None):
            message = "organisation takes either always or claim with values"
            raise ValueError(message)
        return self

    def read(self, claims: Mapping[str, Any]) -> str | None:
        """Give the organisation; None where the claim says none, or more than one."""
        if self.always is not None:
            return self.always
        found = {self.values[v] for v in _said(claims, self.claim) if v in self.values}
        return found.pop() if len(found) == 1 else None


class OfActor(_Part):
    """As whom they act: what a claim says, or a digest of it that tells nobody who."""

    claim: Path = "sub"
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{0,40}$")] = ""
    digest: bool = False

    def read(self, claims: Mapping[str, Any], issuer: str) -> str | None:
        """Give the id; None where there is none that can be one."""
        said = [*_said(claims, self.claim)]
        if len(said) != 1:
            return None
        name = said[0]
        if self.digest:
            name = sha256(f"{issuer}\n{name}".encode()).hexdigest()[:_DIGEST]
        return f"{self.prefix}{name}" if is_actor(f"{self.prefix}{name}") else None


class OfRoles(_Part):
    """Which roles: by each value that a claim has."""

    claim: Path = "roles"
    values: Mapping[str, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _are_known(self) -> Self:
        for role in {role for roles in self.values.values() for role in roles}:
            if role not in STAFF:
                message = f"there is no role {role} for staff: {', '.join(STAFF)}"
                raise ValueError(message)
        return self

    def read(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """Give the roles, each once, in the order of the house."""
        said = {*_said(claims, self.claim)}
        had = {role for v in said & {*self.values} for role in self.values[v]}
        return tuple(role for role in STAFF if role in had)


class Mapped(_Part):
    """The file as a whole; ``scopes`` are what the provider is asked for."""

    organisation: OfOrganisation
    actor: OfActor = OfActor()
    roles: OfRoles
    scopes: tuple[str, ...] = ("openid",)

    def place(self, claims: Mapping[str, Any], issuer: str) -> Person | Unplaced:
        """Say who somebody is here, or which part of it their claims do not say."""
        organisation = self.organisation.read(claims)
        if organisation is None:
            return Unplaced("no_organisation")
        actor = self.actor.read(claims, issuer)
        if actor is None:
            return Unplaced("no_actor", organisation)
        roles = self.roles.read(claims)
        if not roles:
            return Unplaced("no_role", organisation)
        return Person(organisation, actor, roles)


def _said(claims: Mapping[str, Any], path: Path | None) -> Iterator[str]:
    """Give what a claim says: a text, or texts in a list; nothing else counts."""
    found: Any = claims
    for name in (path,) if isinstance(path, str) else path or ():
        if not isinstance(found, Mapping):
            return
        found = cast("Mapping[str, Any]", found).get(name)
    every = cast("list[Any]", found) if isinstance(found, list) else [found]
    yield from (each for each in every if isinstance(each, str) and each)
