"""Getting about a page with the keyboard alone, as somebody without a mouse does."""

from __future__ import annotations

import re
from typing import Final

from playwright.async_api import Page

MOST: Final = 150
"""How many presses of Tab somebody has patience for."""

_FOCUSED: Final = """() => {
  const found = document.activeElement;
  const label = found.labels && found.labels[0];
  const said = found.getAttribute("aria-label") || (label && label.innerText);
  return (said || found.innerText || found.value || "").trim();
}"""


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called this, from where the focus is."""
    wanted = re.compile(name)
    seen: list[str] = []
    for _ in range(MOST):
        await page.keyboard.press("Tab")
        seen.append(str(await page.evaluate(_FOCUSED)))
        if wanted.search(seen[-1]):
            return
    raise AssertionError(f"no way to {name!r} by keyboard; there was {seen}")


async def press(page: Page, name: str) -> None:
    """Go to something by keyboard and press Enter, which leads to another page."""
    await tab_to(page, name)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
