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
from storage.pool import Connection, Pool, connection
from storage.putting import Made, PrivateField, made, put_together, take_back
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

    @property
    def is_another(self) -> bool:
        """Whether something else is kept under its id; then nothing is kept of it."""
        return self.told.digest != self.fate.digest


class _Ready(NamedTuple):
    """An arrival whose texts are committed to."""

    arrival: Arrival
    values: tuple[Made, ...]

    def put_in(self, kept: Mapping[str, str] | PrivateValueDiffers) -> list[Made]:
        """Give the values that lie there because of us."""
        if isinstance(kept, PrivateValueDiffers):
            return []
        return [each for each in self.values if kept[each.spot.path] == each.commitment]


Receipt = Received | PrivateValueDiffers | NotCanonical
"""What became of an arrival, or what is wrong with it; then nothing is kept of it."""


async def receive(
    pool: Pool, keys: Keys, stream: str, arrivals: Sequence[Arrival]
) -> list[Receipt]:
    """Keep what came in to one dialogue; durable when it returns.

    The order in which they came is the order in which they are sent on. Raises
    ``KeysUnavailable`` and ``Unavailable``; then nothing is kept of any.
    """
    values = [_made(stream, each) for each in arrivals]
    good = [
        _Ready(arrival, made_of)
        for arrival, made_of in zip(arrivals, values, strict=True)
        if isinstance(made_of, tuple)
    ]
    async with AsyncExitStack() as stack:
        held = await _keys(stack, keys, stream, good)
        conn = await stack.enter_async_context(connection(pool))
        await stack.enter_async_context(conn.transaction())
        await conn.execute(statement("inbox", "queue"), {"stream": stream})
        found = iter(await _received(conn, held, stream, good))
    # At this point they are durable: whatever happens to us, they will be recorded.
    return [next(found) if isinstance(each, tuple) else each for each in values]


async def _received(
    conn: Connection, keys: Mapping[str, Key], stream: str, ready: Sequence[_Ready]
) -> list[Received | PrivateValueDiffers]:
    """Put in texts and submissions; take texts back where something else is kept."""
    kept = await put_together(conn, keys, stream, [each.values for each in ready])
    told = [
        each.arrival.told(commitments) if isinstance(commitments, dict) else commitments
        for each, commitments in zip(ready, kept, strict=True)
    ]
    fates = await inbox.put(conn, [one for one in told if isinstance(one, Submission)])
    found = [
        Received(one, fates[one.submission]) if isinstance(one, Submission) else one
        for one in told
    ]
    for each, one, commitments in zip(ready, found, kept, strict=True):
        if isinstance(one, Received) and one.is_another:
            await take_back(conn, stream, each.put_in(commitments))
    return found


def _made(stream: str, arrival: Arrival) -> tuple[Made, ...] | NotCanonical:
    try:
        return made(stream, arrival.submission, arrival.texts)
    except NotCanonical as error:
        return error


async def _keys(
    stack: AsyncExitStack, keys: Keys, stream: str, ready: Sequence[_Ready]
) -> dict[str, Key]:
    subjects = {one.spot.subject for each in ready for one in each.values}
    if not subjects:
        return {}
    of = organisation_of(stream)
    return await stack.enter_async_context(keys.held(of, subjects))
