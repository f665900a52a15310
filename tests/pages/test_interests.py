"""What everybody wants: put on the table, related, seen in a matrix, taken off it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.pages.house import Site
from tests.pages.test_people import peopled

Checked = Callable[[Page], Awaitable[None]]


async def on_the_table(site: Site) -> str:
    """Start a dialogue with two interests that clash."""
    stream = await peopled(site)
    for name, who, text in (
        ("rust", "huurders-west", "Rust in de avond."),
        ("terras", "ondernemers", "Een terras tot elf uur."),
    ):
        body = {"interest": name, "stakeholder": who, "text": text}
        await site.send(stream, "record_interest", body)
    pair = {"one": "rust", "other": "terras", "kind": "tension"}
    await site.send(stream, "relate_interests", pair)
    return stream


async def test_an_interest_is_put_on_the_table_and_related_without_script(
    site: Site, plain: Page
) -> None:
    """Of whom nothing is heard is named; picture, table and words agree."""
    stream = await on_the_table(site)
    await plain.goto(f"/dialogues/{stream}/interests")
    missing = plain.get_by_role("region", name="Van hen ligt nog niets op tafel")
    await missing.get_by_role("link", name="volkstuin").click()
    await expect(plain.get_by_label("Wie wil het?")).to_have_value("volkstuin")
    await plain.get_by_label("Wat willen zij?").fill("Dat de tuinen blijven.")
    await plain.get_by_label("Korte naam").fill("tuinen")
    await plain.get_by_role("button", name="Leg het op tafel").click()
    await expect(plain.get_by_role("status").first).to_contain_text("op tafel")
    await plain.get_by_text("Zeg hoe twee belangen").click()
    await plain.get_by_label("Het ene belang").select_option("rust")
    await plain.get_by_label("Het andere belang").select_option("tuinen")
    await plain.get_by_role("radio", name="Zij versterken elkaar").check()
    await plain.get_by_role("button", name="Leg vast").click()
    await plain.get_by_text("Hetzelfde als tabel").click()
    table = plain.get_by_role("table", name=re.compile("zich tot elkaar"))
    await expect(table.get_by_role("cell", name="botsen")).to_have_count(2)
    await expect(table.get_by_role("cell", name="versterking")).to_have_count(2)
    await expect(plain.get_by_role("img", name=re.compile("Matrix"))).to_be_visible()


async def test_an_interest_is_changed_and_taken_off_the_table(
    site: Site, director: Page, checked: Checked
) -> None:
    """Its page says what it bears on; an empty text is refused, with all kept."""
    stream = await on_the_table(site)
    await director.goto(f"/dialogues/{stream}/interests/rust")
    await expect(director.get_by_text("Rust in de avond.").first).to_be_visible()
    await director.get_by_text("Wijzig wat zij willen").click()
    await director.get_by_label("Wat willen zij?").fill("   ")
    await director.get_by_label(re.compile("Waar gaat het over")).fill("de avond")
    await director.get_by_role("button", name="Wijzig", exact=True).click()
    await expect(director.get_by_role("alert")).to_contain_text("wat zij willen")
    about = director.get_by_label(re.compile("Waar gaat het over"))
    await expect(about).to_have_value("de avond")
    await checked(director)
    await director.get_by_text("Haal het van tafel").first.click()
    await director.get_by_role("button", name="Haal het van tafel").click()
    await expect(director.get_by_role("status").first).to_contain_text("van tafel")
    assert "rust" not in (await site.desk.dialogue(stream)).interests


async def test_who_may_not_read_private_texts_sees_the_matrix_without_them(
    site: Site, auditor: Page, checked: Checked
) -> None:
    """What is public stays public; there are no forms for who only reads."""
    stream = await on_the_table(site)
    await auditor.goto(f"/dialogues/{stream}/interests")
    await expect(auditor.get_by_text("Rust in de avond.")).to_have_count(0)
    await expect(auditor.get_by_role("link", name="rust").first).to_be_visible()
    await expect(auditor.locator("main form")).to_have_count(0)
    await checked(auditor)
