"""Every page in every state: open to everybody, whole without script, and small.

`table` says which there are. At 400 % a window of 1,280 px is one of 320: so both are
one test (WCAG 2.2, 1.4.10).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.async_api import Browser, Page

from api.settings import Settings
from pages.serving import make_app
from tests.pages.house import Site, visitor
from tests.pages.looking import has_no_violation, looked_at
from tests.pages.staged import RICH, staged
from tests.pages.table import GUEST, TABLE, State, routes

HTML_BYTES: Final = 80_000
ASSET_BYTES: Final = 60_000
NEIGHBOUR: Final = "nm-bewoner-1"

SHOWN: Final = {
    route: [state for state in states if state.html] for route, states in TABLE.items()
}
_LARGER_TEXT: Final = """() => {
  document.documentElement.style.fontSize = "200%";
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}"""
_WITHOUT_BUTTON: Final = """() => [...document.querySelectorAll("main form")]
  .filter((form) => ![...form.elements].some((each) => each.type === "submit"))
  .map((each) => each.outerHTML.slice(0, 120))"""
_OUT_OF_REACH: Final = """() => [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((each) => each.tabIndex !== 0 && each.ariaHidden !== "true")
  .map((each) => each.outerHTML.slice(0, 120))"""


@dataclass
class Windows:
    """A window of each kind of visitor, which they keep from page to page."""

    browser: Browser
    site: Site
    _open: dict[tuple[str | None, bool], Page] = field(
        default_factory=dict[tuple[str | None, bool], Page]
    )

    async def of(self, role: str | None, *, script: bool = True) -> Page:
        """Give that of a role, with or without script."""
        key = role, script
        if key not in self._open:
            stream, actor = (RICH, NEIGHBOUR) if role == GUEST else (None, "p-1")
            self._open[key] = await visitor(
                self.browser,
                self.site,
                role,
                script=script,
                actor=actor,
                stream=stream,
            )
        return self._open[key]

    async def close(self) -> None:
        """Close them all."""
        for page in self._open.values():
            await page.context.close()


@pytest.fixture(scope="module")
async def facts(site: Site) -> Mapping[str, str]:
    """Give what stands in addresses."""
    asset = site.app.state.assets.address("polder.css")
    found = await staged(site.desk)
    await site.hall.quiet(RICH)
    await site.hall.seals()
    return {**found, "asset": asset}


@pytest.fixture(scope="module")
async def windows(browser: Browser, site: Site) -> AsyncGenerator[Windows]:
    """Give windows to look through."""
    opened = Windows(browser, site)
    yield opened
    await opened.close()


def address(route: str, state: State, facts: Mapping[str, str]) -> str:
    """Give where a state is."""
    return (state.address or route).format(**facts)


def test_every_page_has_a_row(site: Site) -> None:
    """A page that the table does not know is looked at by nobody."""
    assert set(routes(site.app)) == set(TABLE)


STATES: Final = [
    pytest.param(route, state, id=f"{route} {state.name}")
    for route, states in SHOWN.items()
    for state in states
]


@pytest.mark.parametrize(("route", "state"), STATES)
async def test_a_page_keeps_nobody_out(
    windows: Windows, facts: Mapping[str, str], route: str, state: State
) -> None:
    """No violation in light and dark, nothing wider than a phone, all within reach.

    Without script nothing else is there, and each form has a button.
    """
    where = address(route, state, facts)
    page = await windows.of(state.role)
    answer = await page.goto(where)
    assert answer is not None
    assert answer.status == state.status, f"{where}: {answer.status}"
    assert await page.locator("html").get_attribute("lang") == "nl"
    assert await page.evaluate(_OUT_OF_REACH) == [], where
    told = await _told(page)
    await looked_at(page)
    await _in_the_dark(page)
    await _at_twice_the_text(page)
    plain = await windows.of(state.role, script=False)
    await plain.goto(where)
    assert {*await _told(plain)} <= {*told}, where
    assert await page.evaluate(_WITHOUT_BUTTON) == [], where


async def _told(page: Page) -> list[str]:
    parts = page.locator("main :is(h1, h2, h3, label, button)")
    return [" ".join(each.split()) for each in await parts.all_text_contents()]


async def _in_the_dark(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    try:
        await has_no_violation(page, "color-contrast")
    finally:
        await page.emulate_media(color_scheme="light")


async def _at_twice_the_text(page: Page) -> None:
    """Nothing is cut off or beside the page with text of 200 % (WCAG 2.2, 1.4.4)."""
    await page.set_viewport_size({"width": 640, "height": 800})
    try:
        assert await page.evaluate(_LARGER_TEXT) <= 0, page.url
    finally:
        await page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("route", TABLE)
async def test_a_page_is_small(
    site: Site, facts: Mapping[str, str], route: str
) -> None:
    """It is at most 80 kB of HTML, and names no style of its own."""
    for state in TABLE[route]:
        session = await _session(site, state.role)
        async with site.caller(session, follow_redirects=True) as caller:
            where = address(route, state, facts)
            answer = await caller.get(where, headers={"Accept": "text/html, */*"})
        assert answer.status_code == state.status, where
        if state.html:
            assert len(answer.content) <= HTML_BYTES, where
            assert " style=" not in answer.text, where


async def _session(site: Site, role: str | None) -> str:
    if role is None:
        return "none"
    return await (site.guest(RICH, NEIGHBOUR) if role == GUEST else site.session(role))


def test_all_assets_together_are_small() -> None:
    """They are at most 60 kB, compressed."""
    assets = make_app(Settings(database="-")).state.assets
    sizes = {name: len(each.compressed) for name, each in assets.by_name.items()}
    assert sum(sizes.values()) <= ASSET_BYTES, sizes
