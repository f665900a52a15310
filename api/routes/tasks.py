"""What needs the caller today, over all their dialogues."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from api.mistakes import Mistake
from api.models.subscriptions import SubscriptionShown
from api.models.tasks import RequestShown, Tasks, TasksAsked, TaskShown
from api.paging import NO_CURSOR, linked
from api.problems import bad_input
from api.routing import router
from api.security import Visit, Visiting
from api.subscribed import is_theirs, shown
from desk.requests import may_see, waiting
from desk.today import ORDER, today
from desk.undelivered import undelivered
from language import mark

ROUTE = router("Overzicht")

_NO_KIND: Final = mark("there is no such kind of task")


@ROUTE.get("/tasks", operation_id="listTasks", summary="Wat er te doen is")
async def list_tasks(
    visit: Visiting,
    request: Request,
    response: Response,
    asked: Annotated[TasksAsked, Query()],
) -> Tasks:
    """Geeft wat u vandaag nodig heeft, het dringendste eerst.

    Met bij elke taak de opdracht die zou helpen, alleen als u die mag geven. Wie
    abonnementen beheert, ziet op de eerste bladzijde ook welke daarvan hun
    gebeurtenissen niet krijgen; wie over verzoeken om te wissen beslist of ze
    uitvoert, welke daarvan wachten.
    """
    visit.allow("read")
    caller = visit.caller
    only = caller.dialogue and f"{caller.organisation}:{caller.dialogue}"
    try:
        found = await today(
            visit.desk,
            None if asked.anybody else caller.actor,
            visit.lang,
            caller.organisation,
            only=only,
            kinds=_kinds(asked.kind),
            after=asked.cursor,
            limit=asked.limit,
        )
    except ValueError:
        raise bad_input(Mistake("query", "cursor", NO_CURSOR, "cursor")) from None
    following = _behind(request, found.after)
    response.headers.update(linked(following))
    items = [TaskShown.of(each) for each in found.tasks]
    whole = asked.kind is None and asked.cursor is None
    return Tasks(
        items=items,
        next=following,
        counts=dict(found.counts),
        subscriptions=await _undelivered(visit) if whole else None,
        requests=await _requests(visit) if whole else None,
    )


async def _requests(visit: Visit) -> list[RequestShown] | None:
    """Give requests to erase that wait, for whom they are; None where none does."""
    caller = visit.caller
    if caller.dialogue is not None or not may_see(caller):
        return None
    found = await waiting(visit.desk, caller.organisation, datetime.now(UTC))
    return [RequestShown.of(each) for each in found] or None


async def _undelivered(visit: Visit) -> list[SubscriptionShown] | None:
    """Give subscriptions in trouble, for who looks after them; None where all is well.

    The rest of the list is for whoever reads it, so nobody is denied it over this.
    """
    if "subscribe" not in visit.caller.scopes:
        return None
    found = await undelivered(visit.desk, None, visit.caller.organisation)
    return [shown(visit, each) for each in found if is_theirs(visit, each)] or None


def _behind(request: Request, after: str | None) -> str | None:
    """Give the address of the page behind this one; `desk.today` makes the cursor."""
    if after is None:
        return None
    asked = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    return f"{request.url.path}?{urlencode([('cursor', after), *asked])}"


def _kinds(told: str | None) -> tuple[str, ...]:
    """Read the kinds that are asked for. Raises the problem 400."""
    kinds = tuple(told.split(",")) if told else ()
    if any(kind not in ORDER for kind in kinds):
        raise bad_input(Mistake("query", "kind", _NO_KIND, "kind"))
    return kinds
