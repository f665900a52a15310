"""Looking at a page: whether it keeps somebody out, complains, or does not fit.

``await looked_at(page)`` does all of it, ``has_no_violation(page)`` asks axe alone.
What a page complains of is noted from when it is `listened_to`.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from axe_playwright_python.base import (  # pyright: ignore[reportMissingTypeStubs]
    AXE_SCRIPT,
)
from playwright.async_api import ConsoleMessage, Page

from tests.pages.fitting import fits

RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
NARROW: Final = 320
"""CSS pixels: a small phone, or a window of 1,280 at 400 % (WCAG 2.2, 1.4.10)."""

_complaints: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()

_IS_THERE: Final = "() => typeof window.axe === 'object'"
_VIOLATIONS: Final = "(options) => axe.run(options).then((told) => told.violations)"
_READS_COLOURS_ONCE: Final = """;(() => {
  const colour = axe.commons.color.Color.prototype;
  const read = colour.parseString;
  const known = new Map();
  colour.parseString = function (text) {
    const found = known.get(text);
    if (found) return Object.assign(this, found);
    read.call(this, text);
    known.set(text, { r: this.r, g: this.g, b: this.b, alpha: this.alpha });
    return this;
  };
})()"""
"""A page has few colours, and axe reads the same ones for each thing on it anew."""


def listened_to(page: Page) -> Page:
    """Have noted what a page complains of: faults of script, what CSP stopped."""
    found = _complaints.setdefault(page, [])

    def noted(message: ConsoleMessage) -> None:
        # That a page itself was refused is said there too, and is no fault of it.
        own = message.location["url"] == page.url and "status of" in message.text
        if message.type in {"error", "warning"} and not own:
            found.append(message.text)

    page.on("console", noted)
    page.on("pageerror", lambda error: found.append(str(error)))
    return page


def forgiven(page: Page) -> None:
    """Leave out what was complained of until now: it was of a site of others."""
    _complaints.get(page, []).clear()


async def looked_at(page: Page) -> None:
    """Look at the page as it stands now, and fail for whatever keeps somebody out.

    No violation of WCAG 2.2 A and AA that axe finds, nothing that its script or the
    policy of content complained of, one h1, and on a narrow screen nothing to scroll
    sideways.
    """
    await has_no_violation(page)
    assert await page.locator("h1").count() == 1, f"{page.url} has not one h1"
    wide = page.viewport_size
    await page.set_viewport_size({"width": NARROW, "height": 640})
    try:
        await fits(page)
        await has_no_violation(page)
    finally:
        if wide:
            await page.set_viewport_size(wide)
    assert _complaints.get(page, []) == [], page.url


async def has_no_violation(page: Page, *rules: str) -> None:
    """Have axe look at a page: by all rules of A and AA, or by these alone."""
    only = {"type": "rule" if rules else "tag", "values": [*(rules or RULES)]}
    options = {"runOnly": only, "resultTypes": ["violations"]}
    # Half a megabyte of script: once for a document, however often it is looked at.
    if not await page.evaluate(_IS_THERE):
        await page.evaluate(AXE_SCRIPT + _READS_COLOURS_ONCE)
    found: list[dict[str, Any]] = await page.evaluate(_VIOLATIONS, options)
    told = [
        f"{each['id']} ({each['help']}): {node['html'][:200]} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]
    assert told == [], f"{page.url}\n" + "\n".join(told)
