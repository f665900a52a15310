"""How far checkpoints got out of reach, for whoever operates Polder."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final, NamedTuple

from desk.desk import Desk
from desk.errors import Refused
from domain.facts import written
from evidence.note import parse_note
from language import mark
from storage.pool import connection
from storage.publications import (
    Cosignature,
    Publication,
    cosignatures,
    newest_published,
    publications,
    timestamps,
)

PATIENCE: Final = timedelta(minutes=1)
_LOOK: Final = 0.2
TOO_FEW: Final = mark(
    "{have} of {wanted} witnesses cosigned within a minute. Why the others did not: "
    "polder audit publications."
)


class Outside(NamedTuple):
    """What lies elsewhere, as JSON; ``sound`` unless a target holds another log."""

    sound: bool
    document: dict[str, Any]


async def outside(desk: Desk) -> Outside:
    """Tell how far each target is, and who vouches for the newest checkpoint."""
    async with connection(desk.pool) as conn:
        found = await publications(conn)
        newest = await newest_published(conn)
        document: dict[str, Any] = {
            "newest": None,
            "publications": [_publication(each) for each in found],
        }
        if newest is not None:
            document["newest"] = {
                "size": newest.size,
                "at": written(newest.at),
                **await vouchers(desk, newest.size),
            }
    return Outside(not any(each.contradicts for each in found), document)


async def vouchers(desk: Desk, size: int) -> dict[str, Any]:
    """Tell which witnesses cosigned a checkpoint, and who said when it existed."""
    return {
        "cosignatures": [
            {"witness": each.key_name, "at": _signed_at(each)}
            for each in await cosignatures(desk.pool, size)
        ],
        "timestamps": [
            {"authority": each.authority, "at": written(each.at)}
            for each in await timestamps(desk.pool, size)
        ],
    }


async def cosigned(
    desk: Desk, size: int, wanted: int, within: timedelta = PATIENCE
) -> None:
    """Wait until ``wanted`` witnesses have cosigned a checkpoint.

    The workers ask them, a few seconds after it was published. Raises `Refused`.
    """
    end = monotonic() + within.total_seconds()
    while (have := len(await cosignatures(desk.pool, size))) < wanted:
        if monotonic() > end:
            facts = {"have": have, "wanted": wanted}
            message = TOO_FEW.format(**facts)
            raise Refused("NotCosigned", message, facts, template=TOO_FEW)
        await asyncio.sleep(_LOOK)


def _publication(each: Publication) -> dict[str, Any]:
    return {
        "target": each.target,
        "size": each.size,
        "publishedAt": _moment(each.published_at),
        "triedAt": _moment(each.tried_at),
        "failures": each.failures,
        "error": each.error,
        "contradicts": each.contradicts,
    }


def _moment(at: datetime | None) -> str | None:
    return written(at) if at else None


def _signed_at(each: Cosignature) -> str:
    """Read when the witness says that it cosigned; its line was verified before."""
    [line] = parse_note(b"\n\n" + each.line.encode()).signatures
    seconds = int.from_bytes(line.signature[:8])
    return written(datetime.fromtimestamp(seconds, UTC))
