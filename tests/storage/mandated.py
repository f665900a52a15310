"""Streams in which people act under mandates, made as workflow and desk make them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.facts import Mandate
from domain.mandate_facts import (
    AnyMandateEvent,
    MandateDelegated,
    MandateGranted,
    MandateRevoked,
    Scope,
)
from domain.messages import kind_of
from evidence.event import ZERO_HASH, Sealed, seal
from storage.batch import Batch
from storage.ownlog import append as append_own
from storage.pool import Pool
from storage.record import append

ORGANISATION = "gemeente-waterdam"
BEGIN = datetime(2026, 11, 1, 9, tzinfo=UTC)
ITEMS: dict[str, Any] = {
    "items": ["opdracht.scope"],
    "round": 1,
    "note": None,
    "reference": None,
}


def day(number: float) -> datetime:
    """The instant so many days after the beginning."""
    return BEGIN + timedelta(days=number)


class Town:
    """An organisation's stream, and dialogues in it; ``now`` is the day of its events.

    What it appends is recorded now, whatever day it says.
    """

    def __init__(self, pool: Pool) -> None:
        """Begin on the first day, with nothing."""
        self.pool = pool
        self.now = 0.0
        self.last: dict[str, Sealed] = {}
        self._count = 0

    async def own(self, fact: AnyMandateEvent, by: str = "b-1") -> Mandate:
        """Put a fact on the organisation's stream; give what pins it."""
        self._count += 1
        stream = f"org:{ORGANISATION}"
        done = await append_own(
            self.pool,
            stream,
            kind_of(type(fact)),
            fact.model_dump(mode="json"),
            cause=f"own-{self._count}",
            actor={"id": by, "role": "director", "via": "cli"},
            at=day(self.now),
        )
        return Mandate(stream=stream, seq=done.seq, hash=done.hash)

    async def grant(self, to: str = "p-1", **scope: Any) -> Mandate:  # noqa: ANN401 (any member)
        """Give a mandate that may be passed on."""
        every: dict[str, Any] = {"commands": ("*",), "dialogues": ("*",)}
        fact = MandateGranted(
            form="mandate",
            on_behalf_of="College van B en W",
            grantee=to,
            scope=Scope(**{**every, **scope}),
            delegable=True,
            reference=None,
            reason=None,
        )
        return await self.own(fact)

    async def delegate(self, pin: Mandate, to: str, by: str) -> Mandate:
        """Pass it on, whole."""
        fact = MandateDelegated(
            mandate=pin,
            grantee=to,
            scope=Scope(commands=("*",), dialogues=("*",)),
            delegable=False,
            reference=None,
            reason=None,
        )
        return await self.own(fact, by)

    async def revoke(self, pin: Mandate) -> Mandate:
        """Withdraw it."""
        return await self.own(MandateRevoked(mandate=pin, ends=None, reason=None))

    async def act(
        self,
        pin: Mandate | None,
        *types: str,
        slug: str = "parkzicht",
        by: str = "p-1",
        data: Mapping[str, Any] = ITEMS,
        cause: str | None = None,
    ) -> int:
        """Append what one command left; give the place of its first event."""
        stream = f"{ORGANISATION}:{slug}" if ":" not in slug else slug
        before = self.last.get(stream)
        self._count += 1
        made: list[Sealed] = []
        for position, kind in enumerate(types or ("items_completed",)):
            last = made[-1] if made else before
            made.append(
                seal(
                    stream=stream,
                    seq=last.seq + 1 if last else 1,
                    prev=last.hash if last else ZERO_HASH,
                    cause=cause or f"c-{self._count}",
                    position=position,
                    type=kind,
                    at=day(self.now),
                    actor={"id": by, "role": "director", "via": "update"},
                    mandate=pin.model_dump(mode="json") if pin else None,
                    data=data,
                    private={},
                )
            )
        bodies = tuple(event.body for event in made)
        seq, prev = (before.seq, before.hash) if before else (0, ZERO_HASH)
        await append(self.pool, Batch(stream, 1, seq, prev, bodies))
        self.last[stream] = made[-1]
        return made[0].seq
