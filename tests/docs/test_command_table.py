"""The page for integrators has every command that somebody else may send."""

from __future__ import annotations

import re
from pathlib import Path

from domain.commands import COMMANDS

_PAGE = Path(__file__).parents[2] / "docs" / "integrators.md"
_OUR_OWN = {"compiled", "desk_keys", "event_type", "generation", "unsigned", "was"}


def test_the_page_has_every_command_with_its_members() -> None:
    """Each kind is named there, and beside it each member that the desk leaves open."""
    said = _PAGE.read_text().partition("\n## Commands\n")[2].partition("\n## ")[0]
    assert set(COMMANDS) <= set(re.findall(r"`([a-z_]+)`", said))
    rows = re.findall(r"^\| (`[^|]*) \| (.*) \|$", said, re.MULTILINE)
    for kinds, members in rows:
        told = set(re.findall(r"`([a-z_0-9]+)`", members))
        for kind in re.findall(r"`([a-z_]+)`", kinds):
            asked = COMMANDS[kind].model_fields.keys() - _OUR_OWN
            loose = "what changes" in members
            assert loose or asked <= told, (kind, asked - told)
