"""What a desk that signs brings to a dialogue that starts: the keys that count there.

An organisation says in its own stream whose keys it trusts. Temporal has no hand in
that: whoever can only send messages there can't make a key the organisation's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from desk.errors import Refused, Unreachable
from desk.reachable import one_line
from desk.signs import BAD_KEY, Signs
from domain.messages import kind_of
from domain.signed import UnknownDeskKey
from domain.signed_facts import DeskKeyTrusted
from domain.vouching import Vouched
from evidence.actor import DeskKey
from storage import deskkey
from storage.errors import BadDeskKey
from storage.house import stream_of
from storage.ownlog import append
from storage.pool import Source
from storage.vouching import vouched

TRUSTED: Final = kind_of(DeskKeyTrusted)


def see_to_key(path: Path) -> str:
    """Make a desk's key unless it is there; return its id. Raises `Unreachable`."""
    try:
        return deskkey.create(path).id
    except (BadDeskKey, OSError) as error:
        raise Unreachable(BAD_KEY, problem=one_line(error)) from error


async def brought(source: Source, stream: str, signs: Signs) -> dict[str, Any]:
    """Give what a start brings: the keys that the dialogue trusts, this desk's first.

    And what it takes unsigned. That the organisation trusts this desk's key is put in
    its own stream, once. Raises `Refused` where it trusts it no more.
    """
    organisation, key = stream.partition(":")[0], signs.key
    told = await vouched(source, organisation)
    if key.id not in told.keys:
        await _vouch(source, organisation, key, told)
    keys = dict.fromkeys((key.public, *told.keys.values()))
    unsigned = told.unsigned if told.said else signs.unsigned
    return {
        "desk_keys": [*keys],
        "unsigned": None if unsigned is None else [*unsigned],
    }


async def _vouch(
    source: Source, organisation: str, key: DeskKey, told: Vouched
) -> None:
    if key.id in told.ever:
        known = ", ".join(told.keys) or "none"
        raise Refused.of(UnknownDeskKey(key=key.id, known=known))
    fact = DeskKeyTrusted(key=key.id, public=key.public)
    await append(
        source,
        stream_of(organisation),
        TRUSTED,
        fact.model_dump(mode="json"),
        cause=f"polder:desk-key:{key.id}",
    )
