"""The register of stakeholders as a sheet, in the order in which it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from desk.people import WORDS, People, Person
from exports.commas import defused

COLUMNS: Final = (
    "stakeholder",
    "standing",
    "kind",
    "impact",
    "influence",
    "reached",
    "to_brief",
    "left",
    "roles",
)
"""What a row begins with; then come the phases, and texts where they were opened."""


def sheet(found: People) -> str:
    """Give the register as CSV: a row for each stakeholder, codes as they are.

    The form is that of `exports.commas`.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in _rows(found):
        writer.writerow(["" if c is None else defused(str(c)) for c in row])
    return out.getvalue()


def _rows(found: People) -> Iterator[Sequence[object]]:
    every = (*found.present, *found.left)
    texts = WORDS if any(each.words for each in every) else ()
    yield (*COLUMNS, *found.phases, *texts)
    for each in every:
        yield (*_first(each), *_levels(found, each), *map(each.words.get, texts))


def _first(person: Person) -> Sequence[object]:
    return (
        person.id,
        person.standing,
        person.kind,
        person.impact,
        person.influence,
        "yes" if person.reached else "no",
        "yes" if person.unbriefed else "no",
        person.left,
        " ".join(person.roles),
    )


def _levels(found: People, person: Person) -> Iterator[str | None]:
    for phase in found.phases:
        level = person.levels.get(phase)
        yield level.level if level else None
