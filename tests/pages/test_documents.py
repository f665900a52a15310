"""Of a document only its fingerprint is wanted, however large it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.async_api import Page, Request, expect

from tests.pages.house import Site
from tests.pages.test_people import peopled

Checked = Callable[[Page], Awaitable[None]]

MEGABYTE = 1 << 20


@pytest.fixture
def document(tmp_path: Path) -> Callable[[int], Path]:
    """Give a document of so many megabytes."""

    def made(megabytes: int) -> Path:
        path = tmp_path / f"plan-{megabytes}.pdf"
        with path.open("wb") as file:
            for number in range(megabytes):
                file.write(bytes([number % 251]) * MEGABYTE)
        return path

    return made


def print_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


async def fill(page: Page, stream: str) -> None:
    """Fill in what a report is called, and where it is."""
    await page.goto(f"/dialogues/{stream}/reports")
    await page.get_by_label("Titel").first.fill("Concept van het plan")
    await page.get_by_label("Waar het te vinden is").first.fill("zaak/2026-1")


async def test_with_script_the_document_is_hashed_here_and_not_sent(
    site: Site,
    director: Page,
    checked: Checked,
    document: Callable[[int], Path],
) -> None:
    """One larger than is taken gets its fingerprint, and the form stays small."""
    stream, plan = await peopled(site), document(40)
    sent: list[Request] = []
    director.on("request", lambda it: sent.append(it) if it.method == "POST" else None)
    await fill(director, stream)
    await director.get_by_label("Het document").set_input_files(plan)
    await expect(
        director.get_by_text("De vingerafdruk is hier gemaakt")
    ).to_be_visible()
    await checked(director)
    print_field = director.get_by_label("Of de vingerafdruk")
    await expect(print_field).to_have_value(print_of(plan))
    await director.get_by_role("button", name="Publiceer", exact=False).click()
    await expect(director.get_by_text(print_of(plan))).to_be_visible()
    [form] = sent
    assert len(form.post_data_buffer or b"") < 10_000


async def test_without_script_it_is_hashed_as_it_comes_in(
    site: Site, plain: Page, document: Callable[[int], Path]
) -> None:
    """Several megabytes are taken, and their fingerprint is the one on record."""
    stream, plan = await peopled(site), document(5)
    await fill(plain, stream)
    await expect(plain.get_by_text("hoogstens 32 MB versturen").first).to_be_visible()
    await plain.get_by_label("Het document").set_input_files(plan)
    await plain.get_by_role("button", name="Publiceer", exact=False).click()
    await expect(plain.get_by_text(print_of(plan))).to_be_visible()


async def test_one_that_is_too_large_loses_nothing_that_was_typed(
    site: Site, plain: Page, document: Callable[[int], Path]
) -> None:
    """The same page says so at the field, with all else as it was."""
    stream, plan = await peopled(site), document(33)
    await fill(plain, stream)
    await plain.get_by_label("Het document").set_input_files(plan)
    await plain.get_by_role("button", name="Publiceer", exact=False).click()
    await expect(plain.get_by_role("alert")).to_contain_text("groter dan 32 MB")
    title = plain.get_by_label("Titel").first
    await expect(title).to_have_value("Concept van het plan")
    reports = (await site.desk.dialogue(stream)).harvest.reports
    assert len(reports) == 0
    await plain.get_by_label("Of de vingerafdruk").fill(print_of(plan))
    await plain.get_by_role("button", name="Publiceer", exact=False).click()
    await expect(plain.get_by_text(print_of(plan))).to_be_visible()


async def test_a_method_that_is_too_large_loses_nothing_that_was_typed(
    site: Site,
) -> None:
    """The page says how large a file may be, and has what stood in the field."""
    async with site.caller(await site.session("operator", "o-1")) as caller:
        answer = await caller.post(
            "/methods/new",
            data={"do": "check", "text": "id: nog-niet-af"},
            files={"file": ("methode.yaml", b"#" * 3 * MEGABYTE)},
            headers={"Origin": site.url},
        )
        assert answer.status_code == 400
        assert "id: nog-niet-af" in answer.text
        other = await caller.post(
            "/today", data={"text": "x" * 3 * MEGABYTE}, headers={"Origin": site.url}
        )
        assert other.status_code == 413


async def test_beside_a_document_no_more_is_typed_than_in_any_form(site: Site) -> None:
    """What may be large is the document alone: many fields together are refused."""
    stream = await peopled(site)
    async with site.caller(await site.session("auditor")) as caller:
        answer = await caller.post(
            f"/dialogues/{stream}/reports",
            data={f"field-{n}": '"' * (MEGABYTE - 1) for n in range(3)},
            files={"file": ("plan.pdf", b"#")},
            headers={"Origin": site.url},
        )
    assert answer.status_code == 413
    assert len(answer.content) < MEGABYTE
