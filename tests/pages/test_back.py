"""Going back to a step as a process director does it: look, say why, see it done."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from desk.reads import reads
from tests.pages.house import Site
from tests.pages.returning import MEETINGS, WHY, confirm, done_up_to_meetings, quiet

Checked = Callable[[Page], Awaitable[None]]


async def test_who_goes_back_sees_what_falls_first_and_then_sees_it_undone(
    site: Site, director: Page, checked: Checked
) -> None:
    """From the step to the reason to both rounds side by side, without a manual."""
    stream = await done_up_to_meetings(site)
    await director.goto(f"/dialogues/{stream}")
    await director.get_by_role("link", name="Terug naar een stap").click()
    await checked(director)
    look = re.compile("Bekijk wat dat doet: Verken de omgeving")
    await director.get_by_role("link", name=look).click()
    main = director.get_by_role("main")
    await expect(main.get_by_role("heading", level=1)).to_contain_text(
        "Terug naar stap 2"
    )
    for words in (
        "2 latere stappen vervallen. 2 mensen krijgen bericht.",
        "Vervalt: stap 4, Regel de bijeenkomsten",
        "Uitnodiging intrekken",
        "d-1 (Deelnemers), d-2 (Deelnemers)",
        "1 stap, met 11 aandachtspunten gedaan: Maak de opdracht scherp",
    ):
        await expect(main).to_contain_text(words)
    await checked(director)
    assert (await site.desk.dialogue(stream)).compensations == {}
    await confirm(director)
    await director.wait_for_url(re.compile(r"/effects/\d+\?said="))
    await expect(director.get_by_role("status").first).to_contain_text(
        "U bent teruggegaan"
    )
    await quiet(site, stream)
    # Once that is sealed the page shows it by itself.
    await site.hall.seals()
    await expect(main).to_contain_text("2 van 2 hersteld", timeout=20_000)
    await expect(main).to_contain_text("Bericht gekregen: 2.")
    await expect(main).to_contain_text(WHY)
    await checked(director)
    assert "d-1@voorbeeld.example" in site.hall.letters()


async def test_who_hears_of_it_is_shown_by_name_once_that_read_is_on_record(
    site: Site, director: Page, checked: Checked
) -> None:
    """People stand by their id, and by name for who asks and may read names."""
    stream = await done_up_to_meetings(site)
    await director.goto(f"/dialogues/{stream}/back/context")
    await expect(director.get_by_role("main")).not_to_contain_text("D-1 (Deelnemers)")
    await director.get_by_role("link", name="Toon de namen").click()
    await expect(director.get_by_role("main")).to_contain_text("D-1 (Deelnemers)")
    noted = await reads(site.desk, who="p-1", target=stream)
    assert {"list": "roles"} in [read.filters for read in noted if read.opened]
    await checked(director)
    await director.get_by_role("link", name="Verberg de namen").click()
    await expect(director.get_by_role("main")).to_contain_text("d-1 (Deelnemers)")


async def test_both_rounds_lie_side_by_side_with_the_way_to_what_fell(
    site: Site, director: Page
) -> None:
    """What was done is read beside what is made of it, and each fall has its event."""
    stream = await done_up_to_meetings(site)
    answer = await site.send(
        stream, "revisit_step", {"step": "procesplan", "reason": WHY}
    )
    items = (await site.desk.dialogue(stream)).plan.steps["procesplan"].items
    item = f"procesplan.{items[0].id}"
    await site.send(stream, "reconfirm_items", {"items": [item]})
    seq = answer.events[0]["seq"]
    await director.goto(f"/dialogues/{stream}/effects/{seq}")
    table = director.get_by_role("table", name="Stap 3 in beide rondes")
    row = table.get_by_role("row").nth(1)
    await expect(director.get_by_text(WHY)).to_be_visible()
    noted = await reads(site.desk, who="p-1", target=stream)
    assert {"list": "returns"} in [read.filters for read in noted if read.opened]
    await expect(row.get_by_role("cell").nth(0)).to_contain_text("klaar")
    await expect(row.get_by_role("cell").nth(1)).to_contain_text("opnieuw bevestigd")
    await expect(table.get_by_role("row").nth(2)).to_contain_text("opnieuw bevestigen")
    fell = director.get_by_role("link", name=re.compile("Regel de bijeenkomsten")).first
    voided = next(e["seq"] for e in answer.events if e["type"] == "step_voided")
    await expect(fell).to_have_attribute(
        "href", f"/dialogues/{stream}/history/{voided}"
    )


async def test_who_did_it_stands_by_name_and_that_is_noted_once_however_it_goes_on(
    site: Site, director: Page, checked: Checked
) -> None:
    """A page that renews itself keeps the names that were asked for, and reads none."""
    stream = await done_up_to_meetings(site)
    named = {"role": "process_director", "actor": "p-1", "name": "Petra Jansen"}
    await site.send(stream, "assign_role", named)
    answer = await site.send(stream, "revisit_step", {"step": "context", "reason": WHY})
    seq = answer.events[0]["seq"]

    async def read() -> int:
        noted = await reads(site.desk, who="p-1", target=stream)
        return [one.filters for one in noted if one.opened].count({"list": "roles"})

    main = director.get_by_role("main")
    for where in ("effects", f"effects/{seq}"):
        before = await read()
        await director.goto(f"/dialogues/{stream}/{where}")
        await expect(main).to_contain_text("p-1")
        await expect(main).not_to_contain_text("Petra Jansen")
        assert await read() == before
        await director.get_by_role("link", name="Toon de namen").click()
        await expect(main).to_contain_text("Petra Jansen")
        assert await read() == before + 1
        await checked(director)
    rounds = director.get_by_role("region", name="Verken de omgeving").first
    item = (await site.desk.dialogue(stream)).plan.steps["context"].items[0].id
    await site.send(stream, "reconfirm_items", {"items": [f"context.{item}"]})
    seen = await read()
    await site.hall.seals()
    await expect(rounds).to_contain_text("opnieuw bevestigd")
    await expect(rounds).to_contain_text("Petra Jansen")
    assert await read() == seen
    await director.get_by_role("link", name="Verberg de namen").click()
    await expect(main).not_to_contain_text("Petra Jansen")


async def test_without_script_it_goes_the_same_way_by_reload(
    site: Site, plain: Page
) -> None:
    """Nothing of it takes a script: the page is loaded again to see how far it is."""
    stream = await done_up_to_meetings(site)
    await plain.goto(f"/dialogues/{stream}/back/{MEETINGS}")
    await confirm(plain)
    await plain.wait_for_url(re.compile(r"/effects/\d+"))
    main = plain.get_by_role("main")
    await expect(main).to_contain_text("Teruggegaan naar stap 4")
    await quiet(site, stream)
    link = plain.get_by_role("link", name="Kijk opnieuw")
    if await link.count():
        await link.click()
        await expect(main).to_contain_text("2 van 2 hersteld")
    await plain.reload()
    await expect(main).to_contain_text("2 van 2 hersteld")


async def test_a_reason_is_asked_and_nothing_happens_without_one(
    site: Site, plain: Page
) -> None:
    """A form without a reason comes back with the field named, and changes nothing."""
    stream = await done_up_to_meetings(site)
    before = await site.desk.dialogue(stream)
    await plain.goto(f"/dialogues/{stream}/back/context")
    field = plain.get_by_label("Waarom gaat u terug?")
    await field.fill("   ")
    await plain.get_by_role("button", name="Ga terug naar stap 2").click()
    await expect(plain.get_by_role("alert")).to_contain_text("Schrijf op waarom")
    await expect(field).to_have_attribute("aria-invalid", "true")
    assert (await site.desk.dialogue(stream)).version == before.version


async def test_who_decided_on_what_no_longer_holds_is_shown_the_difference(
    site: Site, director: Page, checked: Checked
) -> None:
    """Somebody does more meanwhile: kindly refused, the new part named, words kept."""
    stream = await done_up_to_meetings(site)
    await director.goto(f"/dialogues/{stream}/back/context")
    rules = (await site.desk.dialogue(stream)).plan.steps["spelregels"].items
    done = {"items": [f"spelregels.{item.id}" for item in rules]}
    await site.send(stream, "complete_items", done)
    await site.send(stream, "complete_step", {"step": "spelregels"})
    await confirm(director)
    main = director.get_by_role("main")
    await expect(director.get_by_role("alert")).to_contain_text("Iemand anders")
    await expect(main).to_contain_text("Dit veranderde terwijl u keek")
    await expect(main).to_contain_text("vervalt: stap ‘Maak spelregels’")
    field = director.get_by_label("Waarom gaat u terug?")
    await expect(field).to_have_value(WHY)
    await checked(director)
    assert (await site.desk.dialogue(stream)).round("context").number == 1  # pyright: ignore[reportOptionalMemberAccess]
    await director.get_by_role("button", name="Ga terug naar stap 2").click()
    await director.wait_for_url(re.compile(r"/effects/\d+"))
    state = await site.desk.dialogue(stream)
    assert [state.steps[s][-1].number for s in ("context", "spelregels")] == [2, 2]


async def test_what_changes_nothing_about_it_stops_nobody(
    site: Site, director: Page
) -> None:
    """A role that is given meanwhile leaves the preview as it was: it is just done."""
    stream = await done_up_to_meetings(site)
    await director.goto(f"/dialogues/{stream}/back/context")
    body = {"role": "client", "actor": "o-9"}
    await site.send(stream, "assign_role", body)
    await confirm(director)
    await director.wait_for_url(re.compile(r"/effects/\d+"))
    state = await site.desk.dialogue(stream)
    assert state.steps["context"][-1].number == 2


async def test_the_same_form_sent_twice_goes_back_once(site: Site) -> None:
    """A double click is one return, and both answers lead to it."""
    stream = await done_up_to_meetings(site)
    session = await site.session("director")
    async with site.caller(session, headers={"Origin": site.url}) as caller:
        path = f"/dialogues/{stream}/back/context"
        text = (await caller.get(path)).text
        hidden = dict(re.findall(r'name="(id|version)" value="([^"]*)"', text))
        body = {**hidden, "seen": "{}", "reason": WHY}
        one, two = await asyncio.gather(
            *(caller.post(path, data=body) for _ in range(2))
        )
    assert (one.status_code, two.status_code) == (303, 303)
    assert one.headers["location"] == two.headers["location"]
    assert len((await site.desk.dialogue(stream)).steps["context"]) == 2


async def test_a_step_that_is_not_done_says_so_and_keeps_what_was_typed(
    site: Site, director: Page, checked: Checked
) -> None:
    """Somebody went back just before: it can't be done now, and no word is lost."""
    stream = await done_up_to_meetings(site)
    await director.goto(f"/dialogues/{stream}/back/context")
    body = {"step": "opdracht", "reason": "Eerder al"}
    await site.send(stream, "revisit_step", body)
    await confirm(director)
    main = director.get_by_role("main")
    await expect(main).to_contain_text("U kunt nu niet terug naar deze stap")
    await expect(main).to_contain_text(WHY)
    await checked(director)


async def test_who_only_looks_is_told_so(
    site: Site, auditor: Page, checked: Checked
) -> None:
    """An auditor sees what it would do and no button, and none of the private words."""
    stream = await done_up_to_meetings(site)
    await auditor.goto(f"/dialogues/{stream}/back/context")
    await expect(auditor.get_by_role("main")).to_contain_text("U kunt dit bekijken")
    assert (
        await auditor.get_by_role("button", name=re.compile("^Ga terug")).count() == 0
    )
    answer = await site.send(stream, "revisit_step", {"step": "context", "reason": WHY})
    await auditor.goto(f"/dialogues/{stream}/effects/{answer.events[0]['seq']}")
    await expect(auditor.get_by_role("main")).not_to_contain_text(WHY)
    await checked(auditor)


async def test_hostile_words_are_text(site: Site, director: Page) -> None:
    """Markup in a reason and in a title is shown as it was typed."""
    stream = await done_up_to_meetings(site)
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    await director.goto(f"/dialogues/{stream}/back/context")
    await confirm(director, hostile)
    await expect(director.get_by_role("main")).to_contain_text(hostile)
    assert await director.locator("img[src=x]").count() == 0
