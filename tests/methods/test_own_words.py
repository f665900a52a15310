"""Facts come from the sources; sentences are our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pydantic import BaseModel

from domain.method import SelfAssessment, Tool
from methods.load import shipped

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
RUN = 6
"""As many words in a row as make a sentence somebody else's."""


def words(text: str) -> list[str]:
    """The words of a text, in lower case, without its marks."""
    return re.findall(r"[a-zà-ÿ0-9]+", re.sub(r"<[^>]+>|-\n", " ", text.lower()))


def runs(text: str) -> set[tuple[str, ...]]:
    """Every row of so many words in a text."""
    found = words(text)
    return {tuple(found[n : n + RUN]) for n in range(len(found) - RUN + 1)}


def own_texts(part: object) -> Iterator[str]:
    """Every text of a method, but for the titles of what others made."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            titled = isinstance(part, Tool | SelfAssessment) and name == "title"
            if not titled:
                yield from own_texts(getattr(part, name))
    elif isinstance(part, tuple):
        for each in cast("tuple[object, ...]", part):
            yield from own_texts(each)
    elif isinstance(part, dict):
        yield from cast("dict[str, str]", part).values()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the source texts are not beside us")
@pytest.mark.parametrize("name", shipped())
def test_no_sentence_is_taken_from_a_source(name: str) -> None:
    """No six words in a row of a method stand like that in any source text."""
    texts = [path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")]
    theirs = {run for text in texts for run in runs(text)}
    assert len(texts) == 5
    taken = [t for t in own_texts(shipped()[name].method) if runs(t) & theirs]
    assert taken == []
