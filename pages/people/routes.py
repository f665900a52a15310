"""Who is involved: the map, who was not reached, how far everybody is engaged.

The affected who have little say come first, on every list.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from api.security import Visit
from desk.entries import EntryRow, entries
from desk.people import WEIGHTS, Declined, People, seen
from desk.titles import Titles
from language.speaking import _
from pages.acting import Outcome, go_on
from pages.dialogue import happenings
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.offers import TRIAL, Offers
from pages.doing import do
from pages.guests import Staff
from pages.naming import free
from pages.people import views
from pages.people.acts import NONE, SAID, wanted
from pages.people.map import map_of
from pages.rendering import page
from pages.routing import router
from pages.texts import may_read, opened, text_of
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

StakeholderName = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
_ON_ONE: Final = frozenset(
    {"change_stakeholder", "release_stakeholder", "waive_briefing", "brief_latecomer"}
)


@ROUTE.get("/dialogues/{dialogue}/people")
async def show_people(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    names: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """Show who is involved; with ``names`` also what they are called, on record."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue, names=names == "yes")


@ROUTE.post("/dialogues/{dialogue}/people")
async def act_on_people(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Register somebody, plan how far people are engaged, turn a request down."""
    visit.allow("act", dialogue)
    state = await visit.desk.dialogue(dialogue)
    found = wanted(form, state)
    outcome = await do(visit, request, dialogue, found, form)
    if found and outcome.taken:
        where = dialogue_path(dialogue, "people", at=_PLACES.get(found.kind, ""))
        return go_on(where, SAID[found.kind], outcome)
    return await _shown(request, visit, dialogue, outcome, form)


_PLACES: Final = {
    "plan_engagement": "engagement",
    "decline_participation": "declined",
}


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    *,
    names: bool = False,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    found = await look(visit, head, names=names)
    wish, state = views.asked(request.query_params), head.state
    offers = await Offers.of(visit, head.view)
    return page(
        request,
        visit,
        "people/people.html",
        status=outcome.status if outcome else 200,
        head=head,
        found=found,
        wish=wish,
        shown=views.chosen(found, wish),
        sizes=views.sizes(found),
        map=map_of(found.present),
        views=views,
        weights=WEIGHTS,
        levels=views.level_choices(state, head.view.titles),
        offer=offers("register_stakeholder", stakeholder=TRIAL),
        act=offers.sender is not None and not state.ended,
        names=names,
        may_open=may_read(visit, state),
        suggested=free("s", {*state.stakeholders}),
        new_phase=free(_("phase"), {*found.phases}),
        none=NONE,
        where=_where(head),
        outcome=outcome,
        typed=typed,
        meanwhile=await happenings.meanwhile(visit, head.view, outcome, typed),
    )


async def look(
    visit: Visit, head: Head, *, names: bool, only: str | None = None
) -> People:
    """Look at who is involved; with what they are called if that was asked for.

    ``only`` is the one whose texts are opened, where that is not everybody.
    """
    rows = await entries(visit.desk, head.stream, "stakeholder")
    away = await entries(visit.desk, head.stream, "declined")
    if names and only is not None:
        one = [row for row in rows if row.id == only]
        known = await opened(visit, head.stream, head.state, one, "stakeholders")
        rows = [*known, *(row for row in rows if row.id != only)]
    elif names:
        rows = await opened(visit, head.stream, head.state, rows, "stakeholders")
        away = await opened(visit, head.stream, head.state, away, "declined")
    levels = await entries(visit.desk, head.stream, "engagement")
    plan = {row.id: row.data for row in levels}
    found = seen(head.stream, head.state, rows, plan, visit.lang)
    declined = tuple(_declined(head, row) for row in away)
    return found._replace(declined=declined)


def _declined(head: Head, row: EntryRow) -> Declined:
    meeting = head.state.meetings.get(str(row.data.get("meeting")))
    window = row.data.get("window")
    where = head.view.titles.window(window) if window else None
    return Declined(
        str(row.data["who"]),
        str(row.data["at"]),
        meeting.title if meeting else where,
        text_of(row.data.get("reason")),
    )


def _where(head: Head) -> list[tuple[str, str]]:
    """Give what somebody may have asked to take part in."""
    titles: Titles = head.view.titles
    windows = [
        (f"window:{window.id}", titles.window(window.id))
        for window in head.view.windows
        if window.status == "open"
    ]
    meetings = [
        (f"meeting:{name}", meeting.title)
        for name, meeting in head.state.meetings.items()
        if meeting.status == "planned"
    ]
    return [("", _("the dialogue as a whole")), *windows, *meetings]


@ROUTE.get("/dialogues/{dialogue}/people/{stakeholder}")
async def show_person(
    request: Request, visit: Staff, dialogue: DialogueName, stakeholder: StakeholderName
) -> Response:
    """Show one person or group: where they stand, and what is owed to them."""
    visit.allow("read", dialogue)
    return await _one(request, visit, dialogue, stakeholder)


@ROUTE.post("/dialogues/{dialogue}/people/{stakeholder}")
async def act_on_person(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    stakeholder: StakeholderName,
    form: Typed,
) -> Response:
    """Change what the register says, brief them, plan how far they are engaged."""
    visit.allow("act", dialogue)
    state = await visit.desk.dialogue(dialogue)
    found = wanted(form, state)
    guarded = found is not None and found.kind in _ON_ONE and "sight" in form
    outcome = await do(
        visit,
        request,
        dialogue,
        found,
        form,
        (lambda now: views.sight(now, stakeholder)) if guarded else None,
    )
    if found and outcome.taken:
        here = () if found.kind == "release_stakeholder" else (stakeholder,)
        back = form["then"] == "list"
        where = dialogue_path(dialogue, "people", *(() if back else here))
        return go_on(where, SAID[found.kind], outcome)
    return await _one(request, visit, dialogue, stakeholder, outcome, form)


async def _one(
    request: Request,
    visit: Visit,
    dialogue: str,
    stakeholder: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    found = await look(visit, head, names=True, only=stakeholder)
    every = (*found.present, *found.left)
    person = next((each for each in every if each.id == stakeholder), None)
    if person is None:
        raise nothing_here()
    state, offers = head.state, await Offers.of(visit, head.view)
    return page(
        request,
        visit,
        "people/person.html",
        status=outcome.status if outcome else 200,
        head=head,
        found=found,
        person=person,
        views=views,
        weights=WEIGHTS,
        levels=views.level_choices(state, head.view.titles),
        act=offers.sender is not None and not state.ended and person.left is None,
        may_open=may_read(visit, state),
        sight=views.sight(state, stakeholder),
        interests=[n for n, who in state.interests.items() if who == stakeholder],
        agreements=[
            (name, each.open)
            for name, each in state.harvest.agreements.items()
            if stakeholder in each.parties
        ],
        before=_to_tell(head),
        outcome=outcome,
        typed=typed,
        meanwhile=await happenings.meanwhile(visit, head.view, outcome, typed),
    )


def _to_tell(head: Head) -> list[tuple[str, str]]:
    """Give what a latecomer has to know: where it stands, and how much there is."""
    made = head.state.harvest
    found = (
        (len(made.agreements), "agreements", _("Agreements: {n}")),
        (len(made.decisions), "reports", _("Decisions: {n}")),
        (len(made.reports), "reports", _("Reports: {n}")),
    )
    return [
        (dialogue_path(head.stream, path), text.format(n=n))
        for n, path, text in found
        if n
    ]
