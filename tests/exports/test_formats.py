"""Whatever the format: the same rows give the same bytes, with their provenance."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest

from cli.exporting import FORMS
from exports.formats import FORMATS, Format
from exports.provenance import SIDECAR, digest_of, vouch, vouches
from tests.exports.logs import TOLD, export, log

EVERY: tuple[Format, ...] = get_args(Format)


@pytest.mark.parametrize("form", EVERY)
def test_the_same_rows_give_the_same_bytes(form: Format, tmp_path: Path) -> None:
    """Also when nothing was chosen, and there is no moment in a file but the log's."""
    for name, rows in (("full", log()), ("empty", [])):
        first, second = tmp_path / f"{name}-1", tmp_path / f"{name}-2"
        assert export(form, first, rows) == export(form, second, rows)
        assert first.read_bytes() == second.read_bytes()


def test_each_format_vouches_for_the_same_rows(tmp_path: Path) -> None:
    """The digest of the rows does not depend on the form in which they are written."""
    blocks = [export(form, tmp_path / form, log()) for form in EVERY]
    assert len({block["rowsSha256"] for block in blocks}) == 1
    assert blocks[0]["rows"] == len(TOLD)
    assert blocks[0]["totals"] == dict(Counter(kind for kind, _ in TOLD))
    assert blocks[0]["checkpoint"]["size"] == 40
    assert blocks[0]["by"] == "a-1"


def test_the_digest_of_rows_is_that_of_the_lines_but_the_last(tmp_path: Path) -> None:
    """As `head -n -1 FILE | sha256sum` gives it."""
    block = export("jsonl", tmp_path / "x.jsonl", log())
    *lines, last = (tmp_path / "x.jsonl").read_bytes().splitlines(keepends=True)
    assert sha256(b"".join(lines)).hexdigest() == block["rowsSha256"]
    assert json.loads(last) == {"provenance": block}
    assert [json.loads(line)["event"] for line in lines] == [
        row.members for row in log()
    ]


@pytest.mark.parametrize("form", EVERY)
def test_one_byte_changed_is_no_longer_vouched_for(
    form: Format, tmp_path: Path
) -> None:
    """Nor is a file under another name."""
    path = tmp_path / "x"
    block = export(form, path, log())
    sidecar = path.with_name(path.name + SIDECAR)
    sidecar.write_bytes(vouch(path, path.name, block))
    assert vouches(path)
    assert json.loads(sidecar.read_bytes())["file"]["sha256"] == digest_of(path)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    assert not vouches(path)


def test_the_command_line_offers_every_format() -> None:
    """What can be asked for is what can be written."""
    assert set(FORMS) == set(FORMATS) == set(EVERY)
