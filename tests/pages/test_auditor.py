"""An auditor's day: what happened, how it was then, and who read all that."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from storage.reads import reads
from tests.pages.audited import history
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]


@pytest.fixture(scope="module")
async def stream(site: Site) -> str:
    """Give a dialogue in which enough happened, all of it sealed."""
    return await history(site)


PAGES = ("history", "history/3", "past?at=3", "compare?from=1", "exceptions", "sample")


@pytest.mark.parametrize("path", [*PAGES, "reads", "pack"])
async def test_every_page_can_be_used_by_everybody(
    auditor: Page, stream: str, checked: Checked, path: str
) -> None:
    """No page of an auditor keeps anybody out, on a phone or at 400 %."""
    await auditor.goto(f"/dialogues/{stream}/{path}")
    await checked(auditor)


async def test_filters_are_addresses(auditor: Page, stream: str) -> None:
    """What is chosen stands in the address, so that it can be sent to somebody."""
    await auditor.goto(f"/dialogues/{stream}/history")
    await auditor.get_by_label("Wat", exact=True).select_option("items_completed")
    await auditor.get_by_label("Stap", exact=True).select_option("opdracht")
    await auditor.get_by_label("Ronde").fill("1")
    await auditor.get_by_role("button", name="Tonen").click()
    await expect(auditor).to_have_url(re.compile("type=items_completed.*round=1"))
    rows = auditor.get_by_role("table").locator("tbody tr")
    await expect(rows).to_have_count(2)
    await auditor.get_by_role("link", name=re.compile("Wat:.*items_completed")).click()
    await expect(rows.filter(has_text="Opzij gezet")).to_have_count(1)
    await auditor.goto(f"/dialogues/{stream}/history?round=2&step=opdracht")
    await expect(auditor.get_by_text("Geen gebeurtenis past")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 6),
        ("actor=p-1", 6),
        ("actor=k-1", 0),
        ("step=opdracht", 4),
        ("step=verslag", 0),
        ("window=verslag.concept-klankbordgroep", 0),
        ("type=items_waived&type=role_assigned", 2),
        ("day=2020-01-01", 0),
        ("before=4", 3),
        ("after=4", 2),
    ],
)
async def test_a_filter_gives_what_fits_it(
    site: Site, stream: str, query: str, count: int
) -> None:
    """Each filter leaves exactly the events that it is about."""
    async with site.caller(await site.session("auditor", "a-1")) as caller:
        found = await caller.get(f"/dialogues/{stream}/history?{query}")
    assert found.status_code == 200
    assert len(re.findall(r'<th scope="row">', found.text)) == count


@pytest.mark.parametrize("query", ["day=gisteren", "round=-1", "before=0", "after=x"])
async def test_what_can_t_be_read_is_said(site: Site, stream: str, query: str) -> None:
    """An address with nonsense in it is no fault: it says what was left out."""
    async with site.caller(await site.session("auditor", "a-1")) as caller:
        found = await caller.get(f"/dialogues/{stream}/history?{query}")
    assert found.status_code == 200
    assert "is niet te lezen" in found.text


async def test_the_past_by_number_and_by_date_without_script(
    plain: Page, stream: str
) -> None:
    """A number or a date is enough to see the dialogue as it was."""
    await plain.goto(f"/dialogues/{stream}/past")
    await plain.get_by_label("Na gebeurtenis nummer").fill("3")
    await plain.get_by_role("button", name="Tonen").first.click()
    await expect(plain.get_by_role("heading", name="Na gebeurtenis 3")).to_be_visible()
    first = plain.get_by_role("row").filter(has_text="Maak de opdracht scherp")
    await expect(first).to_contain_text("1 van 11")
    await plain.get_by_label("Dag", exact=True).fill("2020-01-01")
    await plain.get_by_role("button", name="Tonen").last.click()
    await expect(plain.get_by_role("alert")).to_contain_text("nog geen gebeurtenis")


async def test_the_slider_goes_through_the_past(auditor: Page, stream: str) -> None:
    """Moved by the keyboard alone, the slider shows the dialogue as it was."""
    await auditor.goto(f"/dialogues/{stream}/past?at=4")
    slider = auditor.get_by_label("Schuif door de geschiedenis")
    await slider.focus()
    await slider.press("ArrowLeft")
    await expect(
        auditor.get_by_role("heading", name="Na gebeurtenis 3")
    ).to_be_visible()
    await expect(auditor).to_have_url(re.compile("at=3$"))
    await expect(auditor.get_by_label("Na gebeurtenis nummer")).to_have_value("3")


async def test_two_moments_are_compared_in_words(auditor: Page, stream: str) -> None:
    """What came, went and changed stands under what it is of, with its titles."""
    await auditor.goto(f"/dialogues/{stream}/compare")
    await auditor.get_by_label("Van", exact=True).fill("3")
    await auditor.get_by_label("Tot", exact=True).fill("5")
    await auditor.get_by_role("button", name="Vergelijken").click()
    table = auditor.get_by_role("table")
    await expect(table).to_contain_text("aandachtspunt ‘Budget’")
    await expect(table).to_contain_text("opzijgezet")
    await expect(table).not_to_contain_text("‘Aanleiding’")
    await auditor.get_by_label("Van", exact=True).fill("gisteren")
    await auditor.get_by_role("button", name="Vergelijken").click()
    await expect(auditor.get_by_role("alert")).to_contain_text(
        "gisteren is geen moment"
    )


async def test_a_sample_is_drawn_by_the_root(
    site: Site, auditor: Page, stream: str
) -> None:
    """The root of the checkpoint is the seed, and the same one draws the same."""
    await auditor.goto(f"/dialogues/{stream}/sample?size=3")
    rows = auditor.get_by_role("table").locator("tbody tr")
    await expect(rows).to_have_count(3)
    first = await rows.all_inner_texts()
    size = await auditor.get_by_label("IJkpunt van zoveel").input_value()
    await site.hall.seals()
    await auditor.goto(f"/dialogues/{stream}/sample?size=3&checkpoint={size}")
    assert await rows.all_inner_texts() == first


async def test_what_was_read_is_on_record_and_shown(
    site: Site, auditor: Page, stream: str
) -> None:
    """Each page of the past leaves one line, once, and its reader sees it."""
    before = await reads(site.desk.pool, who="a-1", target=stream)
    for path in PAGES:
        await auditor.goto(f"/dialogues/{stream}/{path}")
    found = await reads(site.desk.pool, who="a-1", target=stream)
    told = [read.what for read in found[: len(found) - len(before)]]
    assert told == ["sample", "exceptions", "diff", "as-of", "show", "list"]
    await auditor.goto(f"/dialogues/{stream}/reads?who=a-1")
    newest = auditor.get_by_role("table").locator("tbody tr").first
    await expect(newest).to_contain_text("een steekproef")


@pytest.mark.parametrize("path", ["past", "compare", "sample", "exceptions", "reads"])
async def test_the_past_is_for_who_may_audit(
    site: Site, stream: str, path: str
) -> None:
    """A member may see what happened, and not the pages of an audit."""
    async with site.caller(await site.session("member", "m-1")) as caller:
        assert (await caller.get(f"/dialogues/{stream}/{path}")).status_code == 403
        shown = await caller.get(f"/dialogues/{stream}/history")
        assert shown.status_code == 200
        assert f'href="/dialogues/{stream}/{path}"' not in shown.text
        other = await caller.get(f"/dialogues/elders:{'plan'}/history")
        assert other.status_code == 404


async def test_what_is_not_there_is_no_fault(site: Site, stream: str) -> None:
    """An event that never was, a checkpoint that is none, one that comes too early."""
    async with site.caller(await site.session("auditor", "a-1")) as caller:
        for path, status in (
            ("history/99", 404),
            ("history/0", 404),
            ("history/x", 404),
            ("history/3/proof.json?checkpoint=2", 404),
            ("history/3/proof.json?checkpoint=99999", 404),
            ("past?at=99", 400),
            ("sample?checkpoint=99999", 404),
        ):
            found = await caller.get(f"/dialogues/{stream}/{path}")
            assert found.status_code == status, path
