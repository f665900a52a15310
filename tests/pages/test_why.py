"""Why a line of history is true, computed in the browser without trusting the page."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from desk.packs_apart import Maker
from evidence import verify
from evidence.canonical import canonical
from storage import logkey
from storage.pool import make_pool
from tests.pages.audited import KEY, compute, history, sign_of, step_of
from tests.pages.house import Site
from tests.pages.test_verify_js import WITHOUT_ED25519
from workers.sealing import make_sealer

Checked = Callable[[Page], Awaitable[None]]


@pytest.fixture(scope="module")
async def stream(site: Site) -> str:
    """Give a dialogue in which enough happened, all of it sealed."""
    return await history(site)


@pytest.fixture
def vkey(site: Site, stream: str) -> str:
    """Give the log's public key, as somebody would have it from elsewhere."""
    assert stream
    return str(logkey.read(Path(site.hall.home) / "log.key").vkey)


@pytest.fixture
async def packer(site: Site) -> AsyncGenerator[None]:
    """Have a worker beside the site that has the log's key, and makes packs."""
    key = site.hall.home / "log.key"
    maker = Maker(site.hall.database, None, key)
    async with (
        make_pool(site.hall.database) as pool,
        make_sealer(site.hall.client, pool, key, make=maker.make),
    ):
        yield


async def test_an_auditor_convinces_themselves_of_one_line(
    auditor: Page, stream: str, vkey: str, checked: Checked
) -> None:
    """From the history to the proof of a line, each step with its values, in green."""
    await auditor.goto(f"/dialogues/{stream}/history")
    await auditor.get_by_role("link", name="Voltooid: Aanleiding.").click()
    await expect(auditor.get_by_label(KEY)).to_have_value("")
    told = await compute(auditor, vkey)
    assert told.startswith("Het klopt: deze gebeurtenis staat in het logboek")
    shown = await auditor.locator("#told-hash").inner_text()
    assert shown in await step_of(auditor, "De hash van de gebeurtenis")
    for name in (
        "De gebeurtenis in haar canonieke vorm",
        "Zij noemt de gebeurtenis ervoor",
        "De weg naar de wortel van dat ijkpunt",
        "De handtekening onder het ijkpunt",
    ):
        assert await sign_of(auditor, name) == "klopt", name
    # Whoever gives the file can have made up what comes after it.
    after = await sign_of(auditor, "De gebeurtenis erna noemt deze")
    assert after == "noemt haar, en bewijst niet meer"
    not_said = auditor.get_by_text("Dat de gebeurtenis erna in het logboek staat")
    await expect(not_said).to_be_visible()
    verdict = auditor.locator("[data-verdict]")
    assert float(await verdict.get_attribute("data-ms") or "nan") <= 1_000
    await expect(auditor.get_by_text("Er is geen ouder ijkpunt")).to_be_visible()
    await checked(auditor)


async def test_the_key_is_the_auditor_s(auditor: Page, stream: str, vkey: str) -> None:
    """Without a key nothing is decided; another key, or what is none, is told so."""
    await auditor.goto(f"/dialogues/{stream}/history/3")
    assert "Het is niet te beoordelen" in await compute(auditor, "")
    assert vkey not in await auditor.content()
    other = "polder/vectors+9fda297c+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    assert (await compute(auditor, other)).startswith("Het klopt niet.")
    said = await step_of(auditor, "De handtekening onder het ijkpunt")
    assert "het is van een ander logboek" in said
    await auditor.get_by_label(KEY).fill(vkey[:-3])
    await auditor.get_by_role("button", name="Reken na").click()
    problem = auditor.get_by_role("alert")
    await expect(problem).to_contain_text("Dit is geen sleutel van een logboek")
    await expect(auditor.get_by_label(KEY)).to_be_focused()


async def test_a_forged_answer_is_red_where_it_fails(
    auditor: Page, stream: str, vkey: str, checked: Checked
) -> None:
    """Whoever sits between gives another event: the browser names what is not so."""

    async def forge(route: Route) -> None:
        answer = await route.fetch()
        proof: Any = json.loads(await answer.body())
        proof["event"]["actor"]["id"] = "p-9"
        await route.fulfill(response=answer, body=canonical(proof))

    await auditor.route("**/proof.json*", forge)
    await auditor.goto(f"/dialogues/{stream}/history/3")
    assert (await compute(auditor, vkey)).startswith("Het klopt niet.")
    for name in ("De gebeurtenis erna noemt deze", "De weg naar de wortel"):
        assert await sign_of(auditor, name) == "klopt niet", name
    assert await sign_of(auditor, "Zij noemt de gebeurtenis ervoor") == "klopt"
    await expect(
        auditor.get_by_text("niet de hash die de pagina toont")
    ).to_be_visible()
    await checked(auditor)


async def test_a_page_that_lies_is_found_out(
    auditor: Page, stream: str, vkey: str
) -> None:
    """The page shows another hash than what was downloaded: that does not pass."""
    await auditor.goto(f"/dialogues/{stream}/history/3")
    lie = "document.getElementById('told-hash').textContent = '0'.repeat(64)"
    await auditor.evaluate(lie)
    assert (await compute(auditor, vkey)).startswith("Het klopt niet.")


async def test_a_browser_that_lacks_something_is_told_so(
    auditor: Page, stream: str, vkey: str
) -> None:
    """Without Ed25519 nothing is green: it says what lacks, and what would help."""
    await auditor.add_init_script(WITHOUT_ED25519)
    await auditor.goto(f"/dialogues/{stream}/history/3")
    assert "Het is niet te beoordelen" in await compute(auditor, vkey)
    said = await step_of(auditor, "De handtekening onder het ijkpunt")
    assert "kan geen Ed25519-handtekening controleren" in said


async def test_an_older_checkpoint_that_was_kept_is_compared(
    site: Site, auditor: Page, stream: str, vkey: str
) -> None:
    """Who kept a checkpoint sees that the log went on from it."""
    kept = (await auditor.request.get("/v1/audit/tree/checkpoint")).text
    older = await kept()
    await site.send(stream, "complete_items", {"items": ["opdracht.besluiten"]})
    await site.hall.seals()
    await auditor.goto(f"/dialogues/{stream}/history/3")
    await auditor.get_by_text("Ik bewaarde een ouder ijkpunt").click()
    await auditor.get_by_label("Uw oudere ijkpunt").fill(older)
    assert (await compute(auditor, vkey)).startswith("Het klopt")
    said = await step_of(auditor, "Het logboek gaat verder vanaf uw eigen ijkpunt")
    assert older.split("\n")[1] in said
    lie = older.replace(older.split("\n")[2], "A" * 43 + "=")
    await auditor.get_by_label("Uw oudere ijkpunt").fill(lie)
    assert (await compute(auditor, vkey)).startswith("Het klopt niet.")


async def test_a_proof_that_was_saved_is_checked_anywhere(
    auditor: Page, stream: str, vkey: str, tmp_path: Path
) -> None:
    """What is saved is sound to verify.py; of another event it vouches for nothing."""
    await auditor.goto(f"/dialogues/{stream}/history/3")
    async with auditor.expect_download() as coming:
        await auditor.get_by_role("link", name="Bewaar het bewijs", exact=True).click()
    saved = tmp_path / "proof.json"
    await (await coming.value).save_as(saved)
    assert verify.main([str(saved), "--key", vkey]) == 0
    assert b"An de Wit" not in saved.read_bytes()
    told = {5: "Dit bestand klopt, maar het is niet van de gebeurtenis", 3: "Het klopt"}
    for seq, verdict in told.items():
        await auditor.goto(f"/dialogues/{stream}/history/{seq}")
        await auditor.get_by_text("Controleer een bewijs dat ik bewaarde").click()
        field = auditor.get_by_label("Een bewijs dat u bewaarde")
        await field.set_input_files(saved)
        assert (await compute(auditor, vkey)).startswith(verdict)
    lie = "document.getElementById('told-hash').textContent = '0'.repeat(64)"
    await auditor.evaluate(lie)
    assert (await compute(auditor, vkey)).startswith("Het klopt niet.")


async def test_without_script_it_says_how_to_do_it_by_hand(
    plain: Page, stream: str, checked: Checked
) -> None:
    """Nothing pretends to compute: there is the file, the program, and the command."""
    await plain.goto(f"/dialogues/{stream}/history/3")
    await expect(
        plain.get_by_text("Zonder script rekent deze pagina niets")
    ).to_be_visible()
    await expect(plain.get_by_label(KEY)).to_be_hidden()
    await expect(plain.get_by_text("python verify.py")).to_be_visible()
    async with plain.expect_download() as coming:
        await plain.get_by_role("link", name="van hier").click()
    program = await (await coming.value).path()
    assert program.read_bytes() == Path(verify.__file__).read_bytes()


@pytest.mark.usefixtures("packer")
async def test_the_pack_is_one_press_away_and_checked_here(
    auditor: Page, stream: str, vkey: str, tmp_path: Path
) -> None:
    """An auditor takes the pack home, and has this very browser check it."""
    await auditor.goto(f"/dialogues/{stream}/pack")
    async with auditor.expect_download() as coming:
        await auditor.get_by_role("button", name="Maak het pakket").click()
    saved = tmp_path / "pack.zip"
    await (await coming.value).save_as(saved)
    assert verify.main([str(saved), "--key", vkey]) == 0
    await auditor.get_by_label("Het pakket").set_input_files(saved)
    assert (await compute(auditor, vkey)).startswith("Het klopt: er is niets veranderd")
    await expect(auditor.get_by_text("achtergehouden privévelden")).to_be_visible()
    forged = saved.read_bytes().replace(b'"p-1"', b'"p-9"', 1)
    lie = {"name": "pack.zip", "mimeType": "application/zip", "buffer": forged}
    await auditor.get_by_label("Het pakket").set_input_files(lie)  # pyright: ignore[reportArgumentType]
    assert (await compute(auditor, vkey)).startswith("Het klopt niet.")
    await expect(auditor.get_by_text("[pack]")).to_be_visible()
