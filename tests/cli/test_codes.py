"""Codes can be typed in the words in which a page shows them, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from cli.codes import coded
from cli.settings import Usage
from desk.in_words.codes import CODES
from domain.commands import COMMANDS
from language import translator


@pytest.mark.parametrize(("kind", "field"), sorted(CODES))
def test_every_code_has_dutch_words_that_lead_to_it(kind: str, field: str) -> None:
    """What is shown can be typed; and no two codes have the same words."""
    for code, word in CODES[kind, field].items():
        told = translator("nl")(word)
        assert coded(kind, {field: told}) == {field: code}
        assert coded(kind, {field: code}) == {field: code}


@pytest.mark.parametrize(
    ("kind", "field", "told", "code"),
    [
        ("record_evaluation", "goal_reached", "deels", "partly"),
        ("record_evaluation", "by", "ons", "us"),
        ("record_evaluation", "by", "k-1", "k-1"),
        ("record_decision", "outcome", "aangenomen", "adopted"),
        ("record_decision", "outcome", "gestemd", "gestemd"),
        ("note_fact", "certainty", "afgeleid", "inferred"),
        ("record_gate", "kind", "Instemming", "consent"),
    ],
)
def test_words_become_codes(kind: str, field: str, told: str, code: str) -> None:
    """Where something of one's own is allowed, it stays as it is."""
    assert coded(kind, {field: told}) == {field: code}


def test_what_is_none_of_the_codes_is_refused_with_those_there_are() -> None:
    """In the reader's language, before anything is sent."""
    with pytest.raises(Usage, match=r"partly \(deels\)"):
        coded("record_evaluation", {"goal_reached": "misschien"})


def test_codes_are_those_of_the_domain() -> None:
    """Nothing can be typed that the core would refuse, and nothing is missing."""
    for (kind, field), codes in CODES.items():
        schema = COMMANDS[kind].model_json_schema()
        if field in schema["properties"]:
            assert set(codes) == _choices(schema, field), (kind, field)


def _choices(schema: dict[str, Any], field: str) -> set[str]:
    """Give the codes that a schema has for a member."""
    told: dict[str, Any] = schema["properties"][field]
    parts: list[dict[str, Any]] = [told, *told.get("anyOf", ())]
    return {str(code) for part in parts for code in part.get("enum", ())}
