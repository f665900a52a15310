"""A long document leaf by leaf: whole chapters where they fit, never half a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from desk.motivation.document import MOST_RUNS as IN_LINE
from desk.motivation.document import Motivation, Part, Section, Sentence

ROOM: Final = 60_000
"""Bytes of HTML that there are for the sentences of a leaf."""

MOST_RUNS: Final = 40
"""So many runs of events are told in a note; the file tells all."""

_AROUND: Final = 60
_FOR_A_RUN: Final = 170
"""Bytes around a sentence, and for a link to a run of events."""


class Leaf(NamedTuple):
    """What stands on one leaf; a chapter that goes on is on the next one as well."""

    chapters: tuple[tuple[int, Section], ...]
    """Each with its number in the document."""


def leaves_of(document: Motivation) -> list[Leaf]:
    """Lay the chapters on as few leaves as they need, in order."""
    leaves = [_Filling()]
    for number, section in enumerate(document.sections, 1):
        for piece, goes_on in _pieces(section):
            if not leaves[-1].has_room_for(piece):
                leaves.append(_Filling())
            leaves[-1].lay(number, piece, goes_on=goes_on)
    return [Leaf(tuple(each.chapters)) for each in leaves]


@dataclass
class _Filling:
    """A leaf that is being filled; sentences that rest on the same share a note."""

    chapters: list[tuple[int, Section]] = field(
        default_factory=list[tuple[int, Section]]
    )
    _left: int = ROOM
    _noted: set[tuple[int, ...]] = field(default_factory=set[tuple[int, ...]])

    def has_room_for(self, piece: Section) -> bool:
        """Whether a piece fits; the first one always does."""
        return not self.chapters or self._size(piece) <= self._left

    def lay(self, number: int, piece: Section, *, goes_on: bool) -> None:
        """Lay a piece on it, behind what is there of its chapter.

        With ``goes_on`` it begins in the part in which the one before it ended.
        """
        self._left -= self._size(piece)
        self._noted |= _notes(piece).keys()
        if self.chapters and self.chapters[-1][0] == number:
            _number, before = self.chapters.pop()
            parts = _joined(before.parts, piece.parts, goes_on=goes_on)
            piece = piece._replace(parts=parts)
        self.chapters.append((number, piece))

    def _size(self, piece: Section) -> int:
        notes = _notes(piece)
        fresh = (runs for events, runs in notes.items() if events not in self._noted)
        told = sum(map(_bytes, piece.sentences()))
        return told + sum(_FOR_A_RUN * min(runs, MOST_RUNS) for runs in fresh)


def _notes(piece: Section) -> dict[tuple[int, ...], int]:
    """Give the events that notes of a piece list, and in how many runs."""
    counted = {each.events: len(each.runs) for each in piece.sentences()}
    return {events: runs for events, runs in counted.items() if runs > IN_LINE}


def beginnings(leaves: Sequence[Leaf]) -> Mapping[str, int]:
    """Give the leaf on which each chapter begins, from 1."""
    found: dict[str, int] = {}
    for place, leaf in enumerate(leaves, 1):
        for _number, section in leaf.chapters:
            found.setdefault(section.id, place)
    return found


def _joined(
    before: tuple[Part, ...], after: tuple[Part, ...], *, goes_on: bool
) -> tuple[Part, ...]:
    """Put a part that was cut together again where it comes on one leaf."""
    if not goes_on:
        return (*before, *after)
    last, first = before[-1], after[0]
    whole = last._replace(
        sentences=(*last.sentences, *first.sentences),
        points=(*last.points, *first.points),
    )
    return (*before[:-1], whole, *after[1:])


def _pieces(section: Section) -> Iterator[tuple[Section, bool]]:
    """Cut a chapter where it may go on with another leaf, and say if a part goes on."""
    if sum(map(_bytes, section.sentences())) <= ROOM // 4:
        yield section, False
        return
    for part in section.parts:
        cuts = [*_cut(part)] or [part]
        for cut in cuts:
            yield section._replace(parts=(cut,)), cut is not cuts[0]


def _cut(part: Part) -> Iterator[Part]:
    for each in part.sentences:
        yield part._replace(sentences=(each,), points=())
    for each in part.points:
        yield part._replace(sentences=(), points=(each,))


def _bytes(each: Sentence) -> int:
    runs = len(each.runs)
    links = runs if runs <= IN_LINE else 1
    return len(each.text.encode()) + _AROUND + _FOR_A_RUN * links
