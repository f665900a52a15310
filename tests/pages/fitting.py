"""Whether a page fits its window: nothing of it has to be scrolled to sideways."""

from __future__ import annotations

from typing import Final

from playwright.async_api import Page

_STICKS_OUT: Final = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > wide + 1
      && !each.closest(".scroll") && !each.closest(".unseen"))
    .slice(0, 8).map((each) => each.outerHTML.slice(0, 160));
}"""


async def fits(page: Page) -> None:
    """See that nothing of a page has to be scrolled to sideways."""
    found: list[str] = await page.evaluate(_STICKS_OUT)
    assert found == [], f"{page.url} is wider than its window:\n" + "\n".join(found)
