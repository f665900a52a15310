"""Looks: an organisation's own, on paper, without motion, and where the focus is."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.desk.town_hall import TownHall
from tests.pages.house import Site, house, visitor
from tests.pages.looking import has_no_violation

THEME = """:root {
  --basis-color-default-bg-document: rgb(255, 250, 240);
  --basis-color-action-1-color-default: rgb(90, 0, 90);
  --basis-heading-font-family: "Own Font", serif;
}
"""
_COLOUR = "getComputedStyle(document.body).backgroundColor"
_FOCUS = """() => {
  const one = document.activeElement;
  const place = one.getBoundingClientRect();
  return {
    what: one.outerHTML.slice(0, 120),
    ring: getComputedStyle(one).outlineStyle !== "none"
      || getComputedStyle(one).boxShadow !== "none",
    seen: place.bottom > 0 && place.top < innerHeight && place.width > 0,
    ended: one === document.body,
  };
}"""
_MOST = 60


async def test_a_theme_restyles_every_page(
    browser: Browser, hall: TownHall, tmp_path: Path
) -> None:
    """Its tokens go before ours, in the dark too."""
    theme = tmp_path / "waterdam.css"
    theme.write_text(THEME, encoding="utf-8")
    async with house(hall, theme) as themed:
        page = await visitor(browser, themed, "director")
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.goto("/portfolio")
            assert await page.evaluate(_COLOUR) == "rgb(255, 250, 240)", scheme
            await has_no_violation(page)
        font = "getComputedStyle(document.querySelector('h1')).fontFamily"
        assert "Own Font" in await page.evaluate(font)
        await page.context.close()


async def test_on_paper_there_is_nothing_to_press(site: Site, director: Page) -> None:
    """Menu, tabs and buttons stay off; the text is black on white."""
    stream = await site.dialogue()
    await director.goto(f"/dialogues/{stream}")
    await director.emulate_media(media="print")
    await expect(director.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    await expect(director.get_by_role("button", name="Uitloggen")).to_be_hidden()
    await expect(director.get_by_role("heading", level=1)).to_be_visible()
    assert await director.evaluate(_COLOUR) == "rgb(255, 255, 255)"


async def test_nothing_moves_for_who_wants_that(director: Page) -> None:
    """What changed is marked by moving colour, and not for them."""
    await director.goto("/today")
    moving = "getComputedStyle(document.querySelector('main')).animationName"
    await director.evaluate("document.querySelector('main').classList.add('fresh')")
    assert await director.evaluate(moving) == "fresh"
    await director.emulate_media(reduced_motion="reduce")
    assert await director.evaluate(moving) == "none"


async def test_the_focus_is_always_seen(site: Site, director: Page) -> None:
    """From the first to the last thing on a page, by tab alone."""
    stream = await site.dialogue()
    for where in ("/portfolio", f"/dialogues/{stream}"):
        await director.goto(where)
        for _ in range(_MOST):
            await director.keyboard.press("Tab")
            found = await director.evaluate(_FOCUS)
            if found["ended"]:
                break
            assert found["ring"], f"{where}: {found['what']}"
            assert found["seen"], f"{where}: {found['what']}"
