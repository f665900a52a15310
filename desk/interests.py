"""What everybody wants, side by side: those affected and weak come first.

One matrix, to be read in a terminal, in a sheet, or as a picture
(`desk.matrix_picture`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any, Final, NamedTuple

from desk.desk import Desk, Sender
from desk.entries import EntryRow, entries, opened
from domain.interest_facts import pair
from domain.people_register_facts import Stakeholder, Standing, by_need, standing
from exports.commas import defused
from language import mark, translator

KINDS: Final[Mapping[str, str]] = {
    "ambition": mark("ambition"),
    "goal": mark("goal"),
    "interest": mark("interest"),
}
INTEREST_LEVELS: Final[Mapping[str, str]] = {
    "personal": mark("personal"),
    "organisational": mark("of the organisation"),
}
ABOUT: Final[Mapping[str, str]] = {
    "neighbourhood": mark("the neighbourhood"),
    "property": mark("its own property"),
}
"""Words of the domain, and what they are called."""

COLUMNS: Final = (
    "interest",
    "stakeholder",
    "standing",
    "kind",
    "level",
    "priority",
    "about",
    "text",
)
"""What a row of the sheet begins with; then comes one column for each interest."""

_CALLED: Final[Mapping[str, str]] = {
    "interest": mark("interest"),
    "stakeholder": mark("stakeholder"),
    "standing": mark("standing in the dialogue"),
    "kind": mark("kind"),
    "level": mark("whose"),
    "priority": mark("priority"),
    "about": mark("what it is about"),
    "text": mark("text"),
}
_WORDED: Final = frozenset({"standing", "kind", "level", "about"})
_CODES: Final[Mapping[str, str]] = {
    **KINDS,
    **INTEREST_LEVELS,
    **ABOUT,
    "tension": mark("tension"),
    "synergy": mark("synergy"),
    "affected_but_weak": mark("affected, with little influence"),
    "not_weighed": mark("not weighed yet"),
    "affected": mark("affected, with influence"),
    "other": mark("another"),
}
"""What columns and codes are called in a sheet for people."""


class Wish(NamedTuple):
    """An interest on the table. ``absent``: its party left; ``text`` if opened."""

    id: str
    stakeholder: str
    standing: Standing
    absent: bool
    kind: str
    level: str
    priority: int | None
    about: str | None
    text: str | None


class Relation(NamedTuple):
    """Two interests that clash (``tension``) or strengthen each other (``synergy``)."""

    one: str
    other: str
    kind: str
    note: str | None


class Matrix(NamedTuple):
    """All interests and how they bear on each other, in one order both ways."""

    stream: str
    title: str
    wishes: tuple[Wish, ...]
    relations: tuple[Relation, ...]
    kinds: Mapping[str, str]
    """How two interests bear on each other, by their pair."""
    missing: tuple[str, ...] = ()
    """Stakeholders of whom nothing is on the table, affected but weak first."""

    def between(self, one: str, other: str) -> str | None:
        """Give how two interests bear on each other; none if they do not."""
        return self.kinds.get(pair(one, other))

    def bearing_on(self, interest: str) -> tuple[tuple[str, str], ...]:
        """Give the interests that one bears on, each with how; clashes first."""
        both = (
            (r.other if r.one == interest else r.one, r.kind)
            for r in self.relations
            if interest in {r.one, r.other}
        )
        return tuple(sorted(both, key=lambda each: (each[1] != "tension", each[0])))

    def count(self, kind: str) -> int:
        """Count the clashes, or the pairs that strengthen each other."""
        return sum(relation.kind == kind for relation in self.relations)


async def interests(desk: Desk, stream: str, reader: Sender | None = None) -> Matrix:
    """Give what is on the table; with a ``reader`` who may, also in their words.

    Raises `NotFound`, `Refused`.
    """
    state = await desk.dialogue(stream)
    people = {row.id: row.data for row in await entries(desk, stream, "stakeholder")}
    wishes = await entries(desk, stream, "interest")
    relations = await entries(desk, stream, "relation")
    if reader is not None:
        wishes = await opened(desk, stream, wishes, reader)
        relations = await opened(desk, stream, relations, reader)
    return laid(stream, state.title, people, wishes, relations)


def laid(
    stream: str,
    title: str,
    people: Mapping[str, Mapping[str, Any]],
    wishes: list[EntryRow],
    relations: list[EntryRow],
) -> Matrix:
    """Lay what is known on the table, in the order in which it is read."""
    live = [row for row in wishes if row.data.get("withdrawn") is None]
    order = sorted(live, key=lambda row: _order(row, people))
    place = {row.id: number for number, row in enumerate(order)}
    pairs = [_relation(row) for row in relations]
    known = [_in_order(each, place) for each in pairs if _is_live(each, place)]
    return Matrix(
        stream=stream,
        title=title,
        wishes=tuple(_wish(row, people) for row in order),
        relations=tuple(
            sorted(
                known,
                key=lambda r: (r.kind != "tension", place[r.one], place[r.other]),
            )
        ),
        kinds={pair(each.one, each.other): each.kind for each in known},
        missing=_missing(live, people),
    )


def _missing(
    live: list[EntryRow], people: Mapping[str, Mapping[str, Any]]
) -> tuple[str, ...]:
    told = {row.data["stakeholder"] for row in live}
    silent = (
        (who, Stakeholder(known.get("impact"), known.get("influence")))
        for who, known in people.items()
        if who not in told and known.get("left") is None
    )
    touched = [s for s in silent if standing(s[1].impact, s[1].influence) != "other"]
    return tuple(who for who, _ in sorted(touched, key=by_need))


def _order(row: EntryRow, people: Mapping[str, Mapping[str, Any]]) -> tuple[Any, ...]:
    """Order by who wants it, as in every list, then by what matters most to them."""
    who = row.data["stakeholder"]
    known = people.get(who, {})
    holder = Stakeholder(known.get("impact"), known.get("influence"))
    priority = row.data.get("priority") or 9
    return known.get("left") is not None, by_need((who, holder)), priority, row.id


def _wish(row: EntryRow, people: Mapping[str, Mapping[str, Any]]) -> Wish:
    data, known = row.data, people.get(row.data["stakeholder"], {})
    return Wish(
        id=row.id,
        stakeholder=data["stakeholder"],
        standing=standing(known.get("impact"), known.get("influence")),
        absent=known.get("left") is not None,
        kind=data["kind"],
        level=data["level"],
        priority=data.get("priority"),
        about=data.get("about"),
        text=_opened(data.get("text")),
    )


def _relation(row: EntryRow) -> Relation:
    data = row.data
    return Relation(data["one"], data["other"], data["kind"], _opened(data.get("note")))


def _opened(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _is_live(relation: Relation, place: Mapping[str, int]) -> bool:
    return relation.one in place and relation.other in place


def _in_order(relation: Relation, place: Mapping[str, int]) -> Relation:
    """Name the one first that is read first."""
    one, other = sorted((relation.one, relation.other), key=place.__getitem__)
    return relation._replace(one=one, other=other)


def in_words(matrix: Matrix, relation: Relation, lang: str) -> str:
    """Say how two interests bear on each other, with whose they are."""
    _ = translator(lang)
    holders = {wish.id: wish.stakeholder for wish in matrix.wishes}
    text = (
        mark("{one} ({whose}) and {other} ({others}) clash")
        if relation.kind == "tension"
        else mark("{one} ({whose}) and {other} ({others}) strengthen each other")
    )
    return _(text).format(
        one=relation.one,
        whose=holders[relation.one],
        other=relation.other,
        others=holders[relation.other],
    )


def sheet(matrix: Matrix, lang: str = "") -> str:
    """Give the matrix as CSV: a row and a column for each interest.

    Cells say ``tension`` or ``synergy``, or nothing. In a language headings and codes
    are in its words, and in Dutch semicolons stand between cells, as spreadsheets
    there expect. The form is that of `exports.commas`.
    """
    say = translator(lang) if lang else str
    out = StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=";" if lang == "nl" else ",",
        quoting=csv.QUOTE_ALL,
        lineterminator="\r\n",
    )
    ids = [wish.id for wish in matrix.wishes]
    heads = [say(_CALLED[name]) if lang else name for name in COLUMNS]
    writer.writerow([*heads, *(defused(name) for name in ids)])
    for wish in matrix.wishes:
        known = wish._asdict() | {"interest": wish.id}
        told = [_cell(name, known[name], say if lang else None) for name in COLUMNS]
        between = (matrix.between(wish.id, other) or "" for other in ids)
        cells = [say(_CODES.get(code, code)) if lang else code for code in between]
        writer.writerow([defused(cell) for cell in (*told, *cells)])
    return out.getvalue()


def _cell(name: str, value: object, say: Callable[[str], str] | None) -> str:
    told = "" if value is None else str(value)
    worded = say is not None and name in _WORDED and told in _CODES
    return say(_CODES[told]) if worded and say is not None else told
