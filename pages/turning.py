"""A list page by page: what of it an address asks for, and what lies beside that."""

from __future__ import annotations

from typing import NamedTuple

from pages.typing_in import number_in


class Turn(NamedTuple):
    """A page of a list: from where to where, and where its neighbours begin."""

    first: int
    end: int
    before: int | None
    after: int | None


def turn(told: str | None, size: int, among: int) -> Turn:
    """Give the page that begins where an address says, of a list of so many.

    What is no number asks for the first page.
    """
    first = number_in(told or "") or 0
    end = first + size
    return Turn(
        first,
        end,
        before=max(first - size, 0) if first else None,
        after=end if end < among else None,
    )
