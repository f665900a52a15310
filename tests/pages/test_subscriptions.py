"""Subscriptions as an operator looks after them: in a browser, in Dutch."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from playwright.async_api import Page, expect

from desk import subscribing
from desk.desk import Sender
from desk.subscription_wish import Wish
from storage.deliveries import Leaf, Settled, Tried, claim, settle
from tests.desk.town_hall import ORGANISATION
from tests.pages.house import Site
from tests.storage.streams import events

Checked = Callable[[Page], Awaitable[None]]

BY = Sender("o-1", "operator", "http")
GIVEN_UP = 60
TARGET = "https://zaken.example.org/polder"


async def test_a_system_is_subscribed_tried_out_and_taken_away(
    site: Site, operator: Page, checked: Checked
) -> None:
    """The secret is shown once; each act is known afterwards."""
    page = operator
    await page.goto("/administration/subscriptions")
    await checked(page)
    if not await page.get_by_label("Waar gebeurtenissen heen gaan").is_visible():
        await page.get_by_text("Een systeem abonneren").click()
    await page.get_by_label("Waar gebeurtenissen heen gaan").fill(TARGET)
    await page.get_by_label("Alleen deze soorten gebeurtenissen").fill("window_opend")
    await page.get_by_role("button", name="Abonneer het").click()
    await expect(page.get_by_role("alert")).to_contain_text("window_opened")
    field = page.get_by_label("Waar gebeurtenissen heen gaan")
    await expect(field).to_have_value(TARGET)
    await checked(page)
    kinds = page.get_by_label("Alleen deze soorten gebeurtenissen")
    await kinds.fill("window_opened window_closed")
    await page.get_by_role("button", name="Abonneer het").click()
    secret = await page.get_by_role("status").first.locator("code").inner_text()
    assert secret.startswith("whsec_")
    await checked(page)
    found = (await subscribing.list_(site.desk, ORGANISATION))[-1]
    assert found.types == ["window_opened", "window_closed"]
    await page.goto(f"/administration/subscriptions/{found.id}")
    assert secret not in await page.content()
    await page.get_by_role("button", name="Stuur een proef").click()
    await expect(page.get_by_role("status").first).to_contain_text("proef gestuurd")
    await page.get_by_role("button", name="Zet uit").click()
    await expect(page.get_by_role("button", name="Zet aan")).to_be_visible()
    await checked(page)
    await page.get_by_role("button", name="Zet aan").click()
    await page.get_by_role("button", name="Neem een nieuw geheim").click()
    fresh = await page.get_by_role("status").first.locator("code").inner_text()
    assert fresh.startswith("whsec_")
    assert fresh != secret
    done = [each.act for each in await subscribing.acts(site.desk, found)]
    assert done[:5] == ["rotated", "enabled", "disabled", "tested", "created"]
    await page.goto(f"/administration/subscriptions/{found.id}")
    await page.get_by_text("Het abonnement opzeggen").click()
    await page.get_by_label("Ik wil het opzeggen").check()
    await page.get_by_role("button", name="Zeg het op").click()
    await expect(page).to_have_url(re.compile("/administration/subscriptions"))
    assert found.id not in [e.id for e in await subscribing.list_(site.desk)]


async def test_deliveries_and_dead_letters_are_seen_and_sent_again(
    site: Site, operator: Page, checked: Checked
) -> None:
    """What was not taken stands there with why, and goes once more at a press."""
    await site.dialogue()
    await site.hall.seals()
    made = await subscribing.create(
        site.desk, ORGANISATION, Wish(TARGET, from_leaf=0), BY
    )
    name = made.subscription.id
    where = f"/administration/subscriptions/{name}"
    await _given_up(site, name)
    await operator.goto(where)
    await expect(operator.get_by_role("main")).to_contain_text("niet aangenomen")
    await expect(operator.get_by_role("main")).to_contain_text(
        f"Opgegeven na lang proberen: {GIVEN_UP}."
    )
    rows = operator.get_by_role("table", name="Wat is opgegeven").get_by_role("row")
    await expect(rows).to_have_count(51)  # with its header
    await checked(operator)
    await operator.get_by_role("button", name="Stuur ze allemaal nog eens").click()
    await expect(operator.get_by_role("status").first).to_contain_text("nog eens")
    await operator.get_by_role("button", name="Stuur bezorging").first.click()
    await operator.get_by_text("Stuur alles opnieuw vanaf").click()
    await operator.get_by_role("button", name="Stuur het opnieuw").click()
    await expect(operator.get_by_role("alert")).to_contain_text("vanaf welke dag")
    await checked(operator)
    await operator.get_by_label("Of vanaf deze plaats in het log").fill("0")
    await operator.get_by_role("button", name="Stuur het opnieuw").click()
    await expect(operator.get_by_role("status").first).to_contain_text("nog eens")
    done = [e.act for e in await subscribing.acts(site.desk, made.subscription)]
    assert done[:3] == ["replayed", "repeated", "repeated"]


async def _given_up(site: Site, name: str) -> None:
    """Have an event be tried in vain, and given up, as whoever delivers notes it."""
    lease, pool = uuid.uuid4(), site.desk.pool
    to = await claim(pool, name, lease)
    assert to is not None
    now = datetime.now(UTC)
    [event] = events(1)
    leaf = Leaf(
        0, f"{ORGANISATION}:weg", 1, event.hash, "step_started", event.body, now, now
    )
    problem = "the subscriber answered 503"
    tried = [
        Tried(leaf, "m-1", "nl.polder.step-started", now, 3, "failed", 503, problem)
    ]
    done = Settled(
        to.cursor,
        "active",
        None,
        None,
        None,
        0,
        None,
        None,
        tried,
        [],
        [],
        [(leaf._replace(leaf_index=index), problem) for index in range(GIVEN_UP)],
    )
    assert await settle(pool, name, lease, to, done)
