"""Who reads a page is told a page to go to, and never what to type at a terminal."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import desk.saying  # noqa: F401  # pyright: ignore[reportUnusedImport]
from desk.access.tokens import NO_TOKEN
from desk.errors import NotFound
from domain.errors import DomainError, NotStarted
from pages.wording import ON_PAGES, in_words

ROOT = Path(__file__).parents[2]
FOR_A_TERMINAL = re.compile(
    r"\bpolder [a-z]|[A-Z]+_(URL|ADDRESS|KEY)\b|/v1/|(?<![\w-])--[a-z]"
)
BY_HAND = "python verify.py"
"""What an auditor or a participant types who trusts no page: that is meant."""


def _files() -> Iterator[Path]:
    """The modules behind the pages, in a process of its own, for others load more."""
    told = "import sys, pages.serving; print(*(m.__file__ for m in"
    told += " [*sys.modules.values()] if getattr(m, '__file__', None)), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=True
    )
    for each in map(Path, done.stdout.decode().splitlines()):
        if ROOT in each.parents and ".venv" not in each.parts:
            yield each


def _marked() -> Iterator[str]:
    """Every text of the code behind the pages, but for those of HTTP alone."""
    for file in _files():
        if file.relative_to(ROOT).parts[0] == "api":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Name("mark"), [ast.Constant(str() as text)]):
                    yield text
                case _:
                    pass


def test_what_names_a_command_line_is_said_otherwise_on_pages() -> None:
    """Each text that a page can show, of desk, domain or page, has words of its own."""
    refusals = {kind.template() for kind in DomainError.kinds.values()}
    found = {each for each in {*_marked(), *refusals} if FOR_A_TERMINAL.search(each)}
    found -= {each for each in found if BY_HAND in each}
    assert len(found) > 35
    assert found - ON_PAGES.keys() == set()


def test_a_template_shows_a_command_line_only_to_who_runs_polder() -> None:
    """It is folded away under those words, after what anybody else can do."""
    for file in (ROOT / "pages" / "templates").rglob("*.html"):
        text = re.sub(
            r"(?s)<summary>.{0,6}_\(\"For whoever.*?</details>", "", _of(file)
        )
        found = re.search(r"\bpolder [a-z-]+ [a-z-]+", text)
        assert not found, f"{file.name}: {found}"


def _of(file: Path) -> str:
    return file.read_text("utf-8")


@pytest.mark.parametrize("theirs", ON_PAGES)
def test_the_words_of_a_page_name_no_command_line_and_no_other_facts(
    theirs: str,
) -> None:
    """A row says what it can from the facts that the desk gives."""
    ours = ON_PAGES[theirs]
    assert FOR_A_TERMINAL.search(theirs), "this row is of no use"
    assert not FOR_A_TERMINAL.search(ours)
    facts = {name for _, name, _, _ in Formatter().parse(theirs) if name}
    assert {name for _, name, _, _ in Formatter().parse(ours) if name} <= facts


def test_a_refusal_is_said_in_the_readers_language_with_its_facts() -> None:
    """In Dutch too, by the same table."""
    there = in_words(NotFound(NO_TOKEN, id="t-7"), "nl")
    assert "t-7" in there
    assert "polder token" not in there
    assert "begin er een" in in_words(NotFound(NotStarted.template()), "nl").lower()
