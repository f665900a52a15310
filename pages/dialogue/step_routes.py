"""A step's page: its items with their help, and everything that can be done with it."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import Path, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from api.security import Visit
from pages.acting import Outcome, act, go_on, unfit
from pages.dialogue import gates, happenings, standing, steps, windows
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.lengths import Wanted
from pages.dialogue.offers import SEALED, Offer, Offers
from pages.dialogue.step_acts import NONE_TICKED, SAID, wanted
from pages.doing import do
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path, item_anchor

ROUTE = router()

StepName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class StepOffers(NamedTuple):
    """What can be done with a step as a whole; None where it makes no sense at all."""

    act: bool
    """Whether the reader may act on this dialogue in principle."""
    items: Offer
    start: Offer | None
    complete: Offer | None
    skip: Offer | None
    reopen: Offer | None
    back: bool


@ROUTE.get("/dialogues/{dialogue}/steps")
async def show_steps(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show all steps, and what can be done in them now as one list."""
    visit.allow("read", dialogue)
    return await _listed(request, visit, dialogue)


@ROUTE.post("/dialogues/{dialogue}/steps")
async def act_on_steps(
    request: Request, visit: Staff, dialogue: DialogueName, typed: Typed
) -> Response:
    """Complete items of one step or more, all at once."""
    visit.allow("act", dialogue)
    found = wanted("", typed)
    if found is None or found.kind != "complete_items" or found.missing:
        outcome = unfit(visit, NONE_TICKED, "open-items")
        return await _listed(request, visit, dialogue, outcome, typed)
    outcome = await act(visit, request, dialogue, found.kind, found.body, typed)
    if outcome.taken:
        return go_on(dialogue_path(dialogue, "steps"), SAID[found.kind], outcome)
    return await _listed(request, visit, dialogue, outcome, typed)


async def _listed(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    view, lang = head.view, visit.lang
    now = [
        steps.step_page(view, step)
        for phase in view.phases
        for step in phase.steps
        if step.status in {"started", "ready"}
    ]
    offers = await Offers.of(visit, view)
    return page(
        request,
        visit,
        "dialogue/steps.html",
        status=outcome.status if outcome else 200,
        head=head,
        now=[(each, _first(offers, [row.id for row in each.open])) for each in now],
        phases=standing.phases(view, lang),
        outcome=outcome,
        typed=typed,
        kept=_kept(typed),
        meanwhile=await happenings.meanwhile(visit, view, outcome, typed),
    )


@ROUTE.get("/dialogues/{dialogue}/steps/{step}")
async def show_step(
    request: Request, visit: Staff, dialogue: DialogueName, step: StepName
) -> Response:
    """Show a step with all that there is to do in it."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue, step)


@ROUTE.post("/dialogues/{dialogue}/steps/{step}")
async def act_on_step(
    request: Request, visit: Staff, dialogue: DialogueName, step: StepName, typed: Typed
) -> Response:
    """Do one thing in a step: with its items, a gate of it, or with all of it."""
    visit.allow("act", dialogue)
    head = await dialogue_head(visit, dialogue)
    plan = head.state.plan.steps.get(step)
    if plan is None:
        raise nothing_here()
    found = wanted(step, typed, undescribed=plan.undescribed)
    outcome = await do(visit, request, dialogue, found, typed)
    if found and outcome.taken:
        where = dialogue_path(dialogue, "steps", step, at=_place(found))
        return go_on(where, SAID[found.kind], outcome)
    return await _shown(request, visit, dialogue, step, outcome, typed)


def _place(found: Wanted) -> str:
    """Give where on the page somebody goes on: beside what they did."""
    items = found.body.get("items", [])
    return item_anchor(items[0]) if len(items) == 1 else ""


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    step: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    seen = steps.find(head.view, step)
    if seen is None:
        raise nothing_here()
    found = steps.step_page(head.view, seen)
    offers = await Offers.of(visit, head.view)
    return page(
        request,
        visit,
        "dialogue/step.html",
        status=outcome.status if outcome else 200,
        head=head,
        step=found,
        offers=_offers(offers, head, found),
        gates=gates.gate_forms(head.view, offers, step, visit.lang),
        windows=windows.lines(head.view, seen, visit.lang),
        outcome=outcome,
        typed=typed,
        kept=_kept(typed),
        meanwhile=await happenings.meanwhile(visit, head.view, outcome, typed),
    )


def _offers(offers: Offers, head: Head, found: steps.StepPage) -> StepOffers:
    """Ask what can be done; what makes no sense for this step is not asked."""
    step, status = found.view.id, found.view.status
    over = status in {"completed", "skipped"}
    started = status == "started"
    some = [row.id for row in found.rows][:1]
    done = [row.id for row in found.over][:1]
    note: dict[str, Any] = {"note": SEALED} if found.view.undescribed else {}
    return StepOffers(
        act=offers.sender is not None and not head.state.ended,
        items=_first(offers, [row.id for row in found.open] or some),
        start=None if over or started else offers("start_step", step=step),
        complete=None if over else offers("complete_step", step=step, **note),
        skip=None if over else offers("skip_step", step=step, reason=SEALED),
        reopen=offers("reopen_items", items=done, reason=SEALED)
        if done and started
        else None,
        back=over,
    )


def _first(offers: Offers, items: list[str]) -> Offer:
    """Say whether items can be completed: where not the first, perhaps another."""
    found = Offer(possible=False)
    for item in items:
        found = offers("complete_items", items=[item])
        if found.possible or not found.barred:
            return found
    return found


def _kept(typed: Form | None) -> set[str]:
    """Give the boxes that were ticked in a form that was refused."""
    return set(typed.every("items")) if typed else set()
