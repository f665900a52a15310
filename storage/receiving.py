"""What comes to the desk at the same moment is taken in together, or not at all.

Texts go to the vault and submissions to the inbox in one transaction, however many
there are. What is wrong with one of them is said of that one; what is wrong with the
record or the keys, of all. Two desks that bring something to one dialogue go one after
the other, so that neither waits for what the other holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import NamedTuple

from evidence.errors import NotCanonical
from storage import inbox
from storage.errors import PrivateValueDiffers
from storage.inbox import Fate, Submission
from storage.keys import Key, Keys, organisation_of
from storage.pool import Pool, connection
from storage.putting import Made, PrivateField, made, put_together
from storage.statements import statement


class Arrival(NamedTuple):
    """A submission with its texts.

    ``told`` makes of it what the inbox keeps, once there are commitments to the texts,
    by path.
    """

    submission: str
    texts: tuple[PrivateField, ...]
    told: Callable[[Mapping[str, str]], Submission]


class Received(NamedTuple):
    """A submission that is safe: what was told, and what was kept under its id."""

    told: Submission
    fate: Fate


Receipt = Received | PrivateValueDiffers | NotCanonical
"""What became of an arrival, or what is wrong with it; then nothing is kept of it."""


async def receive(
    pool: Pool, keys: Keys, stream: str, arrivals: Sequence[Arrival]
) -> list[Receipt]:
    """Keep what came in to one dialogue; durable when it returns.

    The order in which they came is the order in which they are sent on. Raises
    ``KeysUnavailable`` and ``Unavailable``; then nothing is kept of any.
    """
    texts = [_made(stream, each) for each in arrivals]
    values = [each for each in texts if isinstance(each, tuple)]
    async with AsyncExitStack() as stack:
        held = await _keys(stack, keys, stream, values)
        conn = await stack.enter_async_context(connection(pool))
        await stack.enter_async_context(conn.pipeline())
        await stack.enter_async_context(conn.transaction())
        await conn.execute(statement("inbox", "queue"), {"stream": stream})
        put = iter(await put_together(conn, held, stream, values))
        kept = [next(put) if isinstance(each, tuple) else each for each in texts]
        told = [
            each.told(found) if isinstance(found, dict) else found
            for each, found in zip(arrivals, kept, strict=True)
        ]
        fates = await inbox.put(conn, [t for t in told if isinstance(t, Submission)])
    # At this point they are durable: whatever happens to us, they will be recorded.
    return [
        Received(each, fates[each.submission]) if isinstance(each, Submission) else each
        for each in told
    ]


def _made(stream: str, arrival: Arrival) -> tuple[Made, ...] | NotCanonical:
    try:
        return made(stream, arrival.submission, arrival.texts)
    except NotCanonical as error:
        return error


async def _keys(
    stack: AsyncExitStack, keys: Keys, stream: str, values: Sequence[tuple[Made, ...]]
) -> dict[str, Key]:
    subjects = {one.spot.subject for each in values for one in each}
    if not subjects:
        return {}
    of = organisation_of(stream)
    return await stack.enter_async_context(keys.held(of, subjects))
