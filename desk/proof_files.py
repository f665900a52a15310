"""Why an event is true, as a file: what it takes to check it without believing us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from desk import reads
from desk.desk import Desk
from desk.errors import NotFound, Refused
from desk.gone import no_dialogue
from desk.past import known_checkpoint, not_as_sealed
from evidence.event import event_hash
from evidence.pack import Inclusion
from evidence.proof import Proven, write_proof
from language import mark
from storage import proofs
from storage.past import Checkpoint, Covered, covering
from storage.pool import Connection, connection
from storage.queries import Recorded, events_at

_NO_EVENT: Final = mark("{stream} has no event {seq}.")
_NOT_YET: Final = mark(
    "Event {seq} has no place in the log yet: it gets one within a second or so. Try "
    "it again."
)
_TOO_EARLY: Final = mark(
    "The checkpoint of {size} events does not cover event {seq}: that is at place "
    "{place} in the log."
)


class Around(NamedTuple):
    """An event with its neighbours, as recorded, and what covers it."""

    event: Recorded
    before: Recorded | None
    after: Recorded | None
    covered: Covered | None
    """None: it has no place in the log yet."""


class Proved(NamedTuple):
    """The proof of an event: the file, and against which checkpoint it is."""

    content: bytes
    around: Around
    size: int


async def around(desk: Desk, stream: str, seq: int) -> Around:
    """Give an event with the one before and after it. Raises `NotFound`."""
    found = {
        each.seq: each
        for each in await events_at(desk.pool, stream, [seq - 1, seq, seq + 1])
    }
    if seq not in found:
        if not found:
            raise await no_dialogue(desk.pool, stream)
        raise NotFound(_NO_EVENT, stream=stream, seq=seq)
    covered = await covering(desk.pool, stream, seq)
    return Around(found[seq], found.get(seq - 1), found.get(seq + 1), covered)


async def prove(
    desk: Desk,
    stream: str,
    seq: int,
    *,
    by: str,
    size: int | None = None,
    since: Sequence[int] = (),
) -> Proved:
    """Prove an event, against the newest published checkpoint or the one of ``size``.

    ``since`` are sizes of older checkpoints that the reader holds: from each of them
    the log is proved to go on. That ``by`` read it is noted first. Raises `NotFound`,
    and `Refused` where it can't be proved, or is not what was sealed.
    """
    found = await around(desk, stream, seq)
    if found.covered is None:
        raise _refused("NotSealedYet", _NOT_YET, seq=seq)
    place = found.covered.leaf_index
    if found.covered.hash != event_hash(found.event.body):
        raise not_as_sealed(stream, seq)
    async with connection(desk.pool) as conn:
        at = await _checkpoint(desk, conn, found.covered, size)
        if at.size <= place:
            raise _refused("NotCovered", _TOO_EARLY, size=at.size, seq=seq, place=place)
        path = await proofs.inclusion(conn, [place], at.size)
        older = [each for each in since if 0 < each <= at.size]
        going_on = await proofs.consistencies(conn, older, at.size) if older else {}
        note = await proofs.checkpoint_note(conn, at.size)
    of = Proven(
        body=found.event.body,
        before=None if found.before is None else found.before.body,
        after=None if found.after is None else found.after.body,
        place=Inclusion(place, path[place]),
        checkpoint_note=note,
        consistency=going_on,
    )
    await reads.note(desk, by, "prove", stream, {"seq": seq}, rows=1, size=at.size)
    return Proved(write_proof(of), found, at.size)


async def _checkpoint(
    desk: Desk, conn: Connection, covered: Covered, size: int | None
) -> Checkpoint | proofs.Stored:
    """Give the checkpoint to prove against: one that others may hold, if there is."""
    if size is not None:
        return await known_checkpoint(desk, size)
    newest = await proofs.newest(conn, published=True)
    covers = newest is not None and newest.size > covered.leaf_index
    return newest if newest is not None and covers else covered.checkpoint


def _refused(name: str, template: str, **facts: int) -> Refused:
    return Refused(name, template.format(**facts), facts, template=template)
