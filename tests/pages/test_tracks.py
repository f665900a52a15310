"""Tracks, as a process director opens and closes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]
WHY = "De wijk doet niet mee."


async def test_a_track_is_looked_at_opened_and_stopped(
    site: Site, director: Page, checked: Checked
) -> None:
    """Nothing happens before it is confirmed; without a reason it does not stop."""
    stream = await site.dialogue(title="Plein", language="nl")
    await director.goto(f"/dialogues/{stream}/plan")
    await director.get_by_role("link", name="Sporen").click()
    await checked(director)
    await director.get_by_label("Titel van het spoor").fill("Noord")
    await director.get_by_role("checkbox", name="5 Maak spelregels").check()
    await director.get_by_role("button", name="Bekijk wat dat zou doen").click()
    main = director.get_by_role("main")
    await expect(main).to_contain_text("Er is nog niets gebeurd")
    await expect(director.get_by_label("Titel van het spoor")).to_have_value("Noord")
    await checked(director)
    assert (await site.desk.dialogue(stream)).tracks == {}
    await director.get_by_role("button", name="Open het spoor").click()
    await expect(director.get_by_role("status").first).to_have_text(
        "Het spoor is open."
    )
    state = await site.desk.dialogue(stream)
    assert [(t.title, t.status) for t in state.tracks.values()] == [("Noord", "open")]
    await director.get_by_text("Sluit dit spoor").first.click()
    await director.get_by_role("button", name="Sluit dit spoor").click()
    await expect(director.get_by_role("alert")).to_contain_text("nog niet klaar")
    await checked(director)
    await director.get_by_label("Waarom stopt het?").fill(WHY)
    await director.get_by_role("button", name="Sluit dit spoor").click()
    await expect(director.get_by_role("status").first).to_have_text(
        "Het spoor is gesloten."
    )
    state = await site.desk.dialogue(stream)
    assert [track.status for track in state.tracks.values()] == ["stopped"]


async def test_steps_that_run_in_tracks_only_need_a_reason(
    site: Site, plain: Page
) -> None:
    """Without script: what was typed is still there, and then it is done."""
    stream = await site.dialogue(title="Plein", language="nl")
    await plain.goto(f"/dialogues/{stream}/plan/tracks")
    await plain.get_by_label("Titel van het spoor").fill("Zuid")
    await plain.get_by_role("checkbox", name="5 Maak spelregels").check()
    await plain.get_by_label("Sla deze stappen over in het plan zelf").check()
    await plain.get_by_role("button", name="Bekijk wat dat zou doen").click()
    await expect(plain.get_by_role("main")).to_contain_text("loopt")
    await plain.get_by_role("button", name="Open het spoor").click()
    await expect(plain.get_by_role("alert")).to_contain_text("Zeg waarom")
    await expect(plain.get_by_label("Titel van het spoor")).to_have_value("Zuid")
    await plain.get_by_label("Waarom?").fill(WHY)
    await plain.get_by_role("button", name="Open het spoor").click()
    await expect(plain.get_by_role("status").first).to_have_text("Het spoor is open.")
    state = await site.desk.dialogue(stream)
    assert [each.status for each in state.steps["spelregels"]] == ["skipped"]
