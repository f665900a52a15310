"""What an organisation's stream says of erasing and destroying, folded."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from domain.erasure_facts import HOUSE_EVENTS
from domain.erasures import House, Recorded, fold_house
from domain.facts import Actor
from storage.ownlog import Noted, events
from storage.pool import Source


def stream_of(organisation: str) -> str:
    """Name an organisation's own stream."""
    return f"org:{organisation}"


async def house(source: Source, organisation: str) -> House:
    """Return it as it is on record now; empty for an organisation without a stream.

    What is no event that Polder makes says nothing: nobody who may append to the stream
    can keep the organisation from its dialogues with it.
    """
    noted = await events(source, stream_of(organisation), HOUSE_EVENTS)
    read = (_recorded(one) for one in noted)
    return fold_house(one for one in read if one is not None)


def _recorded(one: Noted) -> Recorded | None:
    data: dict[str, Any] = dict(one.data)
    for pointer, commitment in one.private.items():
        data[pointer.removeprefix("/")] = {"commitment": commitment}
    try:
        return Recorded(
            seq=one.seq,
            hash=one.hash,
            at=one.at,
            actor=Actor.model_validate(one.actor),
            fact=HOUSE_EVENTS[one.type].model_validate(data),
        )
    except ValidationError:
        return None
