"""The lists of a dialogue: routes for each row of the table in `api.resources`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.looking import Looked, WithTexts, own_of, words
from api.models import Body, DialogueName
from api.models.commands import CommandAnswer
from api.paging import Listed, linked, next_page, place_of
from api.problems import camel, nothing_here
from api.resources import RESOURCES, Concerning, Resource
from api.routing import router
from api.security import Visit, Visiting
from api.sending import ANSWERED, Sending
from api.short_sending import SENT, Short
from api.views import Sight, texts_in
from desk.entries import EntryRow, page, some
from desk.setting import Setting, setting
from domain.facts import Place

_NAME = Annotated[
    str,
    Path(
        description="Welke, onder de naam in de lijst.",
        pattern=r"^[A-Za-z0-9._:-]{1,200}$",
        examples=["k-1"],
    ),
]


class _Look:
    """One caller who looks at one list of one dialogue."""

    def __init__(
        self, visit: Visit, stream: str, resource: Resource, setting: Setting
    ) -> None:
        self.visit = visit
        self.stream = stream
        self.resource = resource
        self.setting = setting
        self.own = own_of(visit, stream)

    def concerning(self) -> Concerning:
        """Say which rows the caller sees: for a participant what concerns them."""
        if self.own is None:
            return Concerning()
        return self.resource.concerning(self.setting, self.own)

    async def rows(
        self, after: tuple[int, str], limit: int, id: str | None = None
    ) -> list[EntryRow]:
        """Give rows that the caller sees, or the one of these with this id."""
        chosen = self.concerning()
        if None not in {id, chosen.id} and id != chosen.id:
            return []
        return await page(
            self.visit.desk,
            self.stream,
            self.resource.kind,
            after=after,
            limit=limit,
            id=id or chosen.id,
            like=chosen.like,
        )

    async def shown(self, rows: list[EntryRow], *, texts: bool) -> list[Any]:
        """Show rows, with their private texts if those were asked for."""
        found: dict[Place, str] = {}
        if texts:
            only = None if self.own is None else self.resource.own_words
            places = (p for row in rows for p in texts_in(row.data, only))
            name = self.resource.name
            # Who may read which text follows from the whole state.
            state = await self.visit.desk.dialogue(self.stream)
            found = await words(self.visit, self.stream, state, places, name)
        beside = await self._beside(rows)
        sight = Sight(self.stream, self.setting, found, self.own, beside)
        return [self.resource.view(sight, row) for row in rows]

    async def _beside(self, rows: list[EntryRow]) -> dict[str, Any]:
        """Give what these rows are shown with, by its ids."""
        if self.resource.beside is None or not rows:
            return {}
        kind, ids, like = self.resource.beside(rows)
        found = await some(self.visit.desk, self.stream, kind, ids=ids, like=like)
        return {row.id: row.data for row in found}


async def _look(visit: Visit, stream: str, resource: Resource) -> _Look:
    own_of(visit, stream)
    return _Look(visit, stream, resource, await setting(visit.desk, stream))


def _listing(route: APIRouter, resource: Resource) -> None:
    of: Any = resource.shown
    answer: Any = Listed[of]

    @route.get(
        f"/dialogues/{{dialogue}}/{resource.name}",
        response_model=answer,
        operation_id=f"list{resource.one}s",
        summary=resource.titles[0],
        description=f"{resource.titles[0]} van een dialoog, in de volgorde waarin zij "
        "op schrift kwamen. Een deelnemer ziet wat hem of haar aangaat.",
    )
    async def listing(
        visit: Visiting,
        dialogue: DialogueName,
        asked: Annotated[Looked, Query()],
        request: Request,
        response: Response,
    ) -> Any:  # noqa: ANN401 (the table says)
        look = await _look(visit, dialogue, resource)
        after = place_of(asked.cursor, int, str) or (0, "")
        rows = await look.rows((after[0], after[1]), asked.limit + 1)
        here = rows[: asked.limit]
        more = (here[-1].seq, here[-1].id) if len(rows) > len(here) else None
        following = next_page(request, more)
        response.headers.update(linked(following))
        items = await look.shown(here, texts=asked.private)
        return answer(items=items, next=following)

    del listing


def _single(route: APIRouter, resource: Resource) -> None:
    @route.get(
        f"/dialogues/{{dialogue}}/{resource.name}/{{name}}",
        response_model=resource.shown,
        operation_id=f"get{resource.one}",
        summary=resource.titles[1],
        description=f"{resource.titles[1]} van een dialoog.",
    )
    async def single(
        visit: Visiting,
        dialogue: DialogueName,
        name: _NAME,
        *,
        private: Annotated[WithTexts, Query()] = False,
    ) -> Any:  # noqa: ANN401 (the table says)
        look = await _look(visit, dialogue, resource)
        rows = await look.rows((0, ""), 1, name)
        if not rows:
            raise nothing_here()
        [item] = await look.shown(rows, texts=private)
        return item

    del single


def _sending(route: APIRouter, resource: Resource) -> None:
    async def send(
        visit: Visiting,
        dialogue: DialogueName,
        body: Body,
        sending: Sending,
        response: Response,
    ) -> CommandAnswer | Response:
        short = Short(visit, resource.command, body)
        return await short.send(sending, response, dialogue)

    send.__annotations__["body"] = resource.takes
    route.post(
        f"/dialogues/{{dialogue}}/{resource.name}",
        operation_id=camel(resource.command),
        summary=resource.titles[2],
        description=f"Korte vorm van de opdracht `{resource.command}`." + SENT,
        responses=ANSWERED,
        response_model=CommandAnswer,
    )(send)


ROUTE = router("Wat er in een dialoog ligt")
for each in RESOURCES:
    _listing(ROUTE, each)
    _sending(ROUTE, each)
    _single(ROUTE, each)
