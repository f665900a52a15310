"""A receipt: that somebody's own contribution is on record, and a file that shows it.

The file has that one event, what opens its private fields, and the way from there to a
signed checkpoint. Of what others said there is nothing in it, not even the event before
or after: `evidence.proof` leaves those out where they are not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final, NamedTuple

from desk.desk import Desk
from desk.errors import NotFound
from desk.readers import May
from desk.reads import note
from desk.texts_at import openings_at
from domain.confidential import roles_of
from evidence.pack import Inclusion, Opening, write_zip
from evidence.proof import Proven, write_proof
from language import mark, translator
from storage import proofs
from storage.past import covering
from storage.pool import connection
from storage.queries import Recorded, events_at

_WHAT: Final = "prove"
"""What giving such a file is called in the log of reads."""

_NO_EVENT: Final = mark("{stream} has no event {seq}.")
_NOT_YET: Final = mark(
    "The proof is not there yet: the log takes in what happened within a few seconds. "
    "Try it again in a moment."
)
_EXPLAINED: Final = mark(
    """Receipt of your response

This shows that your response is in the log of {origin}: as event {seq} of
{stream}, at place {index}. Nobody can change it there or take it away
without this file giving that away.

  proof.json   your response, word for word, and the proof that it is in the log
  verify.py    a program that checks it; it needs Python 3.9 or later, and no network

To check it yourself:

  python verify.py proof.json --key KEY --lang en

KEY is the public key of the log. Ask the organisation for it, or somebody whom you
trust: a key that comes with a proof proves nothing. You can also ask somebody else to
check this file. It says what you said and your number in this dialogue, and nothing of
anybody else.
"""
)


class Receipt(NamedTuple):
    """An event on record by its number and hash; ``sealed`` once it is in the log."""

    seq: int
    hash: str
    at: str
    sealed: bool


async def receipt(desk: Desk, stream: str, seq: int) -> Receipt:
    """Say of an event that it is on record. Raises `NotFound`."""
    event = await _event(desk, stream, seq)
    covered = await covering(desk.pool, stream, seq)
    return Receipt(seq, event.hash, event.members["at"], covered is not None)


async def receipt_file(desk: Desk, stream: str, seq: int, who: str) -> bytes:
    """Make the file that shows an event to whoever has the log's key, as a ZIP.

    It opens what the event has of ``who``'s own words, and that they were given is on
    record first. Raises `NotFound` where there is none, or it is not in the log yet.
    """
    event = await _event(desk, stream, seq)
    covered = await covering(desk.pool, stream, seq)
    if covered is None:
        raise NotFound(_NOT_YET)
    async with connection(desk.pool) as conn:
        point = await proofs.newest(conn, published=True)
        if point is None or point.size <= covered.leaf_index:
            point = covered.checkpoint
        paths = await proofs.inclusion(conn, [covered.leaf_index], point.size)
        note = await proofs.checkpoint_note(conn, point.size)
    place = Inclusion(covered.leaf_index, paths[covered.leaf_index])
    proven = Proven(
        body=event.body,
        before=None,
        after=None,
        place=place,
        checkpoint_note=note,
        openings=await _openings(desk, stream, event, who),
    )
    facts = {"stream": stream, "seq": seq, "index": place.leaf_index}
    facts["origin"] = covered.checkpoint.origin
    return write_zip(
        {
            "LEESMIJ.txt": _text("nl", facts),
            "README.txt": _text("en", facts),
            "proof.json": write_proof(proven),
            "verify.py": files("evidence").joinpath("verify.py").read_bytes(),
        }
    )


async def _event(desk: Desk, stream: str, seq: int) -> Recorded:
    found = await events_at(desk.pool, stream, [seq])
    if not found:
        raise NotFound(_NO_EVENT, stream=stream, seq=seq)
    return found[0]


async def _openings(
    desk: Desk, stream: str, event: Recorded, who: str
) -> list[Opening]:
    """Give what opens somebody's own words in an event, as far as they may read them.

    A commitment that somebody else copied into their event opens nothing here.
    """
    state = await desk.dialogue(stream)
    places = {(event.seq, pointer) for pointer in event.members["private"]}
    await note(desk, who, _WHAT, stream, {"seq": event.seq}, rows=1, opened=True)
    # Of a confidential step somebody reads their own words only in its roles too.
    allowed = May(roles_of(state, who), steers=True)
    found = await openings_at(desk, stream, state, places, allowed)
    return [
        Opening(event.seq, one.path, one.salt, one.subject, one.value)
        for one in found.values()
        if one.subject == who
    ]


def _text(lang: str, facts: Mapping[str, object]) -> bytes:
    return translator(lang)(_EXPLAINED).format(**facts).encode()
