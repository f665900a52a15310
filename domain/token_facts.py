"""Who may come in over the network is an event of an organisation's own stream.

The event says for what a token is good and until when. Nothing of its secret is in it,
not even the digest by which it is known.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from domain.facts import Fact, Instant, OpaqueId

_Role = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]

MOST_ROLES: Final = 10


class TokenCreated(Fact):
    """A token was made. Nothing private.

    Whoever brings it acts as ``actor``; ``dialogue`` None: in every dialogue of the
    organisation.
    """

    token: OpaqueId
    roles: Annotated[tuple[_Role, ...], Field(min_length=1, max_length=MOST_ROLES)]
    token_actor: OpaqueId
    dialogue: _Slug | None
    expires: Instant


class TokenRevoked(Fact):
    """A token is good for nothing from now on. Nothing private."""

    token: OpaqueId
