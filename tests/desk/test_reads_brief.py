"""What somebody asked stands in the log of reads, and never at any length."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desk.reads import MOST, brief

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3_000),
    lambda part: (
        st.lists(part, max_size=40)
        | st.dictionaries(st.text(max_size=30), part, max_size=5)
    ),
    max_leaves=60,
)
_WIDEST = 6
"""Signs of JSON that one sign of text can take."""


@given(st.dictionaries(st.text(max_size=300), _VALUES, max_size=30))
def test_however_much_is_asked_little_is_kept(filters: dict[str, Any]) -> None:
    """What is short stays as it is; what is long is cut, and says so."""
    kept = brief(filters)
    if len(json.dumps(filters)) <= MOST:
        assert kept == filters
    else:
        assert kept["shortened"] is True
        assert len(kept) <= 21
        for value in kept.values():
            if isinstance(value, str):
                assert len(value) <= 200


def test_a_list_of_names_is_cut() -> None:
    """Of a thousand names of types twenty are kept, each of them in part."""
    kept = brief({"type": ["x" * 1_000] * 1_000})
    assert kept == {"type": ["x" * 200] * 20, "shortened": True}
    assert len(json.dumps(kept)) < _WIDEST * 200 * 21
