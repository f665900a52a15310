"""The document as Markdown: plain enough to read as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from desk.motivation.document import Motivation, Numbered, Part, Sentence, notes

_MARKS: Final = re.compile(r"([\\`*_\[\]<>|~&@]|:(?=//)|(?<=www)\.)")
"""What means something, also where a reader makes links of addresses by itself."""


def markdown(document: Motivation) -> str:
    """Write the document as Markdown (CommonMark, with GitHub's tables)."""
    return "\n".join(_lines(document)) + "\n"


def plain(text: str) -> str:
    """Escape what Markdown would take for its own; all on one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _lines(document: Motivation) -> Iterator[str]:
    numbers = {each.events: number for number, each in notes(document).items()}
    yield f"# {plain(document.title)}"
    yield ""
    yield plain(document.subtitle)
    for number, section in enumerate(document.sections, 1):
        yield ""
        yield f"## {number}. {plain(section.title)}"
        for part in section.parts:
            yield from _part(part, document, numbers)
    yield from _end(document)


def _part(part: Part, document: Motivation, numbers: Numbered) -> Iterator[str]:
    if part.title:
        yield ""
        yield f"### {plain(part.title)}"
    if part.sentences:
        yield ""
        yield " ".join(_said(each, document, numbers) for each in part.sentences)
    if part.points:
        yield ""
        for each in part.points:
            yield f"- {_said(each, document, numbers)}"


def _said(each: Sentence, document: Motivation, numbers: Numbered) -> str:
    number = numbers.get(each.events)
    where = document.labels.note.format(number=number) if number else written(each)
    return f"{plain(each.text)} [{where}]"


def written(each: Sentence) -> str:
    """Write the numbers of a sentence's events: 3, 5–8."""
    return ", ".join(
        f"{first}" if first == last else f"{first}–{last}" for first, last in each.runs
    )


def _end(document: Motivation) -> Iterator[str]:
    labels = document.labels
    yield ""
    yield f"## {plain(labels.about)}"
    for text in document.about:
        yield ""
        yield plain(text)
    yield ""
    for name, value in document.provenance:
        yield f"- {plain(name)}: `{value.replace('`', ' ')}`"
    found = notes(document)
    if found:
        yield ""
        yield f"## {plain(labels.notes)}"
        yield ""
        yield from (f"{number}. {written(each)}" for number, each in found.items())
    yield ""
    yield f"## {plain(labels.events)}"
    yield ""
    yield plain(labels.events_about)
    yield ""
    head = (labels.number, labels.time, labels.type, labels.hash)
    yield f"| {' | '.join(plain(each) for each in head)} |"
    yield "| ---: | --- | --- | --- |"
    for each in document.cited:
        yield f"| {each.seq} | {each.at} | `{each.type}` | `{each.hash}` |"
