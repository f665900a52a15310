"""What can be subscribed to: what is wrong with a wish is said before anything is kept.

An address is looked at here as far as it can be without asking anybody; what its name
leads to is looked at each time that something is sent (`activities.outward`).
"""

from __future__ import annotations

import re
import secrets as chance
from base64 import b64encode
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from activities.reach import BadUrl, Reach, read_url
from desk.errors import DeskError
from domain.events import EVENTS
from evidence.chain import is_stream
from evidence.errors import MalformedNote
from evidence.note import strict_base64
from language import mark
from storage.subscriptions import Authorisation, Format, Secrets

_SECRET_BYTES: Final = range(24, 65)
_KIND: Final = re.compile(r"[a-z]{1,30}(_[a-z]{1,30}){0,5}")
_LONGEST: Final = 2_000
_SHORTEST_KEY: Final = 16

_BAD_TARGET: Final = mark("This address can't be used: {problem}.")
_NOT_PRIVATE: Final = mark(
    "use https:// (http:// is for a private network that POLDER_ALLOW_PRIVATE_TARGETS "
    "allows)"
)
_TOO_LONG: Final = mark("it is longer than {most} characters")
_BAD_KIND: Final = mark("There is no event {kind}. Did you mean {near}?")
_BAD_DIALOGUE: Final = mark("{dialogue} is no name of a dialogue of {organisation}.")
_BAD_SECRET: Final = mark("A secret is whsec_ and 24 to 64 bytes in base64.")
_NO_BEARER: Final = mark("For authorisation by bearer a token is needed.")
_BAD_BEARER: Final = mark("The token has signs that no header can carry.")
_NO_CLIENT: Final = mark(
    "For authorisation by zgw an id and a secret of 16 characters or more are needed."
)


class BadSubscription(DeskError):
    """This can't be subscribed to; ``field`` is the part of the wish that is wrong."""

    def __init__(self, field: str, template: str, **facts: str | int) -> None:
        """Keep which part it is."""
        self.field = field
        super().__init__(template, **facts)


class Wish(NamedTuple):
    """What somebody wants to hear, and where."""

    target: str
    types: Sequence[str] = ()
    """Kinds of events, such as ``window_opened``; none for all."""
    dialogues: Sequence[str] = ()
    """Slugs; none for all dialogues of the organisation."""
    format: Format = "event"
    authorisation: Authorisation = "none"
    bearer: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    secret: str | None = None
    """``whsec_…`` to sign with; one is made where none is given."""
    handshake: bool = True
    from_leaf: int | None = None
    """The first leaf to send; from now on where none is given."""


def fresh_secret() -> str:
    """Make a secret, by Standard Webhooks: ``whsec_`` and 32 bytes in base64."""
    return f"whsec_{b64encode(chance.token_bytes(32)).decode()}"


def target_of(url: str, private: str) -> str:
    """Check an address. Raises `BadSubscription`."""
    try:
        reach = Reach.read(private)
        parts = read_url(url, reach)
    except (BadUrl, ValueError) as error:
        raise BadSubscription("target", _BAD_TARGET, problem=str(error)) from None
    problem = None
    if parts.scheme != "https" and not (reach.private and _is_near(parts.hostname)):
        problem = _NOT_PRIVATE
    elif len(url) > _LONGEST:
        problem = _TOO_LONG.format(most=_LONGEST)
    if problem:
        raise BadSubscription("target", _BAD_TARGET, problem=problem)
    return parts.geturl()


def _is_near(host: str | None) -> bool:
    """Whether a name can be one of a private network: an address, or without a dot."""
    return host is not None and ("." not in host or host.replace(".", "").isdigit())


def kinds_of(kinds: Sequence[str]) -> list[str] | None:
    """Give kinds of events, also where they are told as in CloudEvents."""
    found = [
        kind.removeprefix("nl.polder.").replace("-", "_")
        for kind in dict.fromkeys(kinds)
    ]
    for kind in found:
        if kind in EVENTS:
            continue
        near = get_close_matches(kind, EVENTS, 1, 0.75)
        if near or not _KIND.fullmatch(kind):
            like = near[0] if near else "window_opened"
            raise BadSubscription("types", _BAD_KIND, kind=kind[:80], near=like)
    return found or None


def slugs_of(organisation: str, dialogues: Sequence[str]) -> list[str] | None:
    """Give slugs of dialogues, also where they are told in full."""
    found = [each.removeprefix(f"{organisation}:") for each in dict.fromkeys(dialogues)]
    for slug in found:
        if not is_stream(f"{organisation}:{slug}"):
            facts = {"dialogue": slug[:80], "organisation": organisation}
            raise BadSubscription("dialogues", _BAD_DIALOGUE, **facts)
    return found or None


def secrets_of(wish: Wish, secret: str) -> Secrets:
    """Give what is shared with the target. Raises `BadSubscription`."""
    check_secret(secret)
    match wish.authorisation:
        case "none":
            return Secrets(secret)
        case "bearer":
            if not wish.bearer:
                raise BadSubscription("bearer", _NO_BEARER)
            if not (wish.bearer.isascii() and wish.bearer.isprintable()):
                raise BadSubscription("bearer", _BAD_BEARER)
            return Secrets(secret, bearer=wish.bearer)
        case "zgw":
            if not wish.client_id or len(wish.client_secret or "") < _SHORTEST_KEY:
                raise BadSubscription("clientSecret", _NO_CLIENT)
            return Secrets(
                secret, client_id=wish.client_id, client_secret=wish.client_secret
            )


def check_secret(secret: str) -> None:
    """Check a secret to sign with. Raises `BadSubscription`."""
    try:
        size = len(strict_base64(secret.removeprefix("whsec_")))
    except MalformedNote:
        size = 0
    if size not in _SECRET_BYTES:
        raise BadSubscription("secret", _BAD_SECRET)
