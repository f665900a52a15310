"""Whatever a check finds is explained to who does not read English."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

from cli.findings import MEANINGS, show
from cli.page import Page

PAGE = Path(__file__).parents[2] / "docs/audit-format.md"
_LIVE = ("## Checks and their names", "hold for an evidence pack as well")
_LOG = ("`polder audit verify --all` holds the log", "Events that have no leaf yet")


def _named(begin: str, end: str) -> set[str]:
    text = PAGE.read_text("utf-8")
    part = text[text.index(begin) : text.index(end)]
    rows = re.findall(r"^\| (`.+?) \|", part, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([a-z]+)`", row)}


def test_every_check_of_the_live_record_has_a_meaning() -> None:
    """The page that names the checks, and what the command line explains, agree."""
    named = _named(*_LIVE) | _named(*_LOG)
    assert len(named) > 20
    assert named <= MEANINGS.keys()


def test_a_kind_of_finding_is_explained_once_and_in_dutch() -> None:
    """Each finding in its exact words, and under them what such a finding means."""
    out = StringIO()
    gap = {"stream": "a-b:c-d", "check": "gap", "detail": "events 2 to 3 are missing"}
    show(Page(out), [{**gap, "seq": 2}, {**gap, "seq": 7}])
    told = out.getvalue()
    assert told.count("events 2 to 3 are missing") == 2
    assert told.count("Er ontbreken gebeurtenissen") == 1
