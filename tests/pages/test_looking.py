"""Who looks at pages sees what is wrong with them, each time they look."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.pages.looking import has_no_violation

PAGE = """<!doctype html><html lang="nl"><head><title>Een</title></head>
<body><main><h1>Een</h1><p id="it" style="color: %s; background: white">Kijk</p>
</main></body></html>"""
PALE, DARK = "rgb(200, 200, 200)", "rgb(20, 20, 20)"


async def test_a_colour_that_changed_is_seen_in_the_same_document(
    browser: Browser,
) -> None:
    """Each colour is read once, and each thing on the page every time."""
    page = await browser.new_page()
    await page.set_content(PAGE % PALE)
    with pytest.raises(AssertionError, match="color-contrast"):
        await has_no_violation(page)
    for colour, fails in ((DARK, False), (PALE, True), (DARK, False)):
        await page.eval_on_selector("#it", "(it, c) => { it.style.color = c; }", colour)
        if fails:
            with pytest.raises(AssertionError, match="color-contrast"):
                await has_no_violation(page)
        else:
            await has_no_violation(page)
    await page.context.close()


async def test_what_is_no_colour_is_seen_too(browser: Browser) -> None:
    """All rules of WCAG's A and AA are tried."""
    page = await browser.new_page()
    await page.set_content((PAGE % DARK).replace('lang="nl"', ""))
    with pytest.raises(AssertionError, match="html-has-lang"):
        await has_no_violation(page)
    await page.context.close()
