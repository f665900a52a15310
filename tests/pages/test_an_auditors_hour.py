"""An auditor convinces themselves of one line, in every way that people do things.

With script their browser computes it. Without, they take the proof and the program home
and compute it there: either way the page is not what they trust.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, expect

from storage import logkey
from tests.pages.hands import WAYS, Hands, Way, hands
from tests.pages.house import Site

KEY: Final = "De openbare sleutel van het logboek"


@pytest.fixture(scope="module")
async def facts(site: Site) -> Mapping[str, str]:
    """Give a dialogue with a line to look into, and the key as it was published."""
    stream = await site.dialogue("parkzicht", title="Groen in Parkzicht")
    for item in ("aanleiding", "scope", "budget"):
        body = {"items": [f"opdracht.{item}"]}
        await site.send(stream, "complete_items", body)
    await site.hall.seals()
    key = str(logkey.read(Path(site.hall.home) / "log.key").vkey)
    return {"stream": stream, "key": key}


@pytest.mark.parametrize("way", WAYS)
async def test_one_line_is_true_without_trusting_the_page(
    site: Site, browser: Browser, facts: Mapping[str, str], way: Way, tmp_path: Path
) -> None:
    """From the list of dialogues to a line of history, and to why it is true."""
    async with hands(browser, site, way, "auditor", actor="a-1") as auditor:
        await auditor.go("/portfolio")
        await auditor.follow("^Groen in Parkzicht")
        await auditor.follow("^Geschiedenis$")
        await auditor.follow("Voltooid: Aanleiding")
        await auditor.sees("Waarom is dit waar?", "Geloof deze pagina niet")
        if way == "plain":
            await _at_home(auditor, facts["key"], tmp_path)
        else:
            await _in_the_browser(auditor, facts["key"])
        await auditor.follow("^Wie dit las$")
        await auditor.sees("a-1")


async def _in_the_browser(auditor: Hands, key: str) -> None:
    await auditor.write(KEY, key)
    await auditor.press("^Reken na$")
    verdict = auditor.page.locator("[data-verdict]")
    await expect(verdict).to_contain_text("Het klopt: deze gebeurtenis staat")


async def _at_home(auditor: Hands, key: str, home: Path) -> None:
    """Save the proof and the program, and run them where no site is."""
    await auditor.sees("Zonder script rekent deze pagina niets")
    proof = await _saved(auditor, "^het bewijs van gebeurtenis", home / "proof.json")
    program = await _saved(auditor, "^van hier$", home / "verify.py")
    told = [sys.executable, "-I", str(program), str(proof), "--key", key]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    text = proof.read_text("utf-8").replace('"opdracht.aanleiding"', '"opdracht.doel"')
    proof.write_text(text, "utf-8")
    forged = subprocess.run(told, capture_output=True, check=False)
    assert forged.returncode == 1


async def _saved(auditor: Hands, name: str, place: Path) -> Path:
    async with auditor.page.expect_download() as given:
        await auditor.press_link(name)
    await (await given.value).save_as(place)
    return place
