"""Agreements: those that are overdue first, and what came of each.

An agreement outlives its dialogue: it is watched and settled after that ended too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from fastapi import Path, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from api.security import Visit
from desk.entries import EntryRow, entries
from desk.harvest import Promise, of_rows
from desk.in_words.moments import days_away
from desk.in_words.mood import Mood
from language import mark
from language.speaking import _
from pages.acting import Outcome, go_on
from pages.agreements.acts import OUTCOMES, SAID, sight, wanted
from pages.dialogue import happenings
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.lengths import LENGTHS
from pages.dialogue.offers import SEALED, TRIAL, Offers
from pages.doing import do
from pages.guests import Staff
from pages.naming import free
from pages.rendering import page
from pages.routing import router
from pages.texts import may_read, opened
from pages.turning import turn
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

PAGE: Final = 30
"""How many agreements stand on one page."""

STANDINGS: Final[Mapping[str, tuple[str, Mood]]] = {
    "overdue": (mark("overdue"), "alarm"),
    "to_review": (mark("does it still stand?"), "alarm"),
    "due": (mark("last day is near"), "open"),
    "open": (mark("open"), "plain"),
    "broken": (mark("not kept"), "alarm"),
    "renegotiated": (mark("agreed anew"), "quiet"),
    "kept": (mark("kept"), "good"),
    "lapsed": (mark("lapsed"), "quiet"),
}
"""How an agreement stands, in the order in which they come."""

AgreementName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


@ROUTE.get("/dialogues/{dialogue}/agreements")
async def show_agreements(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show what was promised, overdue first; ``show`` leaves those that stand so."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue)


@ROUTE.post("/dialogues/{dialogue}/agreements")
async def act_on_agreements(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Make an agreement."""
    outcome = await _done(request, visit, dialogue, form)
    if isinstance(outcome, Response):
        return outcome
    return await _shown(request, visit, dialogue, outcome, form)


async def _done(
    request: Request, visit: Visit, dialogue: str, form: Form, at: str = ""
) -> Response | Outcome:
    visit.allow("act", dialogue)
    found = wanted(form)
    guarded = bool(at) and "sight" in form
    outcome = await do(
        visit,
        request,
        dialogue,
        found,
        form,
        (lambda now: sight(now, at)) if guarded else None,
    )
    if found is None or not outcome.taken:
        return outcome
    where = dialogue_path(dialogue, "agreements", *((at,) if at else ()))
    return go_on(where, SAID[found.kind], outcome)


async def _look(visit: Visit, head: Head) -> tuple[list[EntryRow], list[Promise]]:
    rows = await entries(visit.desk, head.stream, "agreement")
    rows = await opened(visit, head.stream, head.state, rows, "agreements")
    found = of_rows(head.stream, head.state, tuple(rows))
    order = [*STANDINGS]
    found.sort(key=lambda each: (order.index(each.standing), not each.last_day))
    return rows, found


def _fits(every: Iterable[Promise], sort: str) -> list[Promise]:
    if sort == "live":
        return [each for each in every if each.open]
    return [each for each in every if not sort or each.standing == sort]


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    _rows, every = await _look(visit, head)
    sort = request.query_params.get("show", "")
    sort = sort if sort in {*STANDINGS, "live"} else ""
    fits, state = _fits(every, sort), head.state
    here = turn(request.query_params.get("from"), PAGE, len(fits))
    offers = await Offers.of(visit, head.view)
    sizes = [(name, len(_fits(every, name))) for name in ("", "live", *STANDINGS)]
    trial = {"agreement": TRIAL, "what": SEALED, "who": TRIAL}
    return page(
        request,
        visit,
        "agreements/agreements.html",
        status=outcome.status if outcome else 200,
        head=head,
        every=every,
        lines=fits[here.first : here.end],
        sort=sort,
        sizes=[(name, n) for name, n in sizes if n or not name],
        before=here.before,
        after=here.after,
        offer=offers("make_agreement", **trial),
        act=offers.sender is not None,
        suggested=free(_("agreement"), {*state.harvest.agreements}),
        people=[*state.stakeholders][:300],
        steps=[(s.id, head.view.titles.step(s.id)) for s in state.plan.all_steps()],
        outcome=outcome,
        typed=typed,
        **await _around(visit, head, outcome, typed),
    )


async def _around(
    visit: Visit, head: Head, outcome: Outcome | None, typed: Form | None
) -> dict[str, Any]:
    """Give what both pages have in common."""
    titles = head.view.titles
    return {
        "standings": STANDINGS,
        "days_away": days_away,
        "lengths": [(name, _(text)) for name, text in LENGTHS.items()],
        "roles": [(r.id, titles.role(r.id)) for r in head.state.plan.roles],
        "known": {*head.state.stakeholders},
        "may_open": may_read(visit, head.state),
        "meanwhile": await happenings.meanwhile(visit, head.view, outcome, typed),
    }


@ROUTE.get("/dialogues/{dialogue}/agreements/{agreement}")
async def show_agreement(
    request: Request, visit: Staff, dialogue: DialogueName, agreement: AgreementName
) -> Response:
    """Show one agreement: who, what, until when, what came of each part."""
    visit.allow("read", dialogue)
    return await _one(request, visit, dialogue, agreement)


@ROUTE.post("/dialogues/{dialogue}/agreements/{agreement}")
async def act_on_agreement(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    agreement: AgreementName,
    form: Typed,
) -> Response:
    """Say what came of it, give more time, remind, or say that it stands."""
    outcome = await _done(request, visit, dialogue, form, agreement)
    if isinstance(outcome, Response):
        return outcome
    return await _one(request, visit, dialogue, agreement, outcome, form)


async def _one(
    request: Request,
    visit: Visit,
    dialogue: str,
    agreement: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    rows, every = await _look(visit, head)
    promise = next((each for each in every if each.id == agreement), None)
    if promise is None:
        raise nothing_here()
    row, state = next(r for r in rows if r.id == agreement), head.state
    known = state.harvest.agreements[agreement]
    offers = await Offers.of(visit, head.view)
    others = [each for each in every if each.id != agreement and each.open]
    return page(
        request,
        visit,
        "agreements/agreement.html",
        status=outcome.status if outcome else 200,
        head=head,
        promise=promise,
        row=row,
        waiting=known.waiting,
        reminders=known.reminders,
        outcomes=[(name, _(STANDINGS[name][0])) for name in OUTCOMES],
        others=[(each.id, each.words.get("what", each.id)[:80]) for each in others],
        remind=offers("remind_agreement", agreement=agreement),
        settle=offers(
            "settle_agreement", agreement=agreement, outcome="kept", reason=SEALED
        ),
        act=offers.sender is not None,
        sight=sight(state, agreement),
        outcome=outcome,
        typed=typed,
        **await _around(visit, head, outcome, typed),
    )
