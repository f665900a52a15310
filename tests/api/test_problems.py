"""Every name of a problem is on the list, and the list is the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from api.problem_table import page, rows
from api.refusals import status_of
from desk.errors import DeskError

ROOT = Path(__file__).parents[2]
_PROBLEM = re.compile(r'Problem\(\s*\d{3},\s*"(\w+)"')
_REFUSED = re.compile(r'Refused\(\s*"(\w+)"')


def named(package: str, form: re.Pattern[str]) -> Iterator[str]:
    """Give the names that a package's code has in a form."""
    for path in (ROOT / package).rglob("*.py"):
        yield from form.findall(path.read_text("utf-8"))


def test_the_document_is_the_table() -> None:
    """docs/problems.md says what the code says: python -m api.problem_table."""
    assert (ROOT / "docs" / "problems.md").read_text("utf-8") == page()


def test_every_name_in_the_code_is_on_the_list() -> None:
    """No route and no desk says a name that the list lacks."""
    known = {row.name for row in rows()}
    said = {*named("api", _PROBLEM), *named("desk", _REFUSED)}
    said |= {kind.__name__ for kind in DeskError.__subclasses__()} - {"Refused"}
    assert said - known == set()


def test_a_name_has_one_status() -> None:
    """Whatever is told under a name has the status that the list gives it."""
    names = [row.name for row in rows()]
    assert len(names) == len(set(names))
    assert status_of("StepNotReady") == 409
    assert status_of("UnknownItem") == 400
    assert status_of("NotHolder") == 403
