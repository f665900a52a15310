"""Text that means harm is text, on every page that shows it and in every field.

What is typed is driven from the table of commands (`hostile`), and the pages are those
that links lead to. A page is read as a browser reads it: what became an element of what
somebody typed is found there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import httpx
import pytest
from playwright.async_api import Browser, expect

from pages.holding import Field
from tests.pages.fitting import fits
from tests.pages.hostile import LEFT, fields, text_of
from tests.pages.hostile_acts import WINDOW, done, played
from tests.pages.house import Site, visitor

ELEMENTS: Final = frozenset({"img", "svg", "script", "style", "title", "textarea"})
MOST: Final = 200
_SKIPPED: Final = re.compile(r"/history/\d|\.(csv|ics|svg|md|html|json|txt)(\?|$)|/out")
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Read(HTMLParser):
    """A page as a browser reads it: its text, its links, and what should not be."""

    text: list[str] = field(default_factory=list[str])
    links: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])
    brought: list[Field] = field(default_factory=list[Field])

    def __post_init__(self) -> None:
        """Begin."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, and the elements that come of what somebody typed."""
        told = dict(attrs)
        self.links += [told["href"] or ""] if tag == "a" and "href" in told else []
        if told.get("type") == "hidden":
            self.brought.append(Field(told["name"] or "", told.get("value") or ""))
        # What stands in a field is text as well.
        self.text += [v for k, v in attrs if k in {"value", "aria-label"} and v]
        if any(name.startswith("on") or name == "style" for name in told):
            self.wrong.append(self.get_starttag_text() or tag)
        source = told.get("src") or ""
        if tag == "img" or (tag == "script" and not source.startswith("/assets/")):
            self.wrong.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text.append(data)


def _read(html: str) -> Read:
    page = Read()
    page.feed(html)
    page.close()
    return page


@pytest.fixture(scope="module")
async def stream(site: Site) -> str:
    """Give a dialogue with hostile text in every field that there is."""
    return await played(site)


@pytest.fixture(scope="module")
async def pages(site: Site, stream: str) -> Mapping[str, Read]:
    """Give every page that links lead to, with names and texts, as it was read."""
    first = ("", "/people?names=yes", "/roles?names=yes", "/motivation?texts=yes")
    found: dict[str, Read] = {}
    async with site.caller(await site.session("director")) as caller:
        caller.timeout = httpx.Timeout(60)
        places = [f"/dialogues/{stream}{each}" for each in first]
        waiting = [*places, "/today?who=all", "/portfolio", "/portfolio?view=time"]
        while waiting and len(found) < MOST:
            where = waiting.pop(0)
            if where in found:
                continue
            answer = await caller.get(where, headers={"Accept": "text/html"})
            assert answer.status_code == 200, where
            if "text/html" not in answer.headers["content-type"]:
                continue
            found[where] = _read(answer.text)
            waiting += [*_ours(found[where].links, where, stream)]
    async with site.caller(await site.guest(stream, "d-1")) as guest:
        guest.timeout = httpx.Timeout(60)
        for where in ("/mine", f"/mine/responses/{WINDOW}/1", "/mine/held"):
            found[where] = _read((await guest.get(where)).text)
    return found


def _ours(links: list[str], where: str, stream: str) -> Iterator[str]:
    """Give links to pages of this dialogue, each once, whatever they filter by."""
    for link in links:
        path = str(httpx.URL(where).join(link.partition("#")[0]))
        if path.startswith(f"/dialogues/{stream}/") and not _SKIPPED.search(path):
            plain = path.partition("?")[0]
            yield path if "/responses" in plain or "/back" in plain else plain


def test_every_field_of_every_command_is_in_it() -> None:
    """A field that takes free text gets hostile text here, or it is said why not."""
    assert {each.tag for each in fields()} == done() | LEFT.keys()


def test_nothing_that_was_typed_became_an_element(pages: Mapping[str, Read]) -> None:
    """No page has an element or an attribute that somebody typed."""
    assert len(pages) > 40
    assert {where: read.wrong for where, read in pages.items() if read.wrong} == {}


def test_what_a_form_brings_along_is_nobody_s_words(pages: Mapping[str, Read]) -> None:
    """A page of a fault that holds the form says of none that somebody wrote it."""
    brought = {each for read in pages.values() for each in read.brought}
    assert len({each.name for each in brought}) > 20
    assert {each.name for each in brought if each.in_words} == set()


def test_what_is_shown_is_shown_as_it_was_typed(pages: Mapping[str, Read]) -> None:
    """Wherever the name of a field stands, all of its text stands before it."""
    shown: set[str] = set()
    for where, read in pages.items():
        text = _bare("\n".join(read.text))
        for each in fields():
            whole = _bare(text_of(each))
            shown |= {each.tag} if whole in text else set()
            parts = text.count(f"[{each.tag}]") - text.count(whole)
            assert parts <= text.count("…"), f"{each.tag} is not whole on {where}"
    assert len(shown) > 40, sorted(shown)


def _bare(text: str) -> str:
    """Give a text without spaces; marks that turn it may stand as what they are."""
    return _TURNING.sub("\ufffd", "".join(text.split()))


@pytest.mark.parametrize("path", ["/portfolio.csv", "interests.csv"])
async def test_a_sheet_has_no_formula(site: Site, stream: str, path: str) -> None:
    """No cell begins as what a program for sheets would compute."""
    where = path if path.startswith("/") else f"/dialogues/{stream}/{path}"
    async with site.caller(await site.session("director")) as caller:
        text = (await caller.get(where)).text.removeprefix("\ufeff")
    assert "hostile=1" in text
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        assert [cell for cell in row if cell.startswith(_FORMULA)] == []


async def test_it_runs_nowhere_and_breaks_no_page(
    site: Site, stream: str, pages: Mapping[str, Read], browser: Browser
) -> None:
    """In a browser nothing of it runs, and words without end stay on a phone."""
    phone = {"width": 320, "height": 640}
    page = await visitor(browser, site, "director", viewport=phone)
    plain = [where for where in pages if where.startswith("/dialogues/")]
    for where in [each for each in plain if "?" not in each][:40]:
        await page.goto(where)
        assert await page.evaluate("typeof window.hostile") == "undefined", where
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await fits(page)
    await page.context.close()
