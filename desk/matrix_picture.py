"""The matrix of interests as a picture that can also be read aloud.

SVG 1.1 with real text. Title and description (WAI-ARIA Graphics, `role="img"`) say in
words what the picture shows; a clash and a synergy differ by sign, not by colour alone,
and every cell says what it is where somebody points at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from desk.interests import Matrix, Wish, in_words
from language import mark, translator

_CELL: Final = 30
_LETTER: Final = 8.2
"""How wide a letter is, at the size of the labels."""

_GAP: Final = 12
_SIGNS: Final = {
    "tension": ("−", "#f6c9c2", "#7a1203"),
    "synergy": ("+", "#c9e8d1", "#0b4a1f"),
}
"""Sign, ground and ink of a relation: the contrast of each is above 7 to 1."""

_TOLD: Final = 25
"""How many relations the description names one by one."""


def picture(matrix: Matrix, lang: str) -> str:
    """Give the matrix as an SVG document, its texts in ``lang``."""
    labels = [label(wish) for wish in matrix.wishes]
    left = round(max((len(text) for text in labels), default=0) * _LETTER) + 2 * _GAP
    top = round(max((len(w.id) for w in matrix.wishes), default=0) * _LETTER) + 80
    side = _CELL * len(matrix.wishes)
    width, height = max(left + side + _GAP, 420), top + side + 60
    return "\n".join(
        (
            _opening(width, height, lang),
            f'<title id="title">{escape(_title(matrix, lang))}</title>',
            f'<desc id="desc">{escape(described(matrix, lang))}</desc>',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            _text(_GAP, 26, _title(matrix, lang), 'font-size="17" font-weight="bold"'),
            *_columns(matrix, left, top),
            *_rows(matrix, labels, left, top, lang),
            *_legend(top + side + 34, lang),
            "</svg>\n",
        )
    )


def _opening(width: int, height: int, lang: str) -> str:
    names = 'role="img" aria-labelledby="title desc"'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    space = 'xmlns="http://www.w3.org/2000/svg"'
    return (
        f'<svg {space} lang="{lang}" {names} {size}'
        ' font-family="sans-serif" font-size="14">'
    )


def label(wish: Wish) -> str:
    """Give what stands before a row: the interest, and whose it is."""
    return f"{wish.id} ({wish.stakeholder})"


def _title(matrix: Matrix, lang: str) -> str:
    _ = translator(lang)
    return _("Interests in “{title}”").format(title=matrix.title)


def described(matrix: Matrix, lang: str) -> str:
    """Say in words what the matrix shows."""
    _ = translator(lang)
    parties = len({wish.stakeholder for wish in matrix.wishes})
    told = [
        _("Interests: {count}, of parties: {parties}.").format(
            count=len(matrix.wishes), parties=parties
        ),
        _(
            "Pairs that clash: {tensions}; that strengthen each other: {synergies}."
        ).format(tensions=matrix.count("tension"), synergies=matrix.count("synergy")),
        *(f"{in_words(matrix, r, lang)}." for r in matrix.relations[:_TOLD]),
    ]
    more = len(matrix.relations) - _TOLD
    if more > 0:
        told.append(_("And {more} more.").format(more=more))
    return " ".join(told)


def _columns(matrix: Matrix, left: int, top: int) -> Iterator[str]:
    for number, wish in enumerate(matrix.wishes):
        x = left + number * _CELL + _CELL * 0.65
        turned = f'transform="rotate(-90 {x:g} {top - 8})"'
        yield _text(x, top - 8, wish.id, turned)


def _rows(
    matrix: Matrix, labels: list[str], left: int, top: int, lang: str
) -> Iterator[str]:
    told = {
        (r.one, r.other): escape(in_words(matrix, r, lang)) for r in matrix.relations
    }
    for row, wish in enumerate(matrix.wishes):
        y = top + row * _CELL
        ink = 'text-anchor="end"' + (' fill="#595959"' if wish.absent else "")
        yield _text(left - 8, y + _CELL * 0.65, labels[row], ink)
        for column, other in enumerate(matrix.wishes):
            words = told.get((wish.id, other.id)) or told.get((other.id, wish.id), "")
            kind = None if row == column else matrix.between(wish.id, other.id)
            x = left + column * _CELL
            yield _cell(x, y, kind, words, itself=row == column)


def _cell(x: int, y: int, kind: str | None, words: str, *, itself: bool) -> str:
    sign, ground, ink = _SIGNS.get(kind or "", ("", "#ffffff", "#000000"))
    ground = "#d9d9d9" if itself else ground
    box = (
        f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{ground}"'
        f' stroke="#8c8c8c"/>'
    )
    if not sign:
        return box
    middle = f'text-anchor="middle" font-size="18" font-weight="bold" fill="{ink}"'
    shown = _text(x + _CELL / 2, y + _CELL * 0.7, sign, middle)
    return f"<g><title>{words}</title>{box}{shown}</g>"


def _legend(y: int, lang: str) -> Iterator[str]:
    _ = translator(lang)
    texts = (("tension", mark("clash")), ("synergy", mark("strengthen each other")))
    x = _GAP
    for kind, text in texts:
        yield _cell(x, y - 20, kind, escape(_(text)), itself=False)
        yield _text(x + _CELL + 8, y, _(text))
        x += _CELL + 24 + round(len(_(text)) * _LETTER)


def _text(x: float, y: float, text: str, more: str = "") -> str:
    space = " " if more else ""
    return f'<text x="{x:g}" y="{y:g}"{space}{more}>{escape(text)}</text>'
