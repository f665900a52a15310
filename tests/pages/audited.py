"""What an auditor looks at, and how they have a browser compute it."""

from __future__ import annotations

from itertools import count

from playwright.async_api import Page, expect

from tests.pages.house import Site

_names = count(1)
KEY = "De openbare sleutel van het logboek"
DONE = "opdracht.aanleiding"


async def history(site: Site) -> str:
    """Give a dialogue in which enough happened, all of it sealed."""
    slug = f"parkzicht-{next(_names)}"
    name = await site.dialogue(slug, title="Groen in Parkzicht")
    await site.send(name, "complete_items", {"items": [DONE]})
    noted = {"items": ["opdracht.scope"], "note": "Besproken met An de Wit"}
    await site.send(name, "complete_items", noted)
    waived = {"items": ["opdracht.budget"], "reason": "Er is geen geld."}
    await site.send(name, "waive_items", waived)
    role = {"role": "participants", "actor": "k-1", "name": "An de Wit"}
    await site.send(name, "assign_role", role)
    await site.hall.seals()
    # The first page of a process reads catalogues and compiles templates.
    async with site.caller(await site.session("auditor", "a-1")) as caller:
        caller.timeout = 60
        await caller.get(f"/dialogues/{name}/history")
        await caller.get(f"/dialogues/{name}/history/1")
    return name


async def compute(page: Page, key: str) -> str:
    """Paste a key, have the browser compute, and give the verdict that is shown."""
    await page.get_by_label(KEY).fill(key)
    await page.get_by_role("button", name="Reken na").click()
    verdict = page.locator("[data-verdict]")
    await expect(verdict).to_be_visible()
    return await verdict.inner_text()


async def step_of(page: Page, name: str) -> str:
    """Give what a step of the check says of itself."""
    step = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name=name)
    )
    return await step.inner_text()


async def sign_of(page: Page, name: str) -> str:
    """Give the sign that a step of the check bears."""
    heading = page.get_by_role("heading", name=name)
    return await heading.locator(".tag").inner_text()
