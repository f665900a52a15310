"""The document as one HTML file: it needs nothing else, runs nothing, and prints well.

Made to be read by everybody (WCAG 2.2, level AA): a language, headings in order, links
that say where they lead, a table with its heads, and contrast above 7 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from desk.motivation.document import (
    Motivation,
    Numbered,
    Part,
    Section,
    Sentence,
    notes,
)

_STYLE: Final = """
:root { color-scheme: light }
body { margin: 0 auto; max-width: 42rem; padding: 2rem 1rem; color: #1b1b1b;
  background: #fff; font: 1.06rem/1.6 Georgia, "Times New Roman", serif }
h1, h2, h3, th, nav { font-family: system-ui, Arial, sans-serif; line-height: 1.25 }
h1 { font-size: 1.8rem } h2 { margin-top: 2.5rem; font-size: 1.35rem;
  border-top: 2px solid #154273; padding-top: .6rem } h3 { font-size: 1.05rem }
a { color: #154273 } a:focus { outline: 3px solid #b36200; outline-offset: 2px }
.refs { font: .75em system-ui, Arial, sans-serif; white-space: nowrap }
.refs a { text-decoration: none } .refs a:hover { text-decoration: underline }
li { margin: .25rem 0 }
dt { font-weight: bold; font-family: system-ui, Arial, sans-serif; font-size: .9rem }
dd { margin: 0 0 .5rem; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; font-size: .8rem }
caption { text-align: left; padding-bottom: .5rem }
th, td { border-bottom: 1px solid #999; padding: .25rem .4rem; text-align: left;
  vertical-align: top } td:last-child { overflow-wrap: anywhere }
code { font-family: ui-monospace, Consolas, monospace }
:target { background: #fff3c4 }
@page { margin: 2cm }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt }
  nav { display: none } a { color: inherit; text-decoration: none }
  h2, h3 { break-after: avoid } tr, li { break-inside: avoid }
  section.events { break-before: page } }
"""


def page(document: Motivation) -> str:
    """Write the document as HTML."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Motivation) -> Iterator[str]:
    numbers = {each.events: number for number, each in notes(document).items()}
    title = escape(document.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{escape(document.lang)}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield (
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    )
    yield f"<title>{title}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield "<header>"
    yield f"<h1>{title}</h1>"
    yield f"<p>{escape(document.subtitle)}</p>"
    yield "</header>"
    yield from _contents(document)
    yield "<main>"
    for number, section in enumerate(document.sections, 1):
        yield from _section(number, section, document, numbers)
    yield from _about(document)
    yield from _notes(document)
    yield from _events(document)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _contents(document: Motivation) -> Iterator[str]:
    labels = document.labels
    own = (("about", labels.about), ("events", labels.events))
    yield f'<nav aria-label="{escape(labels.contents)}">'
    yield "<ol>"
    for section in document.sections:
        yield f'<li><a href="#{section.id}">{escape(section.title)}</a></li>'
    yield "</ol>"
    links = (f'<a href="#of-{name}">{escape(title)}</a>' for name, title in own)
    yield f"<p>{' · '.join(links)}</p>"
    yield "</nav>"


def _section(
    number: int, section: Section, document: Motivation, numbers: Numbered
) -> Iterator[str]:
    yield f'<section id="{section.id}" aria-labelledby="h-{section.id}">'
    yield f'<h2 id="h-{section.id}">{number}. {escape(section.title)}</h2>'
    for part in section.parts:
        yield from _part(part, document, numbers)
    yield "</section>"


def _part(part: Part, document: Motivation, numbers: Numbered) -> Iterator[str]:
    if part.title:
        yield f"<h3>{escape(part.title)}</h3>"
    if part.sentences:
        said = " ".join(_said(each, document, numbers) for each in part.sentences)
        yield f"<p>{said}</p>"
    if part.points:
        yield "<ul>"
        yield from (
            f"<li>{_said(each, document, numbers)}</li>" for each in part.points
        )
        yield "</ul>"


def _said(each: Sentence, document: Motivation, numbers: Numbered) -> str:
    number = numbers.get(each.events)
    if number:
        told = document.labels.note.format(number=number)
        where = f'<a href="#note-{number}">{escape(told)}</a>'
    else:
        where = _places(each, document)
    return f'{escape(each.text)} <span class="refs">[{where}]</span>'


def _places(each: Sentence, document: Motivation) -> str:
    return ", ".join(
        _link(first, document)
        if first == last
        else f"{_link(first, document)}–{_link(last, document)}"
        for first, last in each.runs
    )


def _link(seq: int, document: Motivation) -> str:
    told = escape(document.labels.event.format(number=seq))
    return f'<a href="#e{seq}" aria-label="{told}">{seq}</a>'


def _about(document: Motivation) -> Iterator[str]:
    yield '<section id="of-about" aria-labelledby="h-of-about">'
    yield f'<h2 id="h-of-about">{escape(document.labels.about)}</h2>'
    yield from (f"<p>{escape(text)}</p>" for text in document.about)
    yield "<dl>"
    for name, value in document.provenance:
        yield f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>"
    yield "</dl>"
    yield "</section>"


def _notes(document: Motivation) -> Iterator[str]:
    found = notes(document)
    if not found:
        return
    yield '<section id="of-notes" aria-labelledby="h-of-notes">'
    yield f'<h2 id="h-of-notes">{escape(document.labels.notes)}</h2>'
    yield "<ol>"
    for number, each in found.items():
        yield f'<li id="note-{number}">{_places(each, document)}</li>'
    yield "</ol>"
    yield "</section>"


def _events(document: Motivation) -> Iterator[str]:
    labels = document.labels
    yield '<section class="events" id="of-events" aria-labelledby="h-of-events">'
    yield f'<h2 id="h-of-events">{escape(labels.events)}</h2>'
    yield "<table>"
    yield f"<caption>{escape(labels.events_about)}</caption>"
    heads = (labels.number, labels.time, labels.type, labels.hash)
    cells = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    yield f"<thead><tr>{cells}</tr></thead>"
    yield "<tbody>"
    for each in document.cited:
        yield (
            f'<tr id="e{each.seq}"><td>{each.seq}</td><td>{each.at}</td>'
            f"<td><code>{each.type}</code></td><td><code>{each.hash}</code></td></tr>"
        )
    yield "</tbody>"
    yield "</table>"
    yield "</section>"
