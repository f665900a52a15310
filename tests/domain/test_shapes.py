"""What real dialogues do: each shape that the cases were read for is a proposition.

The cases themselves are in `docs/cases.md`. Each shape stands alone, in the words of
the rules, with a date of the case where that helps.
"""

from __future__ import annotations

from tests.domain import (
    test_shapes_course,
    test_shapes_outcome,
    test_shapes_windows,
)

THEMES = (test_shapes_windows, test_shapes_course, test_shapes_outcome)


def test_the_list_has_seventeen_shapes() -> None:
    """Each of them has one proposition or more, in one of the themes."""
    shapes = {
        name[5:7]
        for theme in THEMES
        for name in vars(theme)
        if name.startswith("test_") and name[5:7].isdigit()
    }
    assert shapes == {f"{number:02}" for number in range(1, 18)}
