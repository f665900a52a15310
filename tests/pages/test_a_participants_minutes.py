"""A participant's few minutes, in every way that people do things.

By a link alone: what is asked, a response, a receipt; later the answer. It is a link, a
text and two buttons, and takes no two minutes.
"""

from __future__ import annotations

from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from tests.pages.asking import answers, asking, link_of
from tests.pages.hands import WAYS, Hands, Way, hands
from tests.pages.house import Site

TEXT: Final = "Het plein is te donker. Zet er vier lampen bij, ook achter de school."
REASON: Final = "Er komen vier lampen. Achter de school staan ze al."
TWO_MINUTES: Final = 120
ACTS: Final = 3
"""Two buttons and a text."""


@pytest.fixture(scope="module")
async def stream(site: Site) -> str:
    """Give a dialogue that asks a party for each way."""
    parties = {f"partij-{way}": f"{way}@voorbeeld.example" for way in WAYS}
    return await asking(site, parties=parties)


@pytest.mark.parametrize("way", WAYS)
async def test_from_a_link_to_the_answer(
    site: Site, stream: str, browser: Browser, way: Way
) -> None:
    """They read what is asked, answer it, have a receipt, and later read the answer."""
    who = f"partij-{way}"
    link = await link_of(site, stream, who)
    async with hands(browser, site, way, None) as participant:
        began = monotonic()
        await participant.go(link)
        await participant.send("^Verder$")
        await participant.sees(
            "Wat doen we met het plein?", "Wat vindt u van het plan?"
        )
        await participant.sees("Omdat u meedoet als", "tot en met")
        await participant.write("^Uw reactie", TEXT)
        await participant.send("^Versturen$")
        await participant.sees("Uw reactie is ontvangen", "Dat was op tijd", TEXT)
        await participant.sees("Nog geen antwoord")
        assert monotonic() - began < TWO_MINUTES
        assert participant.acts == ACTS
        number = urlsplit(participant.page.url).path.rpartition("/")[2]
        await answers(site, stream, number, "partly", REASON)
        await site.hall.seals()
        await _reads_the_answer(participant, number)


async def _reads_the_answer(participant: Hands, number: str) -> None:
    await participant.go("/mine")
    await participant.sees(REASON)
    await participant.follow(f"^Reactie {number}$")
    await participant.sees("Deels overgenomen", REASON, TEXT)
    await expect(
        participant.page.get_by_role("link", name="Bewijs downloaden")
    ).to_be_visible()
    await participant.follow("^Terug naar uw pagina")
    await participant.send("^Stoppen op dit apparaat$")
    await participant.go("/mine")
    await expect(participant.main).not_to_contain_text(TEXT)
