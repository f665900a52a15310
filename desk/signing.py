"""What a desk that signs brings to a dialogue that starts: the keys that count there.

The installation says in the log's stream which key is its own, and an organisation in
its own stream whose keys it trusts besides. Temporal has no hand in either: whoever can
only send messages there can't make a key one of theirs.
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
from evidence.actor import DeskKey
from evidence.census import LOG_STREAM
from storage import deskkey
from storage.errors import BadDeskKey
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

    Raises `Refused` where the organisation trusts this desk's key no more.
    """
    key = signs.key
    told = await vouched(source, stream.partition(":")[0])
    if key.id in told.gone:
        known = ", ".join(told.keys) or "none"
        raise Refused.of(UnknownDeskKey(key=key.id, known=known))
    keys = dict.fromkeys((key.public, *told.keys.values()))
    unsigned = told.unsigned if told.said else signs.unsigned
    return {
        "desk_keys": [*keys],
        "unsigned": None if unsigned is None else [*unsigned],
    }


async def vouch(source: Source, key: DeskKey) -> None:
    """Say in the log's stream, once, that this key is the installation's own."""
    fact = DeskKeyTrusted(key=key.id, public=key.public)
    data = fact.model_dump(mode="json")
    await append(source, LOG_STREAM, TRUSTED, data, cause=f"polder:desk-key:{key.id}")
