"""Two people at once: each sees what the other does, and nobody's words are lost.

A form that somebody filled in while another did the same is refused kindly, and comes
back as it was typed. What is refused is in a table, so that a page that takes decisions
about what somebody saw has its row.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import pytest
from playwright.async_api import Browser, Page, expect

from tests.pages.forms_of import form_for
from tests.pages.house import Site, visitor
from tests.pages.looking import forgiven

Checked = Callable[[Page], Awaitable[None]]
TYPED: Final = "Wat ik er zelf over typte, en nergens anders staat."
WINDOW: Final = "opdracht.vraag"
DAYS: Final = {"calendar_days": 3}


def in_days(days: int) -> datetime:
    """Give a moment some days from now."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


class Clash(NamedTuple):
    """An act on a page, and what another does meanwhile."""

    page: str
    act: str
    body: dict[str, Any]
    more: dict[str, str] = {}
    """What somebody chooses in the form besides what they write."""
    first: str = ""
    """The other's act, where it is another one."""


_MOVED: Final = {"move-0-length": "calendar_days", "move-0-days": "9"}
_LONGER: Final = {"extend-length": "calendar_days", "extend-days": "9"}
_REPORT: Final = {"report": "r-1"}
CLASHES: Final = (
    Clash(
        "agreements/a-1",
        "settle_agreement",
        {"agreement": "a-1", "outcome": "broken", "reason": "Eerder"},
        {"outcome": "kept"},
    ),
    Clash(
        "agreements/a-2",
        "extend_agreement",
        {"agreement": "a-2", "duration": DAYS, "reason": "Eerder"},
        _LONGER,
    ),
    Clash("meetings/m-1", "change_meeting", {"meeting": "m-1", "title": "Anders"}),
    Clash("meetings/m-2", "cancel_meeting", {"meeting": "m-2", "reason": "Eerder"}),
    Clash("interests/b-1", "withdraw_interest", {"interest": "b-1"}),
    Clash(
        "interests/b-2",
        "record_interest",
        {"interest": "b-2"},
        first="withdraw_interest",
    ),
    Clash("people/s-1", "change_stakeholder", {"stakeholder": "s-1", "influence": 3}),
    Clash("reports", "retract_report", {**_REPORT, "reason": "Eerder"}, _REPORT),
    Clash(
        "life",
        "move_deadline",
        {"title": "Begroting", "duration": DAYS, "reason": "Eerder"},
        _MOVED,
    ),
    Clash(
        f"windows/{WINDOW}",
        "extend_window",
        {"window": WINDOW, "duration": {"working_days": 2}, "reason": "Eerder"},
        {"extend-length": "working_days", "extend-days": "9"},
    ),
    Clash("steps/procesplan", "skip_step", {"step": "procesplan", "reason": "Eerder"}),
    Clash("life", "pause_dialogue", {"reason": "Eerder"}),
)


@pytest.fixture(scope="module")
async def stream(site: Site) -> str:
    """Give a dialogue with one of each thing that people decide about."""
    date = {"title": "Begroting", "date": in_days(40).date().isoformat()}
    name = await site.dialogue(title="Plein", language="nl", deadlines=[date])
    window = {"id": "vraag", "title": {"nl": "Wat vindt u?", "en": "What?"}}
    window |= {"audience": "participants", "duration": {"working_days": 10}}
    change = {"change": "add_window", "step": "opdracht", "window": window}
    role = {"role": "participants", "actor": "d-1", "address": "d-1@voorbeeld.example"}
    await site.send(name, "assign_role", role)
    await site.send(name, "amend_plan", {"changes": [change], "reason": "Horen"})
    await site.send(name, "start_step", {"step": "opdracht"})
    await site.send(name, "open_window", {"window": WINDOW})
    begins, ends = in_days(9), in_days(9) + timedelta(hours=2)
    when = {"begins": begins.isoformat(), "ends": ends.isoformat(), "title": "Avond"}
    for meeting in ("m-1", "m-2"):
        await site.send(name, "schedule_meeting", {"meeting": meeting, **when})
    for agreement in ("a-1", "a-2"):
        told = {"agreement": agreement, "what": "Een bank", "who": "d-1"}
        await site.send(name, "make_agreement", {**told, "duration": DAYS})
    await site.send(name, "register_stakeholder", {"stakeholder": "s-1", "impact": 3})
    for interest in ("b-1", "b-2"):
        told = {"interest": interest, "stakeholder": "s-1", "text": "Rust"}
        await site.send(name, "record_interest", told)
    report = {"status": "draft", "title": "Concept", "reference": "z-1"}
    await site.send(name, "publish_report", {**_REPORT, **report, "sha256": "5a" * 32})
    return name


@pytest.mark.parametrize("clash", CLASHES, ids=[each.act for each in CLASHES])
async def test_who_is_second_is_told_kindly_and_loses_no_word(
    site: Site, stream: str, clash: Clash
) -> None:
    """The form comes back, with what was typed and how things are now."""
    session = await site.session("director")
    headers = {"Origin": site.url, "Accept": "text/html"}
    async with site.caller(session, headers=headers) as caller:
        where = f"/dialogues/{stream}/{clash.page}"
        form = form_for((await caller.get(where)).text, clash.act)
        written = dict.fromkeys(form.empty, TYPED) | clash.more
        await site.send(stream, clash.first or clash.act, clash.body)
        sent = {**form.fields, **written, "act": clash.act}
        answer = await caller.post(form.action, data=sent)
    where = answer.headers.get("location", answer.text[-3000:])
    assert answer.status_code in {409, 412}, f"{answer.status_code} {where}"
    # What another took away has no page any more: what was typed is held on its own.
    gone = (clash.first or clash.act) == "withdraw_interest"
    assert ("Iemand was u voor" if gone else 'role="alert"') in answer.text
    assert TYPED in answer.text


async def test_what_was_taken_away_is_told_with_who_did_it_and_the_way_on(
    site: Site, stream: str, director: Page, checked: Checked
) -> None:
    """Not as an address that is wrong, which another address still is."""
    interest = {"interest": "b-3", "stakeholder": "s-1", "text": "Ruimte"}
    await site.send(stream, "record_interest", interest)
    await director.goto(f"/dialogues/{stream}/interests/b-3")
    await director.get_by_text("Haal het van tafel").first.click()
    await director.get_by_label("Waarom?").last.fill(TYPED)
    await site.send(stream, "withdraw_interest", {"interest": "b-3"})
    await director.get_by_role("button", name="Haal het van tafel").click()
    main = director.get_by_role("main")
    await expect(main.get_by_role("heading", level=1)).to_have_text("Iemand was u voor")
    await expect(main).to_contain_text(TYPED)
    meanwhile = main.get_by_role("region", name="Dit gebeurde terwijl u keek")
    await expect(meanwhile).to_contain_text("p-1")
    forgiven(director)
    await checked(director)
    await main.get_by_role("link", name="Bekijk hoe het er nu voor staat").click()
    await expect(director).to_have_url(f"{site.url}/dialogues/{stream}/interests")
    headers = {"Origin": site.url}
    session = await site.session("director")
    async with site.caller(session, headers=headers) as caller:
        sent = {"seen": "1", "act": "withdraw_interest", "note": TYPED}
        for name in (stream, f"{stream}-nergens"):
            where = f"/dialogues/{name}/interests/b-3"
            fields = sent if name != stream else {**sent, "seen": "99999"}
            assert (await caller.post(where, data=fields)).status_code == 404


@pytest.mark.parametrize(
    ("where", "shows"),
    [
        ("/dialogues/{stream}", "1 van 48 aandachtspunten klaar"),
        ("/dialogues/{stream}/steps", "1 van 11"),
        ("/today?dialogue={slug}", "Ga verder: Aanleiding"),
    ],
)
async def test_what_one_does_the_other_sees_without_a_reload(
    site: Site, browser: Browser, director: Page, where: str, shows: str
) -> None:
    """On the pages on which people look how things stand."""
    stream = await site.dialogue(title="Plein", language="nl")
    slug = stream.partition(":")[2]
    other = await visitor(browser, site, "director")
    async with director.expect_request(lambda asked: asked.url.endswith("/events")):
        await director.goto(where.format(stream=stream, slug=slug))
    main = director.get_by_role("main")
    await expect(main).not_to_contain_text(shows)
    await other.goto(f"/dialogues/{stream}/steps/opdracht")
    await other.get_by_role("button", name="Klaar: Doel van de dialoog").click()
    await expect(other.get_by_text("Klaar, en vastgelegd")).to_be_visible()
    # What is not sealed has no place in the stream of events.
    await site.hall.seals()
    await expect(main).to_contain_text(shows)
    await other.context.close()
