"""What needs the caller today, over all their dialogues."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from api.mistakes import Mistake
from api.models.tasks import Tasks, TasksAsked, TaskShown
from api.paging import NO_CURSOR, linked
from api.problems import bad_input
from api.routing import router
from api.security import Visiting
from desk.today import ORDER, today
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

    Met bij elke taak de opdracht die zou helpen, alleen als u die mag geven.
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
    return Tasks(items=items, next=following, counts=dict(found.counts))


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
