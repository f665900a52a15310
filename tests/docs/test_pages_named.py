"""What the documents call a page, a button or an address is there under that name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from language import parts
from language.catalogue import entries
from pages.app import ROUTES

DOCS = Path(__file__).parents[2] / "docs"
IN_BROWSER = Path(__file__).parents[2] / "pages" / "static" / "verify-nl.js"
NO_PAGE = re.compile(
    r"/($|in($|/)|out$|assets/|verify\.py$)|\.(csv|svg|ics|json|\{ending\})$"
    r"|/(file|proof)$"
)
"""What leads in or on, and files to take along."""


@cache
def words() -> frozenset[str]:
    """Every Dutch text that a page may show, with … for what differs each time."""
    told = [each.translation for part in parts("nl") for each in entries(part)]
    told += re.findall(r'"((?:[^"\\]|\\.)*)"', IN_BROWSER.read_text("utf-8"))
    return frozenset(re.sub(r"\{\w+\}", "…", each) for each in told)


def names(page: str, mark: str, begin: str, end: str) -> Iterator[str]:
    """Give the names that stand between marks in a part of a document."""
    text = (DOCS / page).read_text("utf-8").partition(begin)[2].partition(end)[0]
    star = re.escape(mark)
    for found in re.findall(rf"(?<!\*){star}([^*]+){star}(?!\*)", text):
        yield " ".join(found.split())


@pytest.mark.parametrize(
    ("page", "mark", "begin", "end", "least"),
    [
        ("procesregisseur.md", "**", "## Naar binnen", "## Op de opdracht", 40),
        ("one-line.md", "*", "## In the browser", "\n## Without any", 12),
        ("auditors.md", "*", "### In a browser", "## Minute 5", 6),
    ],
)
def test_a_name_in_a_document_stands_on_a_page(
    page: str, mark: str, begin: str, end: str, least: int
) -> None:
    """To the letter: whoever looks for it there finds it."""
    told = [*names(page, mark, begin, end)]
    assert len(told) >= least
    known = words()
    starts = {each for each in told if each.endswith("…")}
    assert [each for each in told if each not in known | starts] == []
    for each in starts:
        assert any(text.startswith(each.rstrip("… ")) for text in known), each


def addresses() -> set[str]:
    """Give the pages that there are; what differs each time is {}."""
    app = FastAPI()
    for each in ROUTES:
        app.include_router(each)
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        path, methods = (
            str(context.path),
            getattr(context.original_route, "methods", ()),
        )
        if "GET" in methods and not NO_PAGE.search(path):
            found.add(re.sub(r"\{\w+\}", "{}", path))
    return found - {"/docs", "/docs/oauth2-redirect", "/redoc"}


def test_every_page_is_named_with_what_it_is_for() -> None:
    """The document for who runs a dialogue has all of them, and none that is not."""
    text = (DOCS / "procesregisseur.md").read_text("utf-8")
    table = text.partition("## Alle pagina's")[2].partition("\n## ")[0]
    told = re.findall(r"`(/[^`]+)`", table)
    assert len(told) == len({*told})
    assert {re.sub(r"(?<=/)[A-Z](?=/|$)", "{}", each) for each in told} == addresses()
