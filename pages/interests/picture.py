"""The matrix of interests as a picture: what clashes and what helps, at a glance.

A clash and a synergy differ by sign and not by colour alone. The table beside it says
the same; `desk.matrix_picture` draws the one to take along.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from desk.interests import Matrix, in_words
from desk.matrix_picture import label

MOST: Final = 24
"""So many interests still fit side by side on a page."""

_CELL: Final = 32
_LETTER: Final = 7.4
_GAP: Final = 10
_LONGEST: Final = 30
_SIGNS: Final = {"tension": "−", "synergy": "+"}


class Pair(NamedTuple):
    """Two interests that bear on each other: where that stands, and in words."""

    x: int
    y: int
    kind: str
    sign: str
    told: str


class Row(NamedTuple):
    """An interest, before its row and above its column."""

    text: str
    above: str
    x: int
    y: int
    absent: bool


class Picture(NamedTuple):
    """The matrix, laid out."""

    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    left: int
    top: int
    cell: int = _CELL

    @property
    def side(self) -> int:
        """How wide and high the cells are together."""
        return _CELL * len(self.rows)

    @property
    def width(self) -> int:
        """How wide the picture is."""
        return self.left + self.side + 2

    @property
    def height(self) -> int:
        """How high the picture is."""
        return self.top + self.side + 2


def picture(matrix: Matrix, lang: str) -> Picture | None:
    """Lay a matrix out; None where there are too many interests, or too few."""
    wishes = matrix.wishes
    if not 1 < len(wishes) <= MOST:
        return None
    texts = [_short(label(wish)) for wish in wishes]
    left = round(max(map(len, texts)) * _LETTER) + 2 * _GAP
    top = round(max(len(_short(wish.id)) for wish in wishes) * _LETTER) + 2 * _GAP
    rows = tuple(
        Row(
            text,
            _short(wish.id),
            left + n * _CELL,
            top + n * _CELL,
            wish.absent,
        )
        for n, (wish, text) in enumerate(zip(wishes, texts, strict=True))
    )
    return Picture(rows, _pairs(matrix, rows, lang), left, top)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _pairs(matrix: Matrix, rows: tuple[Row, ...], lang: str) -> tuple[Pair, ...]:
    place = {wish.id: row for wish, row in zip(matrix.wishes, rows, strict=True)}
    found: list[Pair] = []
    for relation in matrix.relations:
        one, other = place[relation.one], place[relation.other]
        told = in_words(matrix, relation, lang)
        for row, column in ((one, other), (other, one)):
            sign = _SIGNS[relation.kind]
            found.append(Pair(column.x, row.y, relation.kind, sign, told))
    return tuple(found)
