"""The threat model claims nothing without a test that shows it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = ("threat-model.md", "asvs.md")
CITES = {
    name: set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text))
    for name in TEXTS
    if (text := (ROOT / "docs" / name).read_text())
}
CITED = CITES["threat-model.md"]

_ATTACK = re.compile(r"^async def (test_\w+)", re.MULTILINE)


@pytest.mark.parametrize("document", TEXTS)
def test_every_test_that_it_names_is_there(document: str) -> None:
    """By file and name, in the threat model and in the table of ASVS."""
    assert len(CITES[document]) > 30
    for file, name in sorted(CITES[document]):
        tree = ast.parse((ROOT / file).read_text())
        there = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in there, f"{file}::{name}"


def test_every_attack_is_in_it() -> None:
    """What is attacked here stands in the model, but for what the rows share."""
    shared = {"test_packs_of_a_real_record_are_sound", "test_these_are_all_columns"}
    shared |= {name for name in _attacks() if name.endswith("by_the_command_line")}
    shared |= {"test_ten_thousand_mutations_of_real_packs"}
    missing = _attacks() - shared - {name for _, name in CITED}
    assert not missing


def _attacks() -> set[str]:
    found: set[str] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        if file != Path(__file__):
            found.update(_ATTACK.findall(file.read_text()))
    return found
