"""Advice as a line to copy: the short form of the command that would help."""

from __future__ import annotations

import shlex
from typing import Final

from cli.acts import BY_KIND
from cli.speech import _
from cli.words import Word
from desk.advice import Advice
from language import mark

_BLANKS: Final = {
    "actor": mark("ID"),
    "address": mark("E-MAIL"),
    "respondent": mark("ID"),
    "reason": mark("WHY"),
    "note": mark("WHAT WAS DONE"),
    "response": mark("WHAT YOU SAY"),
    "outcome": mark("OUTCOME"),
    **dict.fromkeys(("in_favour", "against", "abstained", "entitled"), mark("NUMBER")),
}
_CHOICES: Final = {
    ("answer_response", "outcome"): mark("adopted|partly|not"),
    ("answer_late_feedback", "outcome"): mark("adopted|partly|not"),
}
"""Blanks in which one of a few codes comes."""
_WORDS: Final = frozenset({"reason", "note", "response"})


def as_command(stream: str, advice: Advice, sent_as: str | None = None) -> str:
    """Write the command; what the sender has to fill in stands in capitals.

    ``sent_as`` is what the reader said after ``--as``, if anything.
    """
    act = BY_KIND[advice.kind]
    words = ["polder", "dialogue", act.name, stream]
    for word in act.takes:
        if word.field in advice.body:
            words += _written(act.kind, word, advice.body[word.field])
        elif word.field == "reason" and word.required:
            words += _written(act.kind, word, "")
    return " ".join([*words, *as_told(sent_as)])


def as_told(sent_as: str | None) -> list[str]:
    """Give the words that say again in whose name the reader acts."""
    return ["--as", shlex.quote(sent_as)] if sent_as else []


def _written(of: str, word: Word, value: str | tuple[str, ...]) -> list[str]:
    if word.kind == "flag":
        return [word.option.partition("/")[0]]
    values = (value,) if isinstance(value, str) else value
    texts = [shlex.quote(v) if v else _(_BLANKS.get(word.field, "…")) for v in values]
    if (of, word.field) in _CHOICES and not value:
        texts = [f'"{_(_CHOICES[of, word.field])}"']
    if word.field in _WORDS and not value:
        texts = [f'"{_(_BLANKS[word.field])}"']
    return [word.option, *texts] if word.option else texts
