"""Administration as an operator does it: in a browser, in Dutch."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from playwright.async_api import Page, expect

from desk import organisations
from desk.access import tokens
from desk.desk import Sender
from desk.health import PATIENCE, Report, Trouble
from pages.administration.health import lines
from tests.desk.town_hall import ORGANISATION
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]

BY = Sender("o-1", "operator", "http")
OTHER = "gemeente-anders"


async def test_a_token_is_made_shown_once_and_revoked(
    site: Site, operator: Page, checked: Checked
) -> None:
    """It gets in until it is revoked, and is not on the page a second time."""
    await operator.goto("/administration/tokens")
    await checked(operator)
    await operator.get_by_text("Een token maken").click()
    await operator.get_by_label("controleur: leest, en kijkt terug").check()
    await operator.get_by_label("Als wie de houder handelt").fill("a-9")
    await operator.get_by_label("Voor hoeveel dagen").fill("7")
    await operator.get_by_role("button", name="Maak het token").click()
    shown = operator.get_by_role("status").first
    secret = await shown.locator("code").inner_text()
    assert re.fullmatch(r"pld_[A-Za-z0-9_-]{43}", secret)
    await checked(operator)
    bearer = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(base_url=site.url, headers=bearer) as system:
        assert (await system.get("/v1/dialogues")).status_code == 200
        await operator.goto("/administration/tokens")
        assert secret not in await operator.content()
        row = operator.get_by_role("row").filter(has_text="a-9")
        await expect(row).to_contain_text("auditor")
        await row.get_by_role("button", name="Trek token").click()
        await expect(operator.get_by_role("status").first).to_contain_text(
            "nergens meer goed voor"
        )
        assert (await system.get("/v1/dialogues")).status_code == 401
    await checked(operator)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Kies een of meer rollen"),
        ({"roles": "auditor", "days": "9999"}, "van 1 tot en met 366"),
        ({"roles": "auditor", "days": "30", "actor": "polder"}, "polder"),
        (
            {"roles": "auditor", "days": "30", "actor": "<b>x</b>"},
            "&lt;b&gt;x&lt;/b&gt;",
        ),
        ({"roles": "burgemeester", "days": "30"}, "burgemeester"),
    ],
)
async def test_a_token_that_can_t_be_comes_back_with_what_was_typed(
    site: Site, form: dict[str, str], words: str
) -> None:
    """Nothing is made; what is wrong is said, and what was typed stands there."""
    before = len(await tokens.list_(site.desk, ORGANISATION))
    async with site.caller(await site.session("operator")) as caller:
        answer = await caller.post(
            "/administration/tokens",
            data={"act": "make", "dialogue": "parkzicht-9", **form},
            headers={"Origin": site.url},
        )
    assert answer.status_code in {400, 409, 422}, answer.text
    assert words in answer.text
    assert 'value="parkzicht-9"' in answer.text
    assert len(await tokens.list_(site.desk, ORGANISATION)) == before


async def test_another_organisation_s_token_is_not_there(site: Site) -> None:
    """It is not listed, and can't be revoked."""
    made = await tokens.create(site.desk, OTHER, ["auditor"], BY)
    async with site.caller(await site.session("operator")) as caller:
        answer = await caller.get("/administration/tokens")
        assert made.id[:8] not in answer.text
        answer = await caller.post(
            "/administration/tokens",
            data={"act": "revoke", "token": made.id},
            headers={"Origin": site.url},
        )
        assert answer.status_code == 404
    assert (await tokens.find(site.desk, made.id)).revoked_at is None


@pytest.mark.parametrize("role", ["director", "auditor", "member"])
async def test_administration_is_for_operators(site: Site, role: str) -> None:
    """Others may not look nor act; who directs sees to subscriptions alone."""
    async with site.caller(await site.session(role)) as caller:
        for name in ("health", "tokens", "sessions", "denied", "organisation"):
            where = f"/administration/{name}"
            assert (await caller.get(where)).status_code == 403, where
            if name in {"health", "denied"}:
                continue
            answer = await caller.post(where, headers={"Origin": site.url})
            assert answer.status_code == 403, where
        answer = await caller.get("/administration/subscriptions")
        assert answer.status_code == (200 if role == "director" else 403)


async def test_what_is_denied_is_seen(
    site: Site, operator: Page, checked: Checked
) -> None:
    """In words, with where it was, and without an address."""
    site.app.state.service.open.pop("gate", None)
    async with site.caller(await site.session("auditor")) as caller:
        assert (await caller.get("/administration/tokens")).status_code == 403
    await operator.goto("/administration/denied")
    row = operator.get_by_role("row").nth(1)
    await expect(row).to_contain_text("de rol past er niet bij")
    await expect(row).to_contain_text("/administration/tokens")
    await expect(row).to_contain_text("127.0.0.0/24")
    await checked(operator)


async def test_how_it_does_is_told_in_words(operator: Page, checked: Checked) -> None:
    """Each part by itself, found out by doing."""
    await operator.goto("/administration")
    await expect(operator).to_have_url(re.compile("/administration/health$"))
    for part in ("Het register", "Opdrachten", "Het log"):
        await expect(operator.get_by_role("row").filter(has_text=part)).to_be_visible()
    await checked(operator)


def test_what_is_ill_says_what_helps() -> None:
    """Whatever a part has, and only that part."""
    for part in ("record", "commands", "log"):
        told = lines(Report("DEGRADED", (Trouble(part, "slow"),), 0.0))
        ill = [each for each in told if each.help]
        assert len(ill) == 1
        assert ill[0].reason == "slow"
        assert ill[0].mood == "alarm"
    assert all(not each.help for each in lines(Report("UP", (), 0.0)))
    assert timedelta(0) < PATIENCE


async def test_all_windows_stop_and_go_on_after_seeing_what_that_touches(
    site: Site, operator: Page, checked: Checked
) -> None:
    """Without the tick or a reason nothing happens, and what was typed stands."""
    stream = await site.dialogue(title="Stilstand")
    await operator.goto("/administration/organisation")
    await checked(operator)
    touched = operator.locator("#touches")
    count = (await organisations.preview(site.desk, ORGANISATION)).dialogues
    await expect(touched).to_contain_text(f"Dialogen die stilstaan: {count}.")
    await operator.get_by_label("Besluit waarop het rust").fill("besluit 2026-112")
    await operator.get_by_label("Waarom alles stilstaat").fill("Noodverordening")
    await operator.get_by_label("Ik heb gezien wat dit raakt").check()
    await operator.get_by_role("button", name="Zet nu alle").click()
    await expect(operator.get_by_role("status").first).to_contain_text("staan stil")
    await checked(operator)
    state = await site.desk.dialogue(stream)
    assert state.suspended
    await operator.get_by_label("Waarom ze verder mogen").fill("Het is voorbij")
    await operator.get_by_role("button", name="verder gaan").click()
    await expect(operator.get_by_role("status").first).to_contain_text("gaan verder")
    assert not (await site.desk.dialogue(stream)).suspended
    [stood] = await organisations.listed(site.desk, ORGANISATION)
    assert stood.authority == "besluit 2026-112"
    assert stood.by.id == "o-1"


async def test_nothing_stops_without_a_reason_and_a_look(site: Site) -> None:
    """Also when a browser asks for neither."""
    async with site.caller(await site.session("operator")) as caller:
        for form, words in (
            ({"seen": "yes", "authority": "besluit 9"}, "Zeg waarom"),
            ({"reason": "Omdat", "authority": "besluit 9"}, "hebt gezien"),
        ):
            answer = await caller.post(
                "/administration/organisation",
                data={"act": "suspend", **form},
                headers={"Origin": site.url},
            )
            assert answer.status_code == 400
            assert words in answer.text
            assert "besluit 9" in answer.text
    standing = await organisations.listed(site.desk, ORGANISATION)
    assert [each for each in standing if each.lifted is None] == []


async def test_how_it_does_is_told_at_once_with_when_it_was(site: Site) -> None:
    """Who looks again does not wait for a trial command, and sees how old that is."""
    health = site.app.state.service.health
    first = await health.report()
    aged = first._replace(at=first.at - 30)
    health._last = aged  # noqa: SLF001 (half a minute goes by)
    assert await health.lately() is aged
    assert (await health.report()).at > aged.at
    health._last = aged._replace(at=aged.at - 60)  # noqa: SLF001
    assert (await health.lately()).at > aged.at
    async with site.caller(await site.session("operator")) as caller:
        told = await caller.get("/administration/health")
    assert "Uitgezocht:" in told.text
