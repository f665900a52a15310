"""A document of any length fits on leaves, and nothing of it is lost or told twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desk.motivation.document import Labels, Motivation, Part, Section, Sentence
from pages.motivation.leaves import ROOM, beginnings, leaves_of


def _sentence(size: int, events: list[int]) -> Sentence:
    return Sentence("x" * size, tuple(sorted(events)), "key", {})


def _part(title: str | None, said: list[Sentence], points: list[Sentence]) -> Part:
    return Part(title, tuple(said), tuple(points))


_SENTENCE = st.builds(
    _sentence,
    st.integers(0, 9_000),
    st.lists(st.integers(1, 400), min_size=1, max_size=8, unique=True),
)
_PART = st.builds(
    _part,
    st.none() | st.just("a title"),
    st.lists(_SENTENCE, max_size=9),
    st.lists(_SENTENCE, max_size=9),
)
_CHAPTERS = st.lists(st.lists(_PART, min_size=1, max_size=3), min_size=1, max_size=5)


def _document(chapters: list[list[Part]]) -> Motivation:
    sections = tuple(
        Section(f"s-{number}", f"Chapter {number}", tuple(parts))
        for number, parts in enumerate(chapters)
    )
    labels = Labels(*("-" for _ in Labels._fields))
    return Motivation("nl", "title", "subtitle", sections, (), (), (), labels)


@given(_CHAPTERS)
def test_all_leaves_together_are_the_document(chapters: list[list[Part]]) -> None:
    """Every sentence is on one leaf, in the order in which it stood."""
    document = _document(chapters)
    laid = [
        sentence
        for leaf in leaves_of(document)
        for _number, section in leaf.chapters
        for sentence in section.sentences()
    ]
    assert laid == [*document.sentences()]


@given(_CHAPTERS)
def test_a_document_that_fits_is_on_one_leaf_as_it_is(
    chapters: list[list[Part]],
) -> None:
    """Where one leaf has room for all, its chapters are those of the document."""
    document = _document(chapters)
    leaves = leaves_of(document)
    if len(leaves) == 1:
        assert [section for _n, section in leaves[0].chapters] == [*document.sections]


@given(_CHAPTERS)
def test_a_leaf_is_small(chapters: list[list[Part]]) -> None:
    """It has room for so many bytes; one sentence alone may have more."""
    for leaf in leaves_of(_document(chapters)):
        every = [each for _n, section in leaf.chapters for each in section.sentences()]
        told = sum(len(each.text) for each in every)
        longest = max((len(each.text) for each in every), default=0)
        assert told <= ROOM + 2 * longest


@given(_CHAPTERS)
def test_each_chapter_begins_somewhere(chapters: list[list[Part]]) -> None:
    """The contents lead to a leaf on which that chapter is."""
    document = _document(chapters)
    leaves = leaves_of(document)
    begins = beginnings(leaves)
    assert set(begins) == {section.id for section in document.sections}
    for name, place in begins.items():
        assert name in [section.id for _n, section in leaves[place - 1].chapters]
