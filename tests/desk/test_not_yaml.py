"""A text that is no YAML is told so in the language of who wrote it."""

from __future__ import annotations

import re

import pytest

from desk.in_words.methods import wrong
from desk.in_words.yaml import SENTENCES
from language import translator
from language.speaking import speaking
from methods.yaml_tree import read

TEXTS = (
    "a: b: c",
    "a:\n  - b\n c: d",
    "a: [1, 2\nb: 3",
    "a: {x: 1\nb: 2",
    "\tb: c",
    'a: "x\\q"',
    "a: |x\n b",
    "key\nb: 1",
    "a: 'x",
    "- a\nb: c",
    "a: @x",
    "%x\na: 1",
    "a: &\n",
    "}",
)


@pytest.mark.parametrize("text", TEXTS)
def test_what_people_get_wrong_is_said_in_dutch(text: str) -> None:
    """No English of the reader of YAML is left in it."""
    [fault] = read(text).faults
    with speaking("nl"):
        told = wrong(fault.message)
    assert told.startswith("dit is geen YAML: ")
    english = re.compile(r"\b(found|expected|not|that|character|allowed)\b")
    assert not english.search(told), told
    with speaking("en"):
        told = wrong(fault.message)
    assert told.replace("closing brace", "'}'") == fault.message


def test_every_sentence_has_its_dutch() -> None:
    """Each is another one in Dutch."""
    assert [each for each in SENTENCES if translator("nl")(each) == each] == []
