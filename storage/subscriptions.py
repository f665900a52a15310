"""Who is told of events: where, of what, how far they are, and with which secrets.

The secrets are encrypted with a key of the subscription's own, which lies in the
database of keys: who has the record, or a backup of it, can pose as nobody.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from psycopg.rows import class_row

from storage.cipher import Spot, decrypt, encrypt
from storage.errors import KeyMissing
from storage.keys import Keys
from storage.pool import Source, connection
from storage.statements import statement

Format = Literal["event", "zgw"]
Authorisation = Literal["none", "bearer", "zgw"]
Status = Literal["pending", "active", "disabled"]

_PLACE: Final = "/secrets"


class Subscription(NamedTuple):
    """One subscription, without its secrets; ``cursor`` is the next leaf to look at."""

    id: str
    organisation: str
    target: str
    format: Format
    authorisation: Authorisation
    types: list[str] | None
    dialogues: list[str] | None
    handshake: bool
    previous_until: datetime | None
    """Until when what is sent is signed with the secret of before as well."""
    status: Status
    problem: str | None
    rate: int | None
    """How many requests a minute the target allows; None: as many as there are."""
    cursor: int
    failing_since: datetime | None
    """Since when the target takes nothing."""
    failures: int
    retry_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime
    created_by: str
    held: int
    """How many dialogues wait, because one event of theirs is not taken."""
    undone_from: int
    """Below this place in the log everything is delivered, or was given up."""
    dead: int
    """How many events were given up."""
    log_size: int


class NewSubscription(NamedTuple):
    """What a subscription is made of; from ``cursor`` on, or from now on."""

    id: str
    organisation: str
    target: str
    format: Format
    authorisation: Authorisation
    types: list[str] | None
    dialogues: list[str] | None
    handshake: bool
    cursor: int | None
    created_by: str


class Secrets(NamedTuple):
    """What is shared with a target. Never shown, but for ``signing`` when it is new."""

    signing: str
    """``whsec_…``, by Standard Webhooks."""
    previous: str | None = None
    """The one before it, while it is being replaced."""
    bearer: str | None = None
    client_id: str | None = None
    client_secret: str | None = None

    def __repr__(self) -> str:
        """Show nothing."""
        return "Secrets(…)"


async def add(
    source: Source, keys: Keys, new: NewSubscription, secrets: Secrets
) -> bool:
    """Keep a subscription; false where there is one with this id, which stays."""
    async with keys.held(new.organisation, [_subject(new.id)]) as held:
        row = new._asdict() | _sealed(held, new.organisation, new.id, secrets)
        async with connection(source) as conn:
            cursor = await conn.execute(statement("subscriptions", "add"), row)
            return cursor.rowcount == 1


async def subscriptions(
    source: Source,
    organisation: str | None = None,
    *,
    id: str | None = None,
    troubled: bool = False,
) -> list[Subscription]:
    """Return subscriptions, oldest first; of an organisation, or the one asked for.

    ``troubled``: only those that are disabled, fail, wait, or have dead letters.
    """
    where = {"organisation": organisation, "id": id, "troubled": troubled}
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Subscription))
        await cursor.execute(statement("subscriptions", "find"), where)
        return await cursor.fetchall()


async def steered_by(source: Source, actor: str) -> set[str]:
    """Return the organisations of which this actor steers a dialogue."""
    async with connection(source) as conn:
        query = statement("subscriptions", "steered_by")
        rows = await (await conn.execute(query, {"actor": actor})).fetchall()
    return {str(row[0]) for row in rows}


async def secrets_of(source: Source, keys: Keys, organisation: str, id: str) -> Secrets:
    """Open the secrets. Raises ``KeyMissing``, also where there is no subscription."""
    async with connection(source) as conn:
        query = statement("subscriptions", "sealed_secrets")
        row = await (await conn.execute(query, {"id": id})).fetchone()
    known = await keys.get([row[0]]) if row else {}
    if row is None or row[0] not in known:
        raise KeyMissing(f"the secrets of subscription {id} can't be read")
    plain = decrypt(
        known[row[0]], _spot(organisation, id), bytes(row[1]), bytes(row[2])
    )
    return Secrets(**json.loads(plain))


async def put_secrets(
    source: Source,
    keys: Keys,
    subscription: Subscription,
    secrets: Secrets,
    previous_until: datetime | None,
) -> None:
    """Replace the secrets of a subscription."""
    id, organisation = subscription.id, subscription.organisation
    async with keys.held(organisation, [_subject(id)]) as held:
        row = _sealed(held, organisation, id, secrets)
        row |= {"id": id, "previous_until": previous_until}
        async with connection(source) as conn:
            await conn.execute(statement("subscriptions", "put_secrets"), row)


async def enable(source: Source, id: str) -> None:
    """Let it be tried again, from where it stopped."""
    async with connection(source) as conn:
        await conn.execute(statement("subscriptions", "enable"), {"id": id})


async def disable(source: Source, id: str, problem: str) -> None:
    """Send nothing more until it is enabled."""
    row = {"id": id, "problem": problem}
    async with connection(source) as conn:
        await conn.execute(statement("subscriptions", "disable"), row)


async def remove(source: Source, keys: Keys, subscription: Subscription) -> None:
    """Remove a subscription with its log, and destroy the key of its secrets."""
    async with connection(source) as conn:
        gone = {"id": subscription.id}
        await conn.execute(statement("subscriptions", "remove"), gone)
    await keys.destroy(subscription.organisation, _subject(subscription.id))


async def replay(source: Source, id: str, leaf: int) -> None:
    """Send everything from a leaf on once more, in order."""
    where = {"id": id, "leaf": leaf}
    async with connection(source) as conn, conn.transaction():
        await conn.execute(statement("subscriptions", "replay_held"), where)
        await conn.execute(statement("subscriptions", "replay"), where)


async def leaf_since(source: Source, since: datetime) -> int:
    """Return the first leaf that was sealed at this moment or after."""
    async with connection(source) as conn:
        query = statement("subscriptions", "leaf_since")
        row = await (await conn.execute(query, {"since": since})).fetchone()
    return int(row[0]) if row else 0


async def ask_again(
    source: Source, subscription: Subscription, leaf: int | None, by: str
) -> str:
    """Ask for one event once more, out of turn; without ``leaf`` for a test.

    Returns the id of what was asked: a test has it as its own.
    """
    again = str(uuid.uuid4())
    row = {"again": again, "leaf": leaf, "by": by, "id": subscription.id}
    async with connection(source) as conn:
        row["organisation"] = subscription.organisation
        await conn.execute(statement("subscriptions", "ask_again"), row)
    return again


async def ask_dead(source: Source, id: str, by: str) -> int:
    """Ask for all that was given up; return how many events that are."""
    async with connection(source) as conn:
        row = {"id": id, "by": by}
        cursor = await conn.execute(statement("subscriptions", "ask_dead"), row)
        return cursor.rowcount


async def hold(source: Source, id: str) -> None:
    """Keep others from changing a subscription until the transaction ends."""
    async with connection(source) as conn:
        await conn.execute(statement("subscriptions", "hold"), {"id": id})


async def ring(source: Source) -> None:
    """Have whoever delivers look now."""
    async with connection(source) as conn:
        await conn.execute(statement("subscriptions", "ring"))


def _sealed(
    held: dict[str, Any], organisation: str, id: str, secrets: Secrets
) -> dict[str, Any]:
    key = held[_subject(id)]
    plain = json.dumps(secrets._asdict()).encode()
    nonce, value = encrypt(key.secret, _spot(organisation, id), plain)
    return {"key": key.id, "nonce": nonce, "secrets": value}


def _spot(organisation: str, id: str) -> Spot:
    return Spot(f"org:{organisation}", id, _PLACE, _subject(id))


def _subject(id: str) -> str:
    return f"polder:subscription:{id}"
