"""Doing what a person does, in each of the ways that people do it.

``mouse`` points; ``keyboard`` has Tab, Enter, Space, arrows and letters, and nothing
else; ``plain`` has a browser without script; ``phone`` is 320 CSS pixels wide and is
touched; ``zoom`` is a window of 1,280 by 1,024 at 400 % (WCAG 2.2, 1.4.10). A journey
is written once, in the words that stand on the page, and gone in each of them.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from playwright.async_api import Browser, Locator, Page, expect

from tests.pages.fitting import fits
from tests.pages.house import Site, visitor

Way = Literal["mouse", "keyboard", "plain", "phone", "zoom"]
WAYS: Final[tuple[Way, ...]] = ("mouse", "keyboard", "plain", "phone", "zoom")
MOST: Final = 200
"""How many presses of Tab somebody has patience for on one page."""

_WINDOWS: Final[dict[Way, dict[str, Any]]] = {
    "mouse": {},
    "keyboard": {},
    "plain": {"script": False},
    "phone": {
        "viewport": {"width": 320, "height": 640},
        "has_touch": True,
        "is_mobile": True,
    },
    "zoom": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
}
_NARROW: Final = {"phone", "zoom"}

_STOP: Final = """(wanted) => {
  const here = document.activeElement;
  if (!here || here === document.body) return {name: "", fault: "", there: false};
  const name = (here.getAttribute("aria-label") || here.labels?.[0]?.innerText
    || here.innerText || here.value || here.tagName).trim().slice(0, 60);
  const looks = getComputedStyle(here);
  const seen = (looks.outlineStyle !== "none" && parseFloat(looks.outlineWidth) > 0)
    || looks.boxShadow !== "none";
  const box = here.getBoundingClientRect();
  const hidden = box.bottom <= 0 || box.top >= innerHeight || !here.checkVisibility();
  const before = window.lastStop;
  // A field for a day has stops of its own inside, which a browser marks itself.
  const within = before === here;
  const back = before?.isConnected
    && before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING;
  window.lastStop = here;
  const fault = !seen && !within ? "its focus is not seen"
    : hidden ? "it is not in sight" : back ? "it stands before the stop before it" : "";
  const group = [here, wanted].every((each) => each.type === "radio")
    && here.name === wanted.name;
  return {name, fault, there: here === wanted, group};
}"""


@dataclass
class Hands:
    """Somebody at a page, who does things in one way."""

    page: Page
    way: Way
    acts: int = 0
    """How often something was pressed, chosen or written."""

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.get_by_role("main")

    async def go(self, path: str) -> None:
        """Go to an address, as by a link in a letter."""
        await self.page.goto(path)
        await self._arrived()

    async def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow a link that is called this, to another page."""
        await self._lead(self._of("link", name, within))

    async def send(self, name: str, within: Locator | None = None) -> None:
        """Press a button that is called this, which sends a form."""
        await self._lead(self._of("button", name, within))

    async def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button that leads nowhere, as one that computes something."""
        await self._press(self._of("button", name, within))

    async def press_link(self, name: str) -> None:
        """Press a link that leads to a file, and so to no other page."""
        await self._press(self._of("link", name, None))

    async def unfold(self, text: str, within: Locator | None = None) -> None:
        """Open what is folded away under these words."""
        summary = (within or self.main).locator("summary", has_text=text).first
        await self._press(summary)
        assert await summary.evaluate("(each) => each.parentElement.open")

    async def write(self, label: str, text: str, within: Locator | None = None) -> None:
        """Write something in the field with this label."""
        place = (within or self.main).get_by_label(re.compile(label)).first
        self.acts += 1
        if self.way == "keyboard":
            await self._tab(place)
            await self.page.keyboard.insert_text(text)
        else:
            await place.fill(text)
        await expect(place).to_have_value(text)

    async def tick(self, name: str, within: Locator | None = None) -> None:
        """Choose one of a few, or tick a box."""
        place, called = within or self.main, re.compile(name)
        box = place.get_by_role("checkbox", name=called)
        found = place.get_by_role("radio", name=called).or_(box).first
        self.acts += 1
        if self.way == "keyboard":
            await self._tab(found)
            await self._arrow(found)
        else:
            await found.check()
        await expect(found).to_be_checked()

    async def sees(self, *texts: str | re.Pattern[str]) -> None:
        """Wait until the page says this."""
        for text in texts:
            await expect(self.main).to_contain_text(text)

    async def hears(self, text: str) -> None:
        """Wait until the page says that something was done."""
        await expect(self.page.get_by_role("status").first).to_contain_text(text)

    def _of(self, role: Any, name: str, within: Locator | None) -> Locator:  # noqa: ANN401
        return (within or self.page).get_by_role(role, name=re.compile(name)).first

    async def _lead(self, target: Locator) -> None:
        await expect(target).to_be_visible()
        async with self.page.expect_navigation():
            await self._press(target)
        await self._arrived()

    async def _press(self, target: Locator) -> None:
        self.acts += 1
        if self.way == "keyboard":
            await self._tab(target)
            await self.page.keyboard.press("Enter")
        elif self.way == "phone":
            await target.tap()
        else:
            await target.click()

    async def _tab(self, target: Locator) -> None:
        """Press Tab until it has the focus; each stop on the way is seen and in order.

        Once round, for what a page puts the focus on after a refusal.
        """
        wanted = await target.element_handle()
        seen: list[str] = []
        for _ in range(MOST):
            await self.page.keyboard.press("Tab")
            stop = await self.page.evaluate(_STOP, wanted)
            seen.append(stop["name"])
            assert not stop["fault"], (
                f"{self.page.url}: {stop['name']}: {stop['fault']}"
            )
            if stop["there"] or stop.get("group"):
                return
            if not stop["name"]:
                await self.page.evaluate("() => { window.lastStop = null; }")
        raise AssertionError(f"{self.page.url}: no way to {target} among {seen}")

    async def _arrow(self, target: Locator) -> None:
        """Go through a group of radios with the arrows; tick a box with Space."""
        await self.page.keyboard.press("Space")
        for _ in range(10):
            if await target.is_checked():
                return
            await self.page.keyboard.press("ArrowDown")

    async def _arrived(self) -> None:
        """See that everything is within reach where the page is narrow."""
        if self.way in _NARROW:
            await fits(self.page)


@asynccontextmanager
async def hands(
    browser: Browser,
    site: Site,
    way: Way,
    role: str | None = "director",
    **more: Any,  # noqa: ANN401 (of the visitor)
) -> AsyncGenerator[Hands]:
    """Open a window of somebody with this role, who does things in this way."""
    page = await visitor(browser, site, role, **{**_WINDOWS[way], **more})
    try:
        yield Hands(page, way)
    finally:
        await page.context.close()
