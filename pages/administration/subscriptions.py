"""Subscriptions: who is told of events, how that goes, and putting it right."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final
from uuid import NAMESPACE_URL, uuid5

from fastapi import Path, Query, Request
from fastapi.responses import Response

from api.security import Visit
from api.subscribed import is_theirs, theirs
from desk import subscribing
from desk.errors import DeskError
from desk.in_words.subscriptions import ACTS, lag, standing, why
from desk.subscribing import Made, Subscription
from desk.subscription_wish import BadSubscription
from pages.acting import Outcome, attempt, go_on, refused
from pages.administration.caring import Done, did, lacking
from pages.administration.places import shown
from pages.administration.wishing import FIELDS, wish
from pages.guests import Staff
from pages.routing import router
from pages.typing_in import Form, Typed

ROUTE = router()

WHERE: Final = "/administration/subscriptions"
PAGE: Final = 50
Name = Annotated[str, Path(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


@ROUTE.get(WHERE)
async def show(request: Request, visit: Staff) -> Response:
    """Show who is told, and how each does."""
    visit.allow("subscribe")
    return await _listed(request, visit)


@ROUTE.post(WHERE)
async def subscribe(request: Request, visit: Staff, form: Typed) -> Response:
    """Take a subscription, and show its secret this once."""
    visit.allow("subscribe")
    organisation = visit.caller.organisation
    made_of = f"{organisation}/{visit.caller.actor}/{form.id}"
    try:
        made = await subscribing.create(
            visit.desk,
            organisation,
            wish(visit, form),
            visit.sender(),
            id=str(uuid5(NAMESPACE_URL, made_of)) if form.id else None,
            private=visit.service.settings.private_targets,
        )
    except BadSubscription as error:
        field = FIELDS.get(error.field, error.field)
        outcome = refused(visit, error, field=field)
        return await _listed(request, visit, outcome, form)
    except DeskError as error:
        return await _listed(request, visit, refused(visit, error), form)
    return await _one(request, visit, made.subscription, made=made)


@ROUTE.get(f"{WHERE}/{{subscription}}")
async def show_one(
    request: Request,
    visit: Staff,
    subscription: Name,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Show one with its deliveries, its dead letters and what was done with it."""
    found = await theirs(visit, subscription)
    return await _one(request, visit, found, before=before)


@ROUTE.post(f"{WHERE}/{{subscription}}")
async def care(
    request: Request, visit: Staff, subscription: Name, form: Typed
) -> Response:
    """Try it out, send again, take a new secret, switch it, or take it away."""
    found = await theirs(visit, subscription)
    outcome = lacking(visit, form) or await attempt(visit, did(visit, found, form))
    if outcome.problem:
        return await _one(request, visit, found, outcome, form)
    done: Done = outcome.made
    if isinstance(done.made, Made):
        return await _one(request, visit, done.made.subscription, made=done.made)
    return go_on(WHERE if done.gone else f"{WHERE}/{found.id}", done.said, outcome)


async def _listed(
    request: Request,
    visit: Visit,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    every = await subscribing.list_(visit.desk, visit.caller.organisation)
    found = [each for each in every if is_theirs(visit, each)]
    return shown(
        request,
        visit,
        "subscriptions.html",
        outcome,
        typed=typed,
        found=found,
        standing=standing,
        lag=lag,
    )


async def _one(
    request: Request,
    visit: Visit,
    found: Subscription,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    *,
    made: Made | None = None,
    before: int | None = None,
) -> Response:
    desk = visit.desk
    rows = await subscribing.deliveries(desk, found, most=PAGE + 1, before=before)
    return shown(
        request,
        visit,
        "subscription.html",
        outcome,
        typed=typed,
        found=found,
        made=made,
        attempts=rows[:PAGE],
        after=rows[PAGE - 1].id if len(rows) > PAGE else None,
        first=before is None,
        dead=await subscribing.dead_letters(desk, found, most=PAGE),
        acts=(await subscribing.acts(desk, found))[:20],
        act_words=ACTS,
        standing=standing(found),
        lag=lag(found),
        why=partial(why, lang=visit.lang),
    )
