"""What an organisation's stream says of desks' keys, and which ones dialogues trust."""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg.rows import class_row
from pydantic import ValidationError

from domain.signed_facts import SignedEvent
from domain.vouching import VOUCHING_EVENTS, Vouched, fold_vouched
from storage import ownlog
from storage.house import stream_of
from storage.pool import Source, connection
from storage.statements import statement


class Keyed(NamedTuple):
    """A dialogue that goes on, with the keys that it trusts and what it takes unsigned.

    ``keys`` are public keys by their ids; none where it takes all at its word.
    """

    stream: str
    status: str
    keys: dict[str, str]
    unsigned: list[str] | None

    @property
    def allowed(self) -> tuple[str, ...] | None:
        """Kinds of command that it takes unsigned; None for every kind."""
        return None if self.unsigned is None else tuple(self.unsigned)


async def vouched(source: Source, organisation: str) -> Vouched:
    """Return what an organisation says of keys, as it is on record now.

    What is no event that Polder makes says nothing.
    """
    noted = await ownlog.events(source, stream_of(organisation), VOUCHING_EVENTS)
    read = (_fact(one) for one in noted)
    return fold_vouched(fact for fact in read if fact is not None)


def _fact(one: ownlog.Noted) -> SignedEvent | None:
    data: dict[str, Any] = dict(one.data)
    for pointer, commitment in one.private.items():
        data[pointer.removeprefix("/")] = {"commitment": commitment}
    try:
        return VOUCHING_EVENTS[one.type].model_validate(data)
    except ValidationError:
        return None


async def keyed(source: Source, organisation: str | None = None) -> tuple[Keyed, ...]:
    """Return the dialogues that are not archived, of an organisation or of all."""
    async with connection(source) as conn:
        cursor = conn.cursor(row_factory=class_row(Keyed))
        where = {"organisation": organisation}
        await cursor.execute(statement("vouching", "dialogues"), where)
        return tuple(await cursor.fetchall())


async def organisations(source: Source, key: str) -> tuple[str, ...]:
    """Return the organisations that trust a key, or of which a dialogue does."""
    async with connection(source) as conn:
        cursor = await conn.execute(
            statement("vouching", "organisations"), {"key": key}
        )
        return tuple(str(row[0]) for row in await cursor.fetchall())
