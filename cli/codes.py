"""Codes of the domain as people type them: in code, or in the words of the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cli.settings import Usage
from cli.speech import _
from desk.in_words.codes import CODES, OPEN


def coded(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields with codes for what was said in words. Raises `Usage`."""
    made = dict(fields)
    for (command, field), codes in CODES.items():
        if command == kind and field in made:
            made[field] = _code(str(made[field]), codes)
    for (command, field), codes in OPEN.items():
        if command == kind and field in made:
            made[field] = _find(str(made[field]), codes) or made[field]
    return made


def _find(told: str, codes: Mapping[str, str]) -> str | None:
    wanted = told.strip().casefold()
    for code, word in codes.items():
        if wanted in {code, word.casefold(), _(word).casefold()}:
            return code
    return None


def _code(told: str, codes: Mapping[str, str]) -> str:
    found = _find(told, codes)
    if found is not None:
        return found
    wanted = told.strip().casefold()
    begun = [code for code, word in codes.items() if wanted and _begins(word, wanted)]
    if len(begun) == 1:
        return begun[0]
    raise Usage(
        _("{text} is none of these: {choices}.").format(
            text=told, choices=", ".join(_shown(codes))
        )
    )


def _begins(word: str, told: str) -> bool:
    """Whether somebody typed no more than the first of the words, such as “deels”."""
    return told in {
        word.split(maxsplit=1)[0].casefold(),
        _(word).split(maxsplit=1)[0].casefold(),
    }


def _shown(codes: Mapping[str, str]) -> Sequence[str]:
    words = ((code, _(word)) for code, word in codes.items())
    return [code if code == word else f"{code} ({word})" for code, word in words]
