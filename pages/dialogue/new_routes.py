"""Starting a dialogue: first a method, then what it is about and who directs it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import Response

from api.security import Visit
from desk.methods import LoadedMethod, method, methods
from desk.titles import Titles
from language import mark
from pages.acting import Outcome, begin, go_on, unfit
from pages.dialogue.lengths import is_day
from pages.dialogue.offers import body_of
from pages.guests import Staff
from pages.naming import slug
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

STARTED: Final = says("dialogue-started", mark("The dialogue has begun."))
_NO_TITLE: Final = mark("Give the dialogue a title.")
_NO_NAME: Final = mark(
    "The name may have small letters, digits and hyphens, such as parkzicht-2026."
)
_NO_DATE: Final = mark("Fill in both the day and what it is for, or neither.")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST: Final = 48
DATES: Final = 3
"""How many dates can be filled in at the start; more come later."""
LANGUAGES: Final = {
    "nl": "Nederlands",
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
}
_ZONES: Final = {"NL": "Europe/Amsterdam", "BE": "Europe/Brussels"}
MethodId = Annotated[str, Query(max_length=80)]


@ROUTE.get("/dialogues/new")
async def show_new(request: Request, visit: Staff, method: MethodId = "") -> Response:
    """Show the methods to choose from; with ``method`` what it takes to begin."""
    visit.allow("act")
    if not method:
        return await _choosing(request, visit)
    return await _asking(request, visit, method)


@ROUTE.post("/dialogues/new")
async def start(request: Request, visit: Staff, typed: Typed) -> Response:
    """Begin a dialogue; it directs whoever is named, by default who begins it."""
    visit.allow("act")
    chosen = typed["method"]
    found = await method(visit.desk, chosen)
    name = typed.text("name") or slug(typed["title"], _LONGEST)
    outcome = _fit(visit, typed, name)
    if outcome is None:
        stream = f"{visit.caller.organisation}:{name}"
        outcome = await begin(visit, stream, _body(visit, typed, found), typed)
        if outcome.taken:
            return go_on(dialogue_path(stream), STARTED, outcome)
    return await _asking(request, visit, chosen, outcome, typed)


def _fit(visit: Visit, form: Form, name: str) -> Outcome | None:
    """Say what is still wrong with a form; None where nothing is."""
    if form.text("title") is None:
        return unfit(visit, _NO_TITLE, "title")
    if _NAME.fullmatch(name) is None:
        return unfit(visit, _NO_NAME, "name")
    for number in range(DATES):
        told, what = form.text(f"date-{number}"), form.text(f"date-{number}-title")
        if (told is None) is not (what is None) or (told and not is_day(told)):
            return unfit(visit, _NO_DATE, f"date-{number}")
    return None


def _body(visit: Visit, form: Form, found: LoadedMethod) -> dict[str, Any]:
    country = form["calendar"] if form["calendar"] in _ZONES else "NL"
    director = form.text("director") or visit.caller.actor
    steering = next(r.id for r in found.method.roles if "steer" in r.may)
    spoken = found.method.languages
    language = form["language"] if form["language"] in spoken else spoken[0]
    dates = [
        {"date": form[f"date-{n}"].strip(), "title": form[f"date-{n}-title"].strip()}
        for n in range(DATES)
        if form.text(f"date-{n}")
    ]
    return {
        "method": found.method.id,
        "method_hash": found.hash,
        "title": form["title"].strip(),
        "language": language,
        "calendar": country,
        "zone": _ZONES[country],
        "roles": {steering: [director]},
        **body_of(question=form.text("question"), deadlines=dates),
    }


async def _choosing(request: Request, visit: Visit) -> Response:
    every = await methods(visit.desk)
    return page(
        request,
        visit,
        "dialogue/new.html",
        methods=[(each.method, Titles(each.method, visit.lang)) for each in every],
    )


async def _asking(
    request: Request,
    visit: Visit,
    chosen: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    found = await method(visit.desk, chosen)
    titles = Titles(found.method, visit.lang)
    steering = next(r.id for r in found.method.roles if "steer" in r.may)
    return page(
        request,
        visit,
        "dialogue/begin.html",
        status=outcome.status if outcome else 200,
        method=found.method,
        titles=titles,
        director=titles.role(steering),
        languages=[(each, LANGUAGES[each]) for each in found.method.languages],
        dates=DATES,
        outcome=outcome,
        typed=typed,
    )
