"""Windows on a page: open, until when and why then, who is silent, and two at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Browser, Page, expect

from desk.history import whole_history
from tests.pages.asking import checked_bare
from tests.pages.house import Site, visitor

Checked = Callable[[Page], Awaitable[None]]
METHOD = "belangen-op-tafel"
WINDOW = "klopt-het-beeld"


async def asked(site: Site, **more: Any) -> tuple[str, str]:  # noqa: ANN401
    """A dialogue whose step is under way, with two parties who can be asked."""
    roles = {"parties": ["k-1", "k-2"], "process_director": ["p-1", "p-2"]}
    stream = await site.dialogue(method=METHOD, roles=roles, **more)
    state = await site.desk.dialogue(stream)
    [window] = [name for name in state.plan.windows if name.endswith(WINDOW)]
    step = window.partition(".")[0]
    for each in state.plan.steps:
        if each == step:
            break
        await site.send(stream, "complete_items", {"step": each})
        await site.send(stream, "complete_step", {"step": each})
    await site.send(stream, "start_step", {"step": step})
    return stream, window


async def test_a_window_is_opened_extended_and_closed(
    site: Site, director: Page, checked: Checked
) -> None:
    """Before it opens the page says when it would close; after each act how it is."""
    stream, window = await asked(site)
    page = director
    await page.goto(f"/dialogues/{stream}/windows")
    await checked(page)
    await page.get_by_role("link", name="Klopt het beeld?").click()
    await expect(page.get_by_text("Opent u hem nu voor 10 werkdagen")).to_be_visible()
    await checked(page)
    await page.get_by_role("button", name="Open de reactietermijn").click()
    await expect(page.get_by_text("De reactietermijn is open.")).to_be_visible()
    await expect(page.get_by_text("nog 10 werkdagen")).to_be_visible()
    await expect(
        page.get_by_text(re.compile("10 werkdagen, geteld vanaf"))
    ).to_be_visible()
    await checked(page)
    await page.get_by_text("Verleng", exact=True).first.click()
    extend = page.locator("#extend")
    await extend.get_by_label("Hoeveel dagen").fill("5")
    await extend.get_by_label("Waarom?").fill("Vakantie")
    await extend.get_by_role("button", name="Verleng").click()
    await expect(page.get_by_text("De reactietermijn sluit later")).to_be_visible()
    await expect(page.get_by_text("nog 15 werkdagen")).to_be_visible()
    story = page.get_by_role("region", name="Wat er met deze reactietermijn gebeurde")
    await expect(story.get_by_text(re.compile("verlengd"))).to_be_visible()
    await checked(page)
    await page.get_by_text("Sluit nu", exact=True).first.click()
    close = page.locator("#close")
    await close.get_by_label("Waarom?").fill("Alles is binnen")
    await close.get_by_role("button", name="Sluit nu").click()
    await expect(page.get_by_text("De reactietermijn is gesloten.")).to_be_visible()
    await expect(
        page.get_by_text("Open opnieuw, omdat er iets mis was")
    ).to_be_visible()
    await checked(page)
    assert window.partition(".")[0] in page.url


async def test_who_is_silent_is_named_and_reminded(
    site: Site, plain: Page, checked: Checked
) -> None:
    """Whoever responded is not among them; a reminder goes to the others."""
    stream, window = await asked(site)
    await site.send(stream, "open_window", {"window": window})
    body = {"window": window, "respondent": "k-1", "response": "Akkoord"}
    await site.send(stream, "record_response", body)
    await plain.goto(f"/dialogues/{stream}/windows/{window}")
    silent = plain.get_by_role("region", name="Wie nog niet reageerde")
    await expect(silent.get_by_text("k-2")).to_be_visible()
    await expect(silent.get_by_text("k-1")).to_have_count(0)
    await checked_bare(plain, checked)
    await silent.get_by_role("button", name="Herinner wie nog niet reageerde").click()
    await expect(plain.get_by_text("krijgt een herinnering")).to_be_visible()
    past = await whole_history(site.desk, stream)
    [told] = [e.members for e in past if e.members["type"] == "audience_reminded"]
    assert told["data"]["silent"] == ["k-2"]


async def test_who_extends_second_is_told_and_extends_nothing_twice(
    site: Site, browser: Browser, director: Page, checked: Checked
) -> None:
    """What somebody typed stays while another extends; only their decision is stale.

    A response that comes in meanwhile is no reason to refuse.
    """
    stream, window = await asked(site)
    await site.send(stream, "open_window", {"window": window})
    address = f"/dialogues/{stream}/windows/{window}"
    other = await visitor(browser, site, "director", actor="p-2")
    for page in (director, other):
        await page.goto(address)
        await page.get_by_text("Verleng", exact=True).first.click()
        extend = page.locator("#extend")
        await extend.get_by_label("Hoeveel dagen").fill("5")
        await extend.get_by_label("Waarom?").fill(f"Vakantie, zegt {page is other}")
    body = {"window": window, "respondent": "k-1", "response": "Akkoord"}
    await site.send(stream, "record_response", body)
    await director.locator("#extend").get_by_role("button", name="Verleng").click()
    await expect(director.get_by_text("De reactietermijn sluit later")).to_be_visible()
    await site.hall.seals()  # what is not sealed has no place in the stream of events
    await expect(other.get_by_text("nog 15 werkdagen")).to_be_visible()
    reason = other.locator("#extend").get_by_label("Waarom?")
    await expect(reason).to_have_value("Vakantie, zegt True")
    await other.locator("#extend").get_by_role("button", name="Verleng").click()
    await expect(other.get_by_role("alert")).to_contain_text("Iemand anders")
    await expect(other.get_by_text("Dit gebeurde terwijl u keek")).to_be_visible()
    await expect(reason).to_have_value("Vakantie, zegt True")
    await checked(other)
    state = await site.desk.dialogue(stream)
    assert [run.generation for run in state.windows[window]] == [2]
    await other.locator("#extend").get_by_role("button", name="Verleng").click()
    await expect(other.get_by_text("De reactietermijn sluit later")).to_be_visible()
    await expect(other.get_by_text("nog 20 werkdagen")).to_be_visible()
    await other.context.close()


async def test_a_form_that_is_sent_twice_does_it_once(site: Site) -> None:
    """The second time it is told as done, though the window has moved since."""
    stream, window = await asked(site)
    await site.send(stream, "open_window", {"window": window})
    state = await site.desk.dialogue(stream)
    form = {
        "id": "twee-keer-verlengd-1",
        "act": "extend_window",
        "sight": f"{window}:1.1.open",
        "seen": str(state.version),
        "extend-length": "working_days",
        "extend-days": "5",
        "extend-reason": "Vakantie",
    }
    headers = {"Origin": site.url, "Accept": "text/html"}
    address = f"/dialogues/{stream}/windows/{window}"
    async with site.caller(await site.session("director")) as caller:
        for _ in range(2):
            answer = await caller.post(address, data=form, headers=headers)
            assert answer.status_code == 303
    after = await site.desk.dialogue(stream)
    assert [run.generation for run in after.windows[window]] == [2]


async def test_a_window_of_a_paused_dialogue_stands_still(
    site: Site, director: Page, checked: Checked
) -> None:
    """It says so instead of a closing, and what can't be done then is not offered."""
    stream, window = await asked(site)
    await site.send(stream, "open_window", {"window": window})
    await site.send(stream, "pause_dialogue", {"reason": "Verkiezingen"})
    await director.goto(f"/dialogues/{stream}/windows/{window}")
    await expect(director.get_by_text("staat stil", exact=True)).to_be_visible()
    await expect(
        director.get_by_text("niet zolang de dialoog stilstaat")
    ).to_be_visible()
    await expect(director.get_by_role("button", name="Verleng")).to_have_count(0)
    await checked(director)


async def test_people_who_ask_for_more_time_get_a_list_of_their_own(
    site: Site, plain: Page, checked: Checked
) -> None:
    """The new list closes apart; hostile text in a field comes back as text."""
    stream, window = await asked(site)
    await site.send(stream, "open_window", {"window": window})
    await plain.goto(f"/dialogues/{stream}/windows/{window}")
    await plain.get_by_text("Vraag mensen op naam").click()
    invite = plain.locator("#invite")
    await invite.get_by_label("Naam van een nieuwe lijst").fill(
        "<script>alert(1)</script>"
    )
    await invite.get_by_label("Wie", exact=True).fill("k-1, k-9")
    await invite.get_by_label("Waarom?").fill("Op verzoek")
    ask = invite.get_by_role("button", name="Vraag deze mensen")
    await ask.click()
    await expect(plain.get_by_role("alert")).to_be_visible()
    name = invite.get_by_label("Naam van een nieuwe lijst")
    await expect(name).to_have_value("<script>alert(1)</script>")
    await checked_bare(plain, checked)
    await name.fill("meer-tijd")
    await ask.click()
    await expect(plain.get_by_text("Zij zijn op naam gevraagd.")).to_be_visible()
    await expect(
        plain.get_by_role("heading", name="mensen op een lijst: meer-tijd", level=2)
    ).to_be_visible()
    await checked_bare(plain, checked)
