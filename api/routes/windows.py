"""Feedback windows, and what was said in them with what was done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path, Query, Request, Response

from api.looking import Looked, WithTexts, own_of, words
from api.models import Body, DialogueName
from api.models.commands import CommandAnswer
from api.models.short_forms import acting_form
from api.models.windows import ResponseShown, WindowShown
from api.paging import Listed, Paging, linked, next_page, place_of
from api.problems import nothing_here
from api.routing import router
from api.security import Visit, Visiting
from api.sending import ANSWERED, Sending
from api.short_sending import SENT, Short
from api.window_views import Said, in_order, shown_window
from desk.entries import bearing_on, page
from desk.titles import Titles
from domain.facts import Place
from domain.state import Dialogue

ROUTE = router("Reactietermijnen")

if TYPE_CHECKING:
    WindowBody = Body
    ResponseBody = Body
else:
    WindowBody = acting_form("WindowBody", "open_window")
    ResponseBody = acting_form(
        "ResponseBody", "record_response", without=("window",), optional="respondent"
    )

WindowName = Annotated[
    str,
    Path(
        description="De reactietermijn: `stap.termijn`, of voor een verdere doelgroep "
        "`stap.termijn.doelgroep`.",
        pattern=r"^[a-z0-9][a-z0-9_.-]{0,190}$",
        examples=["verslag.concept"],
    ),
]


@ROUTE.get(
    "/dialogues/{dialogue}/windows",
    operation_id="listWindows",
    summary="Reactietermijnen",
)
async def list_windows(
    visit: Visiting,
    dialogue: DialogueName,
    paging: Paging,
    request: Request,
    response: Response,
) -> Listed[WindowShown]:
    """Geeft de termijnen die open zijn of waren, in de volgorde waarin zij opengingen.

    Een deelnemer ziet de termijnen waarin hem of haar iets is gevraagd.
    """
    own = own_of(visit, dialogue)
    state = await visit.desk.dialogue(dialogue)
    after = place_of(paging.cursor, int, str) or (0, "")
    found = [each for each in in_order(state, own) if each > after]
    here = found[: paging.limit]
    following = next_page(request, here[-1] if len(found) > len(here) else None)
    response.headers.update(linked(following))
    titles = Titles(state.plan, visit.lang)
    items = [shown_window(state, titles, name, own) for _, name in here]
    return Listed[WindowShown](items=items, next=following)


@ROUTE.post(
    "/dialogues/{dialogue}/windows",
    operation_id="openWindow",
    summary="Een reactietermijn openen",
    description="Korte vorm van de opdracht `open_window`." + SENT,
    responses=ANSWERED,
    response_model=CommandAnswer,
)
async def open_window(
    visit: Visiting,
    dialogue: DialogueName,
    body: WindowBody,
    sending: Sending,
    response: Response,
) -> CommandAnswer | Response:
    """Open a feedback window."""
    short = Short(visit, "open_window", body)
    return await short.send(sending, response, dialogue)


@ROUTE.get(
    "/dialogues/{dialogue}/windows/{window}",
    operation_id="getWindow",
    summary="Eén reactietermijn",
)
async def get_window(
    visit: Visiting, dialogue: DialogueName, window: WindowName
) -> WindowShown:
    """Geeft een termijn die open is of was, met elke keer dat hij openstond."""
    state, own = await _with_window(visit, dialogue, window)
    return shown_window(state, Titles(state.plan, visit.lang), window, own)


async def _with_window(
    visit: Visit, dialogue: str, window: str
) -> tuple[Dialogue, str | None]:
    """Give the state, and whose own part is seen. Raises `NotFound` and 404."""
    own = own_of(visit, dialogue)
    state = await visit.desk.dialogue(dialogue)
    if window not in {name for _, name in in_order(state, own)}:
        raise nothing_here()
    return state, own


@ROUTE.get(
    "/dialogues/{dialogue}/windows/{window}/responses",
    operation_id="listResponses",
    summary="Reacties",
)
async def list_responses(  # noqa: PLR0917 (what FastAPI fills in, by name)
    visit: Visiting,
    dialogue: DialogueName,
    window: WindowName,
    asked: Annotated[Looked, Query()],
    request: Request,
    response: Response,
) -> Listed[ResponseShown]:
    """Geeft de reacties in een termijn, met wat ermee is gedaan en waarom.

    Een deelnemer ziet de eigen reacties, en het antwoord daarop.
    """
    state, own = await _with_window(visit, dialogue, window)
    after = place_of(asked.cursor, int, str) or (0, "")
    said, more = await _said(
        visit, dialogue, Said(state, window, {}, own), after, asked.limit
    )
    following = next_page(request, more)
    response.headers.update(linked(following))
    items = await _shown(visit, dialogue, said, texts=asked.private)
    return Listed[ResponseShown](items=items, next=following)


@ROUTE.get(
    "/dialogues/{dialogue}/windows/{window}/responses/{number}",
    operation_id="getResponse",
    summary="Eén reactie",
)
async def get_response(
    visit: Visiting,
    dialogue: DialogueName,
    window: WindowName,
    number: Annotated[
        int, Path(description="Het nummer.", ge=1, le=10_000_000, examples=[7])
    ],
    *,
    private: Annotated[WithTexts, Query()] = False,
) -> ResponseShown:
    """Geeft een reactie, met wat ermee is gedaan en waarom."""
    state, own = await _with_window(visit, dialogue, window)
    empty = Said(state, window, {}, own)
    said, _ = await _said(visit, dialogue, empty, (0, ""), 1, number)
    found = await _shown(visit, dialogue, said, texts=private)
    if not found:
        raise nothing_here()
    return found[0]


async def _said(  # noqa: PLR0917 (a page: of what, from where, how much)
    visit: Visit,
    dialogue: str,
    of: Said,
    after: tuple[Any, ...],
    limit: int,
    number: int | None = None,
) -> tuple[Said, tuple[int, str] | None]:
    """Give a page of responses, and the place of the last one if there are more."""
    like: dict[str, Any] = {"window": of.window}
    like |= {} if of.own is None else {"respondent": of.own}
    name = None if number is None else f"{of.window}/{number}"
    rows = await page(
        visit.desk,
        dialogue,
        "response",
        after=(after[0], after[1]),
        limit=limit + 1,
        id=name,
        like=[like],
    )
    here = rows[:limit]
    more = (here[-1].seq, here[-1].id) if len(rows) > len(here) else None
    every = await bearing_on(visit.desk, dialogue, of.window, here)
    return of._replace(rows=every), more


async def _shown(
    visit: Visit, dialogue: str, said: Said, *, texts: bool
) -> list[ResponseShown]:
    found: dict[Place, str] = {}
    if texts:
        places = list(said.places())
        found = await words(visit, dialogue, said.state, places, "responses")
    return said.shown(found)


@ROUTE.post(
    "/dialogues/{dialogue}/windows/{window}/responses",
    operation_id="recordResponse",
    summary="Een reactie geven",
    description="Korte vorm van de opdracht `record_response`. Een deelnemer reageert "
    "voor zichzelf, en hoeft `respondent` niet te zeggen." + SENT,
    responses=ANSWERED,
    response_model=CommandAnswer,
)
async def record_response(  # noqa: PLR0917 (what FastAPI fills in, by name)
    visit: Visiting,
    dialogue: DialogueName,
    window: WindowName,
    body: ResponseBody,
    sending: Sending,
    response: Response,
) -> CommandAnswer | Response:
    """Record a response."""
    short = Short(visit, "record_response", body, window=window)
    return await short.send(sending, response, dialogue)
