"""What can't be undone by itself waits for a person: on real servers that refuse."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from temporalio.client import Client

from domain.facts import written
from domain.state import Compensation
from tests.desk.town_hall import town_hall
from tests.pages.house import Site, house, visitor
from tests.pages.returning import EARLY, MEETINGS, confirm
from tests.services import own_namespace, until

Checked = Callable[[Page], Awaitable[None]]


@pytest.fixture
async def refusing(
    temporal_client: Client, database: str, tmp_path: Path
) -> AsyncGenerator[Site]:
    """Give a site whose mail server puts off every letter to ``vol.example``."""
    client = await own_namespace(temporal_client, "refusing")
    async with (
        town_hall(client, database, tmp_path, defer=["*@vol.example"]) as hall,
        house(hall) as opened,
    ):
        yield opened


def fast() -> dict[str, Any]:
    """Give a clock by which the patience for mail is over in seconds."""
    begins = written(datetime.now(UTC))
    return {"clock": {"real_start": begins, "start": begins, "day_ms": 60_000}}


async def people(site: Site, stream: str, **held: str) -> None:
    """Give people a role, with an address at a server where no letter comes in."""
    for role, who in held.items():
        told = {"name": who, "address": f"{who}@vol.example"}
        await site.send(stream, "assign_role", {"role": role, "actor": who, **told})


async def failed(site: Site, stream: str, but: str = "") -> Compensation:
    """Wait until something could not be undone, for anybody but this one."""
    found: list[Compensation] = []

    async def is_there() -> bool:
        owed = (await site.desk.dialogue(stream)).compensations.values()
        found[:] = [each for each in owed if each.status == "failed"]
        return any(each.recipients != (but,) for each in found)

    await until(is_there, within=120)
    return found[0]


async def undone(site: Site, stream: str, which: str) -> None:
    """Wait until this one, tried again, was undone."""

    async def is_done() -> bool:
        owed = (await site.desk.dialogue(stream)).compensations
        return owed[which].status == "completed"

    await until(is_done, within=120)


async def test_what_fails_waits_for_a_person_who_tries_again_or_lets_go(
    refusing: Site, browser: Browser, checked: Checked
) -> None:
    """The page says why, holds what comes after, and goes on once somebody decided."""
    stream = await refusing.dialogue(title="Park", language="nl", **fast())
    await people(refusing, stream, participants="d-1", facilitator="b-1")
    state = await refusing.desk.dialogue(stream)
    for step in (*EARLY, MEETINGS):
        items = [f"{step}.{item.id}" for item in state.plan.steps[step].items]
        await refusing.send(stream, "complete_items", {"items": items})
        await refusing.send(stream, "complete_step", {"step": step})
    page = await visitor(browser, refusing, "director")
    page.set_default_timeout(30_000)
    await page.goto(f"/dialogues/{stream}/back/{MEETINGS}")
    await confirm(page)
    await page.wait_for_url(re.compile(r"/effects/\d+"))
    main = page.get_by_role("main")
    await failed(refusing, stream)
    await page.reload()
    await expect(main).to_contain_text("mislukt")
    await expect(main).to_contain_text("De mailserver hield berichten tegen")
    await expect(main).to_contain_text("Wacht op wat hierboven is mislukt.")
    await checked(page)
    await page.goto("/today")
    await expect(page.get_by_role("main")).to_contain_text("Park")
    # A better address, and once more.
    first = await failed(refusing, stream)
    [who] = first.recipients
    role = "participants" if who == "d-1" else "facilitator"
    body = {"role": role, "actor": who, "name": who, "address": f"{who}@elders.example"}
    await refusing.send(stream, "assign_role", body)
    await page.goto(f"/dialogues/{stream}/effects")
    await page.get_by_role("link", name=re.compile("^Terug naar stap 4")).click()
    await page.get_by_role("button", name=re.compile("^Probeer het opnieuw")).click()
    await page.wait_for_url(re.compile(r"[?]said="))
    await undone(refusing, stream, first.id)
    # The other one fails as well, and is let go with a reason.
    await failed(refusing, stream, but=who)
    await page.reload()
    await expect(main).to_contain_text("1 van 2 hersteld")
    await page.get_by_text("Laat het zitten, met een reden").click()
    field = page.get_by_label("Waarom mag dit zo blijven?")
    await field.fill(" ")
    await page.get_by_role("button", name="Laat het zitten").click()
    await expect(page.get_by_role("alert")).to_contain_text("Schrijf op waarom")
    await checked(page)
    await field.fill("Ik heb het zelf aan de telefoon verteld.")
    await page.get_by_role("button", name="Laat het zitten").click()
    await expect(main).to_contain_text("2 van 2 hersteld")
    await expect(main).to_contain_text("zo gelaten")
    after = (await refusing.desk.dialogue(stream)).compensations.values()
    assert sorted(each.status for each in after) == ["completed", "waived"]
    await page.context.close()
