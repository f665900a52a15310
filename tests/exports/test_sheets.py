"""A spreadsheet holds texts and numbers, and not one formula or link."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from exports import sheets
from exports.rows import compact
from tests.exports.logs import WORDS, export, log

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(path: Path, sheet: int) -> list[list[str]]:
    """The texts of a sheet, row by row."""
    with ZipFile(path) as archive:
        root = ET.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    rows = root.iter(f"{MAIN}row")
    return [["".join(c.itertext()) for c in row.iter(f"{MAIN}c")] for row in rows]


def told(text: str) -> str:
    """A text with the escapes of control characters undone (ECMA-376, ST_Xstring)."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def test_nothing_in_it_is_a_formula_or_a_link(tmp_path: Path) -> None:
    """Whatever people typed is a text."""
    export("xlsx", tmp_path / "x.xlsx", log())
    with ZipFile(tmp_path / "x.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, body in parts.items():
        if name.startswith("xl/worksheets/"):
            assert b"<f>" not in body
            assert b"<f " not in body
            assert b"hyperlink" not in body
    assert not any("externalLink" in name for name in parts)


def test_it_says_what_the_events_say_under_words_for_people(tmp_path: Path) -> None:
    """One row an event, under headings in the reader's language."""
    export("xlsx", tmp_path / "x.xlsx", log())
    heading, *rows = cells(tmp_path / "x.xlsx", 1)
    assert heading[2] == WORDS["seq"]
    assert [[told(cell) for cell in row] for row in rows] == [
        [str(cell) for cell in row.cells] for row in log()
    ]


def test_the_second_sheet_is_the_provenance(tmp_path: Path) -> None:
    """Each fact by its name, those inside others with a dot between."""
    block = export("xlsx", tmp_path / "x.xlsx", log())
    facts = {row[0]: row[1] for row in cells(tmp_path / "x.xlsx", 2)}
    assert facts["rowsSha256"] == block["rowsSha256"]
    assert facts["checkpoint.size"] == "40"
    assert facts["filters.type"] == compact(["items_completed"])
    assert facts["totals.step_started"] == "1"


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than leaving events out without a word."""
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    with pytest.raises(sheets.TooManyRows, match="holds 3"):
        export("xlsx", tmp_path / "x.xlsx", log())
