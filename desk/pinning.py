"""An act names the mandate that it is done under, by stream, number and hash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from desk.desk import Desk
from desk.errors import NotFound
from desk.mandates import NO_MANDATE, held
from desk.mandates import pin as pin_of
from domain.attribution import steps_in
from domain.facts import Mandate
from domain.mandates import Act, Reason, outside
from storage.mandates import hash_at, mandates

__all__ = ["Mandate", "foreseen", "named"]


async def named(desk: Desk, name: str) -> Mandate:
    """Give the pin of the mandate that is named ``organisation/number``.

    Raises `NotFound` where that is no mandate on record.
    """
    organisation, _slash, number = name.partition("/")
    if not number.isdecimal():
        raise NotFound(NO_MANDATE, name=name, organisation=organisation or "ORG")
    found = await held(desk, organisation, int(number))
    return pin_of(organisation, found)


async def foreseen(
    desk: Desk,
    pin: Mandate,
    stream: str,
    kind: str,
    body: Mapping[str, Any],
    *,
    actor: str,
) -> Reason | None:
    """Say why a command, given now, is outside the mandate it names; None if it is not.

    What is said here is advice: the record is judged from the events. How often the
    mandate was used is not looked at.
    """
    if await hash_at(desk.pool, pin.stream, pin.seq) != pin.hash:
        return "not_a_mandate"
    found = await mandates(desk.pool, pin.stream.partition(":")[2])
    act = Act(pin.seq, stream, kind, actor, datetime.now(UTC), steps_in(body))
    return outside(found, act)
