"""Subscriptions: who is told of what happens, tried out, put right and taken away.

Whatever is asked here is in the record when it returns; the worker is told at once, and
would find it by itself. What is sent, and how: `activities.deliver`.
"""

from __future__ import annotations

import re
import secrets as chance
import uuid
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Final, NamedTuple

from activities.contracts import DELIVERING, DELIVERY_QUEUE, SUBSCRIPTION_CHANGED
from activities.reach import BadUrl, Reach, read_url
from desk.desk import Desk, Sender
from desk.errors import DeskError, NotFound, Unreachable
from desk.mandates import own_stream
from domain.events import EVENTS
from evidence.chain import is_stream
from evidence.errors import MalformedNote
from evidence.note import strict_base64
from language import mark
from storage import subscriptions as kept
from storage.subscriptions import (
    Attempt,
    Authorisation,
    Dead,
    Format,
    NewSubscription,
    Secrets,
    Subscription,
)

__all__ = [
    "OVERLAP",
    "Attempt",
    "BadSubscription",
    "Dead",
    "Made",
    "Subscription",
    "Wish",
    "create",
    "dead_letters",
    "delete",
    "deliveries",
    "disable",
    "enable",
    "find",
    "first_since",
    "fresh_secret",
    "list_",
    "repeat",
    "replay",
    "replay_dead",
    "rotate",
    "test",
]

OVERLAP: Final = timedelta(days=1)
"""How long a secret that was replaced is still used beside the new one."""

_SOON: Final = timedelta(seconds=3)
_SECRET_BYTES: Final = range(24, 65)
_KIND: Final = re.compile(r"[a-z]{1,30}(_[a-z]{1,30}){0,5}")
_LONGEST: Final = 2_000
_SHORTEST_KEY: Final = 16

_NONE: Final = mark("There is no subscription {id}. See polder subscription list.")
_NO_ATTEMPT: Final = mark("Subscription {id} has no delivery {attempt}.")
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
_ENABLE_FIRST: Final = mark(
    "This subscription is disabled: {problem}. First: polder subscription enable {id}."
)
_BY_HAND: Final = mark("disabled by hand")


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


class Made(NamedTuple):
    """A subscription, and the secret that its messages are signed with.

    The secret is None where it was made before: it is shown once.
    """

    subscription: Subscription
    secret: str | None


async def create(
    desk: Desk,
    organisation: str,
    wish: Wish,
    sender: Sender,
    *,
    id: str | None = None,
    private: str = "",
) -> Made:
    """Subscribe; the same ``id`` again gives the subscription that is there.

    ``private`` is the setting POLDER_ALLOW_PRIVATE_TARGETS. Raises `BadSubscription`.
    """
    own_stream(organisation)
    named = id or str(uuid.uuid4())
    secret = wish.secret or fresh_secret()
    new = NewSubscription(
        id=named,
        organisation=organisation,
        target=_target(wish.target, private),
        format=wish.format,
        authorisation=wish.authorisation,
        types=_kinds(wish.types),
        dialogues=_slugs(organisation, wish.dialogues),
        handshake=wish.handshake,
        cursor=wish.from_leaf,
        created_by=sender.id,
    )
    shared = _secrets(wish, secret)
    made = await kept.add(desk.pool, desk.keys, new, shared)
    found = await find(desk, named, organisation)
    if made:
        await _tell(desk, named)
    return Made(found, secret if made else None)


def fresh_secret() -> str:
    """Make a secret, by Standard Webhooks: ``whsec_`` and 32 bytes in base64."""
    return f"whsec_{b64encode(chance.token_bytes(32)).decode()}"


async def list_(desk: Desk, organisation: str | None = None) -> list[Subscription]:
    """Give the subscriptions of an organisation, or of all; oldest first."""
    return await kept.subscriptions(desk.pool, organisation)


async def find(desk: Desk, id: str, organisation: str | None = None) -> Subscription:
    """Give one subscription. Raises `NotFound`, also for one of somebody else."""
    with suppress(ValueError):
        found = await kept.subscriptions(desk.pool, organisation, id=str(uuid.UUID(id)))
        if found:
            return found[0]
    raise NotFound(_NONE, id=id)


async def test(desk: Desk, subscription: Subscription, sender: Sender) -> str:
    """Send a test event; gives the id it will have. Disabled ones get it too."""
    made = await kept.ask_again(desk.pool, subscription, None, sender.id)
    await _tell(desk, subscription.id)
    return made


async def first_since(desk: Desk, moment: datetime) -> int:
    """Give the first place in the log that was sealed at this moment or after."""
    return await kept.leaf_since(desk.pool, moment)


async def replay(
    desk: Desk,
    subscription: Subscription,
    *,
    leaf: int | None = None,
    since: datetime | None = None,
) -> int:
    """Send everything from a place or moment on once more; gives the first leaf."""
    _check_enabled(subscription)
    if leaf is None:
        leaf = await first_since(desk, since or datetime.now(UTC))
    first = min(max(leaf, 0), subscription.cursor)
    await kept.replay(desk.pool, subscription.id, first)
    await _tell(desk, subscription.id)
    return first


async def replay_dead(desk: Desk, subscription: Subscription, sender: Sender) -> int:
    """Send all that was given up once more; gives how many events that are."""
    _check_enabled(subscription)
    number = await kept.ask_dead(desk.pool, subscription.id, sender.id)
    await _tell(desk, subscription.id)
    return number


async def repeat(
    desk: Desk, subscription: Subscription, attempt: int, sender: Sender
) -> Attempt:
    """Send the event of one delivery once more. Raises `NotFound`."""
    _check_enabled(subscription)
    id = subscription.id
    found = await kept.attempts(desk.pool, id, attempt=attempt)
    if not found:
        raise NotFound(_NO_ATTEMPT, id=id, attempt=attempt)
    await kept.ask_again(desk.pool, subscription, found[0].leaf_index, sender.id)
    await _tell(desk, id)
    return found[0]


async def rotate(
    desk: Desk,
    subscription: Subscription,
    *,
    secret: str | None = None,
    overlap: timedelta = OVERLAP,
) -> Made:
    """Take a new secret; for a while the one of before signs as well."""
    new = secret or fresh_secret()
    _check_secret(new)
    organisation, id = subscription.organisation, subscription.id
    old = await kept.secrets_of(desk.pool, desk.keys, organisation, id)
    until = datetime.now(UTC) + overlap
    shared = old._replace(signing=new, previous=old.signing)
    await kept.put_secrets(desk.pool, desk.keys, subscription, shared, until)
    await _tell(desk, id)
    return Made(await find(desk, id, organisation), new)


async def enable(desk: Desk, subscription: Subscription) -> Subscription:
    """Let it be tried again from where it stopped, beginning with the handshake."""
    await kept.enable(desk.pool, subscription.id)
    await _tell(desk, subscription.id)
    return await find(desk, subscription.id, subscription.organisation)


async def disable(desk: Desk, subscription: Subscription) -> Subscription:
    """Send nothing more until it is enabled; nothing is lost meanwhile."""
    await kept.disable(desk.pool, subscription.id, _BY_HAND)
    await _tell(desk, subscription.id)
    return await find(desk, subscription.id, subscription.organisation)


async def delete(desk: Desk, subscription: Subscription) -> None:
    """Take it away, with its log and its secrets."""
    await kept.remove(desk.pool, desk.keys, subscription)
    await _tell(desk, subscription.id)


async def deliveries(
    desk: Desk,
    subscription: Subscription,
    *,
    most: int = 100,
    before: int | None = None,
    message: str | None = None,
) -> list[Attempt]:
    """Give the attempts, newest first; those of one message where it is named."""
    return await kept.attempts(
        desk.pool, subscription.id, most=most, before=before, message=message
    )


async def dead_letters(desk: Desk, subscription: Subscription) -> list[Dead]:
    """Give the events that were given up, in the order of the log."""
    return await kept.dead(desk.pool, subscription.id)


async def _tell(desk: Desk, id: str) -> None:
    """Tell the worker; without Temporal it finds out by itself, a little later."""
    from temporalio.service import RPCError  # noqa: PLC0415 (who only reads needs none)

    await kept.ring(desk.pool)
    with suppress(Unreachable, RPCError):
        client = await desk.client()
        await client.start_workflow(
            DELIVERING,
            id,
            id=f"polder:delivery:{id}",
            task_queue=DELIVERY_QUEUE,
            start_signal=SUBSCRIPTION_CHANGED,
            rpc_timeout=_SOON,
        )


def _target(url: str, private: str) -> str:
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


def _kinds(kinds: Sequence[str]) -> list[str] | None:
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


def _slugs(organisation: str, dialogues: Sequence[str]) -> list[str] | None:
    found = [each.removeprefix(f"{organisation}:") for each in dict.fromkeys(dialogues)]
    for slug in found:
        if not is_stream(f"{organisation}:{slug}"):
            facts = {"dialogue": slug[:80], "organisation": organisation}
            raise BadSubscription("dialogues", _BAD_DIALOGUE, **facts)
    return found or None


def _secrets(wish: Wish, secret: str) -> Secrets:
    _check_secret(secret)
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


def _check_secret(secret: str) -> None:
    try:
        size = len(strict_base64(secret.removeprefix("whsec_")))
    except MalformedNote:
        size = 0
    if size not in _SECRET_BYTES:
        raise BadSubscription("secret", _BAD_SECRET)


def _check_enabled(subscription: Subscription) -> None:
    if subscription.status == "disabled":
        told = {"problem": subscription.problem or "?", "id": subscription.id}
        raise DeskError(_ENABLE_FIRST, **told)
