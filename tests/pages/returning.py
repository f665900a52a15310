"""Going back: a dialogue that is far enough for it, and the form that does it."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Page

from tests.pages.house import Site
from tests.services import until

WHY = "De cijfers van het bureau klopten niet."
MEETINGS = "bijeenkomsten"
EARLY = ("opdracht", "context", "procesplan")


async def done_up_to_meetings(site: Site, **more: Any) -> str:  # noqa: ANN401
    """Start a dialogue whose first four steps are done, people having been invited."""
    stream = await site.dialogue(title="Park aan de Kade", language="nl", **more)
    for who in ("d-1", "d-2"):
        told = {"name": who.upper(), "address": f"{who}@voorbeeld.example"}
        body = {"role": "participants", "actor": who, **told}
        await site.send(stream, "assign_role", body)
    plan = (await site.desk.dialogue(stream)).plan
    for step in (*EARLY, MEETINGS):
        items = [f"{step}.{item.id}" for item in plan.steps[step].items]
        await site.send(stream, "complete_items", {"items": items})
        await site.send(stream, "complete_step", {"step": step})
    return stream


async def confirm(page: Page, why: str = WHY) -> None:
    """Say why, and go back."""
    await page.get_by_label("Waarom gaat u terug?").fill(why)
    await page.get_by_role("button", name=re.compile("^Ga terug naar stap")).click()


async def quiet(site: Site, stream: str) -> None:
    """Wait until there was something to undo, and all of it has ended."""

    async def is_quiet() -> bool:
        owed = (await site.desk.dialogue(stream)).compensations.values()
        return bool(owed) and all(each.ended for each in owed)

    await until(is_quiet)
