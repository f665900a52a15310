"""The threat model claims nothing without a test that shows it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threat-model.md").read_text()
CITED = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT))

_ATTACK = re.compile(r"^async def (test_\w+)", re.MULTILINE)


def test_every_test_that_it_names_is_there() -> None:
    """By file and name."""
    assert len(CITED) > 40
    for file, name in sorted(CITED):
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
