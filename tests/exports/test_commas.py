"""A spreadsheet that opens the CSV finds no formula in it, whatever people typed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.commas import armed, defused, defused_json
from exports.rows import columns, compact
from tests.exports.logs import HARM, export, log

OPENERS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""OWASP's list, and the same signs in full width."""

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
NASTY = st.one_of(st.sampled_from(HARM), TEXT.map(lambda text: f";={text}"), TEXT)


def obeyed(cell: str) -> bool:
    """Whether a spreadsheet might take a cell for a formula."""
    return cell.lstrip(' "').startswith(OPENERS)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_is_a_formula_also_for_another_separator(
    separator: str, tmp_path: Path
) -> None:
    """A Dutch Excel splits at semicolons, and then meets the middle of our cells."""
    export("csv", tmp_path / "x.csv", log())
    text = (tmp_path / "x.csv").read_text("utf-8-sig")
    cells = [
        cell
        for line in csv.reader(text.splitlines(), delimiter=separator)
        for cell in line
    ]
    assert len(cells) > len(log())
    assert [cell for cell in cells if obeyed(cell)] == []


def test_what_was_typed_is_read_back(tmp_path: Path) -> None:
    """The JSON in a cell says exactly what the event says; other cells come back."""
    export("csv", tmp_path / "x.csv", log())
    text = (tmp_path / "x.csv").read_text("utf-8-sig")
    found = list(csv.DictReader(text.splitlines()))
    assert tuple(found[0]) == columns(opened=False)
    for row, cells in zip(log(), found, strict=True):
        assert json.loads(cells["data"]) == row.members["data"]
        assert json.loads(cells["erased"]) == row.erased
        assert armed(cells["cause"]) == row.members["cause"]
        assert (cells["hash"], cells["seq"]) == (row.hash, str(row.members["seq"]))
    assert found[2]["mandate"] == "org:gemeente-waterdam/3"


def test_lines_end_as_the_rfc_says_and_excel_knows_the_encoding(tmp_path: Path) -> None:
    """CRLF, and the mark of UTF-8 at the beginning."""
    export("csv", tmp_path / "x.csv", log())
    body = (tmp_path / "x.csv").read_bytes()
    assert body.startswith(b'\xef\xbb\xbf"leaf_index",')
    assert body.endswith(b'"\r\n')
    assert body.count(b"\r\n") == len(log()) + 1


@given(NASTY)
def test_a_plain_cell_is_defused_and_can_be_had_back(text: str) -> None:
    """Nothing that could be a formula is left at the beginning, and nothing is lost."""
    made = str(defused(text))
    assert not obeyed(made)
    assert armed(made) == text


@given(st.recursive(NASTY | st.integers(-9, 9), st.lists, max_leaves=8))
def test_json_is_defused_without_changing_what_it_says(value: object) -> None:
    """Every JSON reader reads the same, negative numbers too."""
    text = defused_json(compact([value]))
    assert json.loads(text) == [value]
    for separator in ";|":
        for piece in text.split(separator)[1:]:
            assert not obeyed(piece), text
