"""Interests: as a matrix in a picture and a table, as a list, and one by one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Annotated, Any, Final

from fastapi import Path, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from api.security import Visit
from desk.entries import entries
from desk.interests import ABOUT, INTEREST_LEVELS, KINDS, Matrix, Wish, laid, sheet
from desk.matrix_picture import described, label
from desk.matrix_picture import picture as drawn
from pages.acting import Outcome, go_on
from pages.attached import attached
from pages.dialogue import happenings
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.offers import Offers
from pages.doing import do
from pages.guests import Staff
from pages.interests.acts import SAID, sight, wanted
from pages.interests.picture import picture
from pages.naming import free
from pages.people.views import HEADINGS
from pages.rendering import page
from pages.routing import router
from pages.texts import may_read, opened
from pages.turning import turn
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

PAGE: Final = 30
"""How many interests stand on one page of the list."""

InterestName = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
_GUARDED: Final = frozenset({"record_interest", "withdraw_interest"})


@ROUTE.get("/dialogues/{dialogue}/interests")
async def show_interests(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show what is on the table, and how it bears on each other."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue)


@ROUTE.post("/dialogues/{dialogue}/interests")
async def act_on_interests(
    request: Request, visit: Staff, dialogue: DialogueName, form: Typed
) -> Response:
    """Put an interest on the table, or relate two."""
    outcome = await _done(request, visit, dialogue, form)
    if isinstance(outcome, Response):
        return outcome
    return await _shown(request, visit, dialogue, outcome, form)


async def _done(
    request: Request, visit: Visit, dialogue: str, form: Form, at: str = ""
) -> Response | Outcome:
    visit.allow("act", dialogue)
    found = wanted(form)
    name = form.text("interest") or ""
    guarded = found is not None and found.kind in _GUARDED
    outcome = await do(
        visit,
        request,
        dialogue,
        found,
        form,
        (lambda now: sight(now, name)) if guarded else None,
    )
    if found is None or not outcome.taken:
        return outcome
    here = () if not at or found.kind == "withdraw_interest" else (at,)
    where = dialogue_path(dialogue, "interests", *here)
    return go_on(where, SAID[found.kind], outcome)


async def _laid(visit: Visit, head: Head, *, texts: bool = True) -> Matrix:
    stream, state = head.stream, head.state
    people = await entries(visit.desk, stream, "stakeholder")
    wishes = await entries(visit.desk, stream, "interest")
    relations = await entries(visit.desk, stream, "relation")
    if texts:
        every = [*wishes, *relations]
        every = await opened(visit, stream, state, every, "interests")
        wishes, relations = every[: len(wishes)], every[len(wishes) :]
    known = {row.id: row.data for row in people}
    return laid(stream, state.title, known, wishes, relations)


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    matrix = await _laid(visit, head)
    here = turn(request.query_params.get("from"), PAGE, len(matrix.wishes))
    state = head.state
    offers = await Offers.of(visit, head.view)
    return page(
        request,
        visit,
        "interests/interests.html",
        status=outcome.status if outcome else 200,
        head=head,
        matrix=matrix,
        picture=picture(matrix, visit.lang),
        described=described(matrix, visit.lang),
        parties=_by_party(matrix.wishes[here.first : here.end]),
        before=here.before,
        after=here.after,
        act=offers.sender is not None and not state.ended,
        people=state.stakeholders,
        whom=[(who, who) for who in state.stakeholders],
        pairs=_named(matrix.wishes),
        suggested=free("b", {*state.interests}),
        of=request.query_params.get("of", "")[:200],
        outcome=outcome,
        typed=typed,
        **await _around(visit, head, outcome, typed),
    )


async def _around(
    visit: Visit, head: Head, outcome: Outcome | None, typed: Form | None
) -> dict[str, Any]:
    """Give what the pages about interests have in common."""
    return {
        "kinds": KINDS,
        "whose": INTEREST_LEVELS,
        "about": ABOUT,
        "headings": HEADINGS,
        "may_open": may_read(visit, head.state),
        "meanwhile": await happenings.meanwhile(visit, head.view, outcome, typed),
    }


def _named(wishes: Iterable[Wish]) -> list[tuple[str, str]]:
    return [(wish.id, label(wish)) for wish in wishes]


def _by_party(wishes: tuple[Wish, ...]) -> list[tuple[str, list[Wish]]]:
    grouped = groupby(wishes, key=lambda wish: wish.stakeholder)
    return [(who, [*own]) for who, own in grouped]


@ROUTE.get("/dialogues/{dialogue}/interests.svg")
async def draw(visit: Staff, dialogue: DialogueName) -> Response:
    """Give the matrix as a picture to take along; nothing private is in it."""
    visit.allow("read", dialogue)
    matrix = await _laid(visit, await dialogue_head(visit, dialogue), texts=False)
    text = drawn(matrix, visit.lang)
    return attached(text, f"{_slug(dialogue)}.svg", "image/svg+xml")


@ROUTE.get("/dialogues/{dialogue}/interests.csv")
async def as_sheet(visit: Staff, dialogue: DialogueName) -> Response:
    """Give the matrix as a sheet; nothing private is in it."""
    visit.allow("read", dialogue)
    matrix = await _laid(visit, await dialogue_head(visit, dialogue), texts=False)
    text = "\ufeff" + sheet(matrix, visit.lang)
    return attached(text, f"{_slug(dialogue)}.csv", "text/csv; charset=utf-8")


def _slug(dialogue: str) -> str:
    return f"{dialogue.partition(':')[2]}-interests"


@ROUTE.get("/dialogues/{dialogue}/interests/{interest}")
async def show_interest(
    request: Request, visit: Staff, dialogue: DialogueName, interest: InterestName
) -> Response:
    """Show one interest, and all that it bears on."""
    visit.allow("read", dialogue)
    return await _one(request, visit, dialogue, interest)


@ROUTE.post("/dialogues/{dialogue}/interests/{interest}")
async def act_on_interest(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    interest: InterestName,
    form: Typed,
) -> Response:
    """Change an interest, take it off the table, relate it to another."""
    outcome = await _done(request, visit, dialogue, form, interest)
    if isinstance(outcome, Response):
        return outcome
    return await _one(request, visit, dialogue, interest, outcome, form)


async def _one(
    request: Request,
    visit: Visit,
    dialogue: str,
    interest: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    matrix = await _laid(visit, head)
    wish = next((each for each in matrix.wishes if each.id == interest), None)
    if wish is None:
        raise nothing_here()
    offers = await Offers.of(visit, head.view)
    return page(
        request,
        visit,
        "interests/interest.html",
        status=outcome.status if outcome else 200,
        head=head,
        wish=wish,
        relations=[r for r in matrix.relations if interest in {r.one, r.other}],
        pairs=_named(each for each in matrix.wishes if each.id != interest),
        holders={each.id: each.stakeholder for each in matrix.wishes},
        sight=sight(head.state, interest),
        act=offers.sender is not None and not head.state.ended,
        outcome=outcome,
        typed=typed,
        **await _around(visit, head, outcome, typed),
    )
