"""To be refused takes no more work than to be let in: little is held, and counted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator

import httpx
import pytest

from tests.desk.town_hall import TownHall
from tests.pages.forms_of import forms_of
from tests.pages.house import Site, house

WAITS = 429
SLIPS = 60
"""So many from one network are free."""
AT_ONCE = 20

_KB = 1024
_SMALL = "Nog eens dan"


@pytest.fixture(scope="module")
async def guarded(hall: TownHall) -> AsyncGenerator[Site]:
    """Give a house in which strangers wait; others have room."""
    async with house(hall, limit_rate=0.05, limit_burst=2) as opened:
        yield opened


def ours(site: Site) -> httpx.AsyncClient:
    """Give who is nobody, with a page of ours."""
    told = {"Origin": site.url, "Accept": "text/html"}
    return httpx.AsyncClient(base_url=site.url, headers=told)


@pytest.mark.parametrize("where", ["/administration/tokens", "/nergens", "/today"])
async def test_of_a_stranger_little_is_held(site: Site, where: str) -> None:
    """A form of 60 kB is on the page of the fault; one of 70 kB is not."""
    async with ours(site) as nobody:
        for size, there in ((60, True), (70, False), (1000, False)):
            data = {"reason": "x " * (size * _KB // 2)}
            answer = await nobody.post(where, data=data)
            assert answer.status_code in {401, 404}
            assert ("x x x" in answer.text) is there
            assert len(answer.text) < 2 * 64 * _KB


async def test_of_nobody_more_is_held_than_256_kb(site: Site) -> None:
    """What somebody known sends is held up to there, and no further."""
    session = await site.session("director")
    async with site.caller(session, headers={"Origin": site.url}) as caller:
        for size, there in ((200, True), (300, False)):
            data = {"as": "elders:/p-1", "reason": "x " * (size * _KB // 2)}
            answer = await caller.post("/dialogues/new", data=data)
            assert answer.status_code == httpx.codes.FORBIDDEN
            assert ("x x x" in answer.text) is there


async def test_words_are_on_the_page_once(site: Site) -> None:
    """In the form, where it can be sent again; else to be copied."""
    async with ours(site) as nobody:
        for where in ("/today", "/nergens"):
            answer = await nobody.post(where, data={"reason": "Wij wachten"})
            assert answer.text.count("Wij wachten") == 1


async def test_what_is_shown_is_what_somebody_wrote(site: Site) -> None:
    """Their words are to be read; what the form brought along is only sent again."""
    brought = {"seen": '{"falls": ["a", "b"]}', "was-name": "An de Wit", "as": "x"}
    data = {**brought, "name": "An de Zwart", "reason": "\n Wij wachten.\nTot mei."}
    async with ours(site) as nobody:
        answer = await nobody.post("/today", data=data)
    held = next(form for form in forms_of(answer.text) if form.action == "/today")
    assert held.fields == data
    shown = re.findall(r'<textarea id="[^"]*" name="([^"]*)"', answer.text)
    assert shown == ["name", "reason"]


async def test_a_text_that_names_a_secret_is_held(site: Site) -> None:
    """A value that is a secret as a whole is left out; a sentence with one is not."""
    secret = "whsec_" + 24 * "a"
    data = {"reason": f"Het geheim {secret} is van vóór mei", "key": f" {secret}\n"}
    async with ours(site) as nobody:
        answer = await nobody.post("/today", data=data)
    assert "is van vóór mei" in answer.text
    assert answer.text.count(secret) == 1
    assert 'name="key" type="password"' in answer.text


@pytest.mark.parametrize("where", ["/nergens", "/today"])
async def test_who_sends_forms_without_a_visit_is_slowed(
    guarded: Site, where: str
) -> None:
    """Each counts as a knock, cookie or none; from then on it waits, with its form."""
    async with ours(guarded) as nobody:
        answer = await insisting(nobody, where, SLIPS + AT_ONCE)
        assert _SMALL in answer.text
        assert int(answer.headers["retry-after"]) > 0
        await holds_little(nobody, where)


async def test_who_is_in_haste_has_little_held(guarded: Site) -> None:
    """With a visit too: what waits is held up to 64 kB."""
    session = await guarded.session("director", "h-1")
    async with guarded.caller(session, headers={"Origin": guarded.url}) as caller:
        answer = await insisting(caller, "/today", 3)
        assert _SMALL in answer.text
        await holds_little(caller, "/today")


async def insisting(
    caller: httpx.AsyncClient, where: str, times: int, reason: str = _SMALL
) -> httpx.Response:
    """Send the same form until it has to wait; give how that is told.

    Twenty at once: one after another, a slow machine gives room back in between.
    """
    for _ in range(0, times, AT_ONCE):
        sent = (caller.post(where, data={"reason": reason}) for _ in range(AT_ONCE))
        for answer in await asyncio.gather(*sent):
            if answer.status_code == WAITS:
                return answer
    pytest.fail("nobody had to wait")


async def holds_little(caller: httpx.AsyncClient, where: str) -> None:
    """See that who has to wait has no large form shown again."""
    large = await insisting(caller, where, SLIPS + AT_ONCE, "x " * 50 * _KB)
    assert "x x x" not in large.text
