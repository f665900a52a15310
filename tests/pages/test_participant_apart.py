"""What a participant sees is their own: of others nothing, and others nothing of it."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable
from zipfile import ZipFile

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from desk.erasing import subject_of
from desk.held import requests_of
from evidence import verify
from storage import logkey
from tests.desk.town_hall import ORGANISATION
from tests.pages.asking import (
    PUBLIC,
    WINDOW,
    answers,
    asking,
    checked_bare,
    enter,
    link_of,
    phone,
    says,
)
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]

HOSTILE = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(2)>{{7*7}} & 'ja' \u202e"
)


@pytest.fixture(scope="module")
async def stream(site: Site) -> str:
    """Give a dialogue that asks its parties something, and everybody."""
    return await asking(site)


async def test_of_others_nothing_is_to_be_seen(site: Site, browser: Browser) -> None:
    """Neither pages nor addresses tell what somebody else said, or that they did."""
    stream = await asking(site)
    await says(site, stream, "anna", "Dit is van Anna alleen")
    await says(site, stream, "buur-1", "Dit is van de buren", PUBLIC)
    await answers(site, stream, "1", "adopted", "Dat doen we voor Anna")
    await says(site, stream, "bram", "En dit van Bram")
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "bram"))
        seen: list[str] = []
        for path in ("/mine", "/mine/held", f"/mine/windows/{WINDOW}"):
            await page.goto(path)
            seen.append(await page.content())
        whole = " ".join(seen)
        for word in ("Anna", "anna", "buren", "buur-1"):
            assert word not in whole
        assert "En dit van Bram" in whole
        for path in (
            f"/mine/responses/{WINDOW}/1",
            f"/mine/responses/{WINDOW}/1/proof",
            f"/mine/responses/{PUBLIC}/1",
            "/mine/windows/kennismaken.anders",
            f"/dialogues/{stream}/responses",
            "/today",
        ):
            answer = await page.request.get(path)
            assert "Anna" not in await answer.text(), path
            assert answer.status in {200, 404}, path
        first = await page.request.get(f"/mine/responses/{WINDOW}/1")
        assert first.status == 404


async def test_somebody_sees_what_is_held_and_asks_that_it_goes(
    site: Site, browser: Browser, director: Page, checked: Checked
) -> None:
    """The request is on record, once, and is the first thing a director sees today."""
    stream = await asking(site, parties={"carla": "carla@voorbeeld.example"})
    await says(site, stream, "carla", "Mijn woorden")
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "carla"))
        await page.get_by_role("link", name="Bekijk wat we over u bewaren").click()
        for word in ("Carla", "carla@voorbeeld.example", "Mijn woorden"):
            await expect(page.get_by_text(word, exact=True)).to_be_visible()
        await checked(page)
        await page.get_by_role("link", name="Vraag om te wissen").click()
        await checked(page)
        await page.get_by_role("button", name="Ja, ik vraag om te wissen").click()
        await expect(page.get_by_text("Uw verzoek ligt vast")).to_be_visible()
        await expect(page.get_by_text("U hebt dat al gevraagd")).to_be_visible()
        await checked(page)
    [case] = await requests_of(site.desk, ORGANISATION, "carla")
    assert case.status == "requested"
    assert await subject_of(site.desk, ORGANISATION, case) == "carla"
    assert case.requested.actor.id == "carla"
    await director.goto("/today")
    await expect(director.get_by_text("vraagt om te worden gewist")).to_be_visible()
    await checked(director)
    await director.get_by_role("link", name="Bekijk de verzoeken").click()
    await expect(director.get_by_role("heading", name="carla")).to_be_visible()
    await director.get_by_text("Voor wie Polder beheert").click()
    await expect(director.get_by_text(f"--id {case.id}")).to_be_visible()
    await checked(director)


async def test_what_is_being_erased_of_others_stops_no_request(site: Site) -> None:
    """While a request of somebody else is granted, the next one is taken in."""
    stream = await asking(site, parties={"anna": "a@voorbeeld.example"})
    await says(site, stream, "anna", "Mijn woorden")
    await says(site, stream, "bram", "En de mijne")
    await site.hall.granted("verzoek-van-anna")
    session = await site.guest(stream, "bram")
    headers = {"Origin": site.url}
    async with site.caller(session, headers=headers) as caller:
        asked = await caller.post("/mine/erase", data={"id": "vraag-van-bram"})
    assert asked.status_code == 303, asked.text
    [case] = await requests_of(site.desk, ORGANISATION, "bram")
    assert case.status == "requested"


async def test_meetings_are_those_that_somebody_is_invited_to(
    site: Site, browser: Browser
) -> None:
    """When, where and how: for those invited, and for nobody else."""
    stream = await asking(site)
    body = {
        "meeting": "avond-1",
        "title": "Eerste avond",
        "begins": "2027-03-04T19:30:00+01:00",
        "ends": "2027-03-04T21:30:00+01:00",
        "place": "Buurthuis De Kade",
        "guests": ["anna"],
    }
    await site.send(stream, "schedule_meeting", body)
    for who, there in (("anna", 1), ("bram", 0)):
        async with phone(browser, site) as page:
            await enter(page, await link_of(site, stream, who))
            await expect(page.get_by_text("Buurthuis De Kade")).to_have_count(there)
            await expect(page.get_by_text("donderdag 4 maart 2027")).to_have_count(
                there
            )


async def test_without_script_hostile_words_are_words(
    site: Site, browser: Browser, checked: Checked
) -> None:
    """What somebody says is shown as they typed it, wherever it is shown."""
    stream = await asking(site)
    async with phone(browser, site, script=False) as page:
        await enter(page, await link_of(site, stream, "anna"))
        await page.get_by_role("textbox", name="Uw reactie").fill(HOSTILE)
        await page.get_by_role("button", name="Bewaren voor later").click()
        await expect(page.get_by_role("textbox", name="Uw reactie")).to_have_value(
            HOSTILE
        )
        await page.get_by_role("button", name="Versturen").click()
        await expect(page.get_by_text(HOSTILE)).to_be_visible()
        await checked_bare(page, checked)
        await page.goto("/mine/held")
        await expect(page.get_by_text(HOSTILE)).to_be_visible()


async def test_who_leaves_is_out(site: Site, stream: str, browser: Browser) -> None:
    """The session is over, and the link was good once."""
    async with phone(browser, site) as page:
        link = await link_of(site, stream, "anna")
        await enter(page, link)
        await page.get_by_role("button", name="Stoppen op dit apparaat").click()
        await expect(page.get_by_text("nieuwe link")).to_be_visible()
        await page.goto("/mine")
        await expect(page.get_by_role("heading", name="Inloggen")).to_be_visible()
        await page.goto(link)
        await expect(page.get_by_role("button", name="Verder")).to_have_count(0)


async def test_a_form_of_another_site_does_nothing(site: Site, stream: str) -> None:
    """Nothing is said or asked in somebody's name from elsewhere."""
    cookies: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=site.url) as client:
        link = await link_of(site, stream, "anna")
        entered = await client.post(link, headers={"Origin": site.url})
        assert (entered.status_code, entered.headers["location"]) == (303, "/mine")
        cookies |= dict(entered.cookies)
        body = {"response": "Niet van mij", "do": "send"}
        for headers in ({"Origin": "https://elders.example"}, {}):
            for path in (f"/mine/windows/{WINDOW}", "/mine/erase"):
                answer = await client.post(path, data=body, headers=headers)
                assert answer.status_code == 403
    state = await site.desk.dialogue(stream)
    assert "Niet van mij" not in state.model_dump_json()


async def test_the_proof_is_of_ones_own_words_and_of_nothing_else(
    site: Site, stream: str, browser: Browser
) -> None:
    """verify.py finds it sound with the log's key, and it names nobody else."""
    await says(site, stream, "bram", "Ik heb liever bomen dan lampen.")
    async with phone(browser, site) as page:
        await enter(page, await link_of(site, stream, "bram"))
        await site.hall.seals()
        await page.get_by_role("link", name="Reactie").first.click()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Bewijs downloaden").click()
        content = (await (await download.value).path()).read_bytes()
    with ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        proof, dutch = archive.read("proof.json"), archive.read("LEESMIJ.txt").decode()
    assert names == ["LEESMIJ.txt", "README.txt", "proof.json", "verify.py"]
    assert "python verify.py proof.json" in dutch
    key = str(logkey.read(site.hall.home / "log.key").vkey)
    report = verify.examine(proof, [key])
    assert report.verdict == verify.SOUND, report.failures
    told = json.loads(proof)
    assert told["event"]["type"] == "response_recorded"
    assert told["event"]["data"]["respondent"] == "bram"
    assert [one["value"] for one in told["openings"]] == [
        "Ik heb liever bomen dan lampen."
    ]
    assert (told["before"], told["after"]) == (None, None)
    assert b"anna" not in proof
    forged = proof.replace(b"bomen", b"lampen"[:5])
    assert verify.examine(forged, [key]).verdict == verify.NOT_SOUND
