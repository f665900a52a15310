"""A document of sentences, each of which points to the events that it rests on.

What the document says about itself is no sentence of that kind: it stands apart, as
`Motivation.about`, and claims nothing of the dialogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from domain.response_numbers import runs_of

Facts = Mapping[str, str | int]


class Sentence(NamedTuple):
    """A sentence, or a few, with the places of its events: at least one.

    ``key`` is the text of the code that it was made of, ``facts`` what stands in it.
    """

    text: str
    events: tuple[int, ...]
    key: str
    facts: Facts

    @property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """Its events as first and last of what follows on without a gap."""
        bits = 0
        for seq in self.events:
            bits |= 1 << seq
        return tuple(runs_of(bits))


class Part(NamedTuple):
    """Sentences that belong together; ``points`` come one below the other."""

    title: str | None
    sentences: tuple[Sentence, ...]
    points: tuple[Sentence, ...] = ()


class Section(NamedTuple):
    """A chapter, in the order of the question it answers."""

    id: str
    title: str
    parts: tuple[Part, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Give every sentence of the chapter, in order."""
        for part in self.parts:
            yield from part.sentences
            yield from part.points


class Cited(NamedTuple):
    """An event that a sentence points to, as it stands in the list at the end."""

    seq: int
    at: str
    """On the dialogue's wall clock, with its offset."""
    type: str
    hash: str


class Labels(NamedTuple):
    """The words around the text."""

    contents: str
    events: str
    events_about: str
    notes: str
    note: str
    number: str
    time: str
    type: str
    hash: str
    about: str
    event: str


class Motivation(NamedTuple):
    """The whole document, in one language."""

    lang: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    about: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    cited: tuple[Cited, ...]
    labels: Labels

    def sentences(self) -> Iterator[Sentence]:
        """Give every sentence of the sections, in order."""
        for section in self.sections:
            yield from section.sentences()


Numbered = Mapping[tuple[int, ...], int]
"""The number of a note by the events that it lists."""

MOST_RUNS = 4
"""Of a sentence that rests on more runs of events than this, a note lists them."""


def notes(document: Motivation) -> dict[int, Sentence]:
    """Give a sentence for each note that lists events, by the number of the note.

    Sentences that rest on the same events share their note.
    """
    many = (each for each in document.sentences() if len(each.runs) > MOST_RUNS)
    once = {each.events: each for each in many}
    return dict(enumerate(once.values(), 1))
