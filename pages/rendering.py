"""A page is a template with facts; what stands around them is the same on each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import escape

from desk.desk import fresh_id
from language import mark
from language.speaking import _, speaking
from pages import moments
from pages.compiled import compiled
from pages.said import text_of
from pages.typing_in import Form
from pages.whose import made_for, whose

if TYPE_CHECKING:
    from api.security import Visit
    from desk.access.roles import Scope
    from pages.assets import Assets

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    # With no-referrer a browser says "Origin: null" of our own forms; this tells where
    # one came from, and never what is in the address.
    "Referrer-Policy": "strict-origin",
    "Vary": "Accept, Accept-Language, Cookie",
    "X-Robots-Tag": "noindex, nofollow",
}


class Entrance(NamedTuple):
    """A place that every page leads to, for who may go there."""

    address: str
    name: str
    scope: Scope


ENTRANCES: Final = (
    Entrance("/today", mark("Today"), "read"),
    Entrance("/portfolio", mark("Dialogues"), "read"),
    Entrance("/methods", mark("Methods"), "read"),
    Entrance("/administration", mark("Administration"), "subscribe"),
)
_UNSAID: Final = "said"


def compile_all(environment: Environment) -> None:
    """Have every template compiled, or found as it was compiled before."""
    for name in environment.list_templates():
        environment.get_template(name)


def make_environment(assets: Assets) -> Environment:
    """Give the environment of all templates of an app."""
    made = Environment(
        loader=PackageLoader("pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    known: dict[str, Any] = {
        "_": _,
        "asset": assets.address,
        "themed": assets.themed,
        "fresh_id": fresh_id,
        "whose": whose,
        "moment": moments.moment,
        "until": moments.until,
        "day": moments.day,
    }
    made.globals |= known
    made.bytecode_cache = compiled(made)
    return made


def page(
    request: Request,
    visit: Visit | None,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **facts: Any,  # noqa: ANN401 (whatever its template shows)
) -> HTMLResponse:
    """Make a page for a visit, or for somebody who is not known."""
    lang = str(request.state.lang)
    environment: Environment = request.app.state.templates
    around: dict[str, Any] = {
        "lang": lang,
        "visit": visit,
        "here": request.url.path,
        "entrances": _entrances(visit),
        "said": _said(request),
        "outcome": None,
        "address": _Address(request),
        "follows": _followed(request, visit),
        "status": status,
    }
    whole = {**around, "lost": (), **facts}
    with speaking(lang), made_for(visit):
        html = environment.get_template(template).render(whole)
        if lost := _lost(whole, html):
            whole["lost"] = lost
            html = environment.get_template(template).render(whole)
    told = {**HEADERS, "Content-Language": lang, **(headers or {})}
    return HTMLResponse(html, status, told)


def _lost(facts: Mapping[str, Any], html: str) -> tuple[str, ...]:
    """Give what somebody wrote in a form that is not there any more.

    Where another did the same meanwhile there is no form to show it in again.
    """
    outcome, typed = facts["outcome"], facts.get("typed")
    if outcome is None or not outcome.problem or not isinstance(typed, Form):
        return ()
    written = (value.strip() for name in typed for value in typed.every(name))
    words = (each for each in written if len(each.split()) > 1 and each[0] not in "{[")
    return tuple(each for each in words if str(escape(each)) not in html)


def _entrances(visit: Visit | None) -> list[Entrance]:
    if visit is None:
        return []
    return [each for each in ENTRANCES if each.scope in visit.caller.scopes]


def _followed(request: Request, visit: Visit | None) -> str | None:
    """Say where the events are that change this page; None where nobody may read them.

    Of a page about one dialogue those of that one.
    """
    if visit is None or "read" not in visit.caller.scopes or request.method != "GET":
        return None
    dialogue = request.path_params.get("dialogue")
    return f"/v1/dialogues/{dialogue}/events" if dialogue else "/v1/events"


def _said(request: Request) -> str | None:
    found = text_of(request.query_params.get("said"))
    return None if found is None else _(found)


class _Address:
    """Gives this page's address with other parameters: what is None is left out."""

    def __init__(self, request: Request) -> None:
        self._path = request.url.path
        self._told = request.url.query

    def __call__(self, **changes: object) -> str:
        kept = [
            (name, value)
            for name, value in parse_qsl(self._told)
            if name not in changes and name != _UNSAID
        ]
        more = [(name, str(value)) for name, value in changes.items() if value]
        query = urlencode([*kept, *more])
        return f"{self._path}?{query}" if query else self._path
