"""Of two who share a browser, neither does anything in the other's name."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from desk.access import entering, provided
from desk.desk import Sender
from pages.routing import PageRoute
from tests.desk.town_hall import ORGANISATION
from tests.pages.asking import WINDOW, asking
from tests.pages.house import Site

REASON = "Wij wachten op de raad"
REFUSED = 403
FORMS = 20
"""There are more that are sent somewhere."""
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


async def fields(caller: httpx.AsyncClient, where: str, holds: str) -> dict[str, str]:
    """Give the hidden fields of the form of a page in which something stands."""
    page = (await caller.get(where)).text
    [form, *_] = [each for each in page.split("<form ") if holds in each]
    return dict(_HIDDEN.findall(form.partition("</form>")[0]))


async def entered(site: Site, actor: str) -> str:
    """Have somebody come in anew, as a director."""
    sender = Sender("beheer-1", "system")
    made = await entering.create(
        site.desk, ORGANISATION, actor, sender, roles=["director"]
    )
    opened = await entering.open_session(site.desk.pool, made.secret)
    assert opened is not None
    return opened.secret


async def test_a_held_form_of_staff_is_done_by_whom_it_was_made_for(site: Site) -> None:
    """Refused to who came in next, it is still there; its own sender gets it done."""
    stream = await site.dialogue(roles={"process_director": ["p-1", "p-7", "p-8"]})
    where = f"/dialogues/{stream}/life"
    ours = {"headers": {"Origin": site.url}}
    async with site.caller(await site.session("director", "p-7"), **ours) as first:
        sent = await fields(first, where, 'value="pause_dialogue"')
        sent |= {"act": "pause_dialogue", "pause-why": REASON}
        await provided.end_all(site.desk, ORGANISATION, "p-7")
        out = await first.post(where, data=sent)
        assert out.status_code == httpx.codes.UNAUTHORIZED
    held = f'<input type="hidden" name="as" value="{ORGANISATION}:/p-7">'
    assert held in out.text
    async with site.caller(await site.session("director", "p-8"), **ours) as second:
        refused = await second.post(where, data=sent)
        assert refused.status_code == REFUSED
        assert held in refused.text
        assert REASON in refused.text
        assert (await site.desk.dialogue(stream)).paused_at is None
    anew = await entered(site, "p-7")
    async with site.caller(anew, **ours) as first:
        assert (await first.post(where, data=sent)).is_redirect
    assert (await site.desk.dialogue(stream)).paused_at is not None


@pytest.mark.parametrize("where", ["/administration/tokens", "/dialogues/new"])
async def test_what_has_no_dialogue_goes_to_no_other_organisation(
    site: Site, where: str
) -> None:
    """The same id in another organisation is somebody else."""
    role = "operator" if where.startswith("/adm") else "director"
    ours = {"headers": {"Origin": site.url}}
    async with site.caller(await site.session(role, "p-9"), **ours) as caller:
        for told in ("elders:/p-9", f"{ORGANISATION}:dialoog/p-9"):
            answer = await caller.post(where, data={"as": told, "title": "Van elders"})
            assert answer.status_code == REFUSED
        for mine in ({"as": f"{ORGANISATION}:/p-9"}, {}):
            answer = await caller.post(where, data={**mine, "title": "Van mij"})
            assert answer.status_code != REFUSED


async def test_an_id_in_another_dialogue_is_somebody_else(site: Site) -> None:
    """Anna of one dialogue sends and keeps nothing in anna's name in another."""
    one, other = await asking(site), await asking(site)
    where = f"/mine/windows/{WINDOW}"
    ours = {"headers": {"Origin": site.url}}
    async with site.caller(await site.guest(one, "anna"), **ours) as anna:
        sent = await fields(anna, where, 'name="response"')
        assert sent["as"] == f"{one}/anna"
    async with site.caller(await site.guest(other, "anna"), **ours) as anna:
        for do in ("save", "send", "drop"):
            body = {**sent, "response": "Van de eerste anna", "do": do}
            answer = await anna.post(where, data=body)
            assert answer.status_code == REFUSED
            assert "Van de eerste anna" in answer.text
        sent = await fields(anna, "/mine", 'name="response"')
        body = {**sent, "response": "Van mij", "do": "send"}
        assert (await anna.post(where, data=body)).is_redirect
    assert (await site.desk.dialogue(one)).received(WINDOW) == 0
    assert (await site.desk.dialogue(other)).received(WINDOW) == 1


def test_who_sends_is_known_before_the_form_is_read(site: Site) -> None:
    """On each route of a page, so that no form is taken before it is compared."""
    seen = 0
    for context in iter_route_contexts(site.app.routes):
        if not isinstance(context.original_route, PageRoute):
            continue
        called = [each.call for each in context.original_route.dependant.dependencies]
        names = [getattr(each, "__name__", "") for each in called]
        if "_typed" in names and {"_staff", "_guest"} & {*names}:
            seen += 1
            assert names[0] in {"_staff", "_guest"}, context.path
    assert seen > FORMS
