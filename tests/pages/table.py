"""Every page there is, in the states that it has: a table that must be whole.

A route that is added fails in `test_every_page` until it has a row here. Addresses have
``{names}`` of `staged`; a state without one is the route itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.app import make_app as bare
from api.settings import Settings


class State(NamedTuple):
    """One state of a page: its name in a few words, where, and who looks."""

    name: str = "usual"
    address: str = ""
    role: str | None = "director"
    status: int = 200
    html: bool = True
    shot: bool = False
    """Whether there is a picture of it in ``docs/pages``."""


GUEST: Final = "participant"
"""Who looks at pages of their own: ``nm-bewoner-1``, of the dialogue of most pages."""

_D: Final = "/dialogues/{dialogue}"
_R: Final = f"{_D}/responses"
USUAL: Final = State(shot=True)

TABLE: Final[Mapping[str, tuple[State, ...]]] = {
    "/": (State(),),
    "/assets/{name}": (State(address="{asset}", html=False),),
    "/accessibility": (State(role=None, shot=True),),
    "/in": (State("from a page", "/in?to=/portfolio", None, shot=True),),
    "/in/link/{secret}": (State("no good", "/in/link/pli_x", None, 404),),
    "/sessions": (USUAL,),
    "/in/oidc": (State("by links alone", role=None),),
    "/in/back": (State("by links alone", role=None),),
    "/in/left": (State("by links alone", role=None),),
    "/today": (
        State("of everybody", "/today?who=all", shot=True),
        State("of nobody"),
        State("one group", "/today?who=all&group=on"),
        State("for an auditor", "/today", "auditor"),
    ),
    "/portfolio": (
        USUAL,
        State("in time", "/portfolio?view=time", shot=True),
        State("filtered", "/portfolio?status=running&attention=yes&sort=title"),
        State("nothing found", "/portfolio?q=bestaatniet"),
        State("for an auditor", "/portfolio", "auditor"),
    ),
    "/portfolio.csv": (State(html=False),),
    "/dialogues/{dialogue}": (
        USUAL,
        State("young", "/dialogues/{young}", shot=True),
        State("ended", "/dialogues/{ended}"),
        State("for an auditor", _D, "auditor"),
        State("none", "/dialogues/gemeente-waterdam:niets", status=404),
    ),
    "/dialogues/{dialogue}/steps/{step}": (
        USUAL,
        State("young", "/dialogues/{young}/steps/opdracht", shot=True),
        State("undescribed", f"{_D}/steps/stap-7"),
        State("for an auditor", f"{_D}/steps/duiden", "auditor"),
        State("none", f"{_D}/steps/niets", status=404),
    ),
    "/dialogues/{dialogue}/windows": (
        USUAL,
        State("young", "/dialogues/{young}/windows"),
    ),
    "/dialogues/{dialogue}/windows/{window}": (
        USUAL,
        State("for an auditor", f"{_D}/windows/duiden.klopt-de-duiding", "auditor"),
    ),
    "/dialogues/{dialogue}/back": (USUAL, State("ended", "/dialogues/{ended}/back")),
    "/dialogues/{dialogue}/back/{step}": (
        USUAL,
        State("far", f"{_D}/back/goedkeuring", shot=True),
    ),
    "/dialogues/{dialogue}/effects": (
        USUAL,
        State("none", "/dialogues/{young}/effects"),
    ),
    "/dialogues/{dialogue}/effects/{seq}": (
        State("the return", f"{_D}/effects/{{seq}}", shot=True),
    ),
    "/dialogues/new": (USUAL, State("of a method", "/dialogues/new?method={method}")),
    f"{_D}/steps": (USUAL, State("for an auditor", role="auditor")),
    f"{_D}/life": (USUAL, State("ended", "/dialogues/{ended}/life")),
    f"{_D}/roles": (USUAL, State("with names", f"{_D}/roles?names=yes")),
    f"{_D}/plan": (USUAL,),
    f"{_D}/plan/change": (USUAL,),
    f"{_D}/plan/file": (State(html=False),),
    f"{_D}/plan/migrate": (USUAL,),
    f"{_D}/plan/tracks": (USUAL, State("for an auditor", role="auditor")),
    f"{_D}/history": (
        State(role="auditor", shot=True),
        State("filtered", f"{_D}/history?actor=p-1&kind=steps", "auditor"),
    ),
    f"{_D}/history/{{seq}}": (State("why", role="auditor", shot=True),),
    f"{_D}/history/{{seq}}/proof.json": (State(html=False),),
    f"{_D}/past": (State("at a place", f"{_D}/past?at={{seq}}", "auditor", shot=True),),
    f"{_D}/compare": (
        State("two places", f"{_D}/compare?from=3&to={{seq}}", "auditor", shot=True),
        State("of nothing", role="auditor"),
    ),
    f"{_D}/sample": (State("of five", f"{_D}/sample?size=5", "auditor", shot=True),),
    f"{_D}/exceptions": (State(role="auditor", shot=True),),
    f"{_D}/reads": (State(role="auditor", shot=True),),
    f"{_D}/pack": (State(role="auditor", shot=True),),
    "/verify.py": (State(role="auditor", html=False),),
    "/mine": (State(role=GUEST, shot=True),),
    "/mine/windows/{window}": (State(role=GUEST, shot=True),),
    "/mine/responses/{window}/{number}": (
        State("answered", "/mine/responses/{window}/1", GUEST, shot=True),
        State("not theirs", "/mine/responses/{window}/2", GUEST, 404),
    ),
    "/mine/responses/{window}/{number}/proof": (
        State("theirs", "/mine/responses/{window}/1/proof", GUEST, html=False),
    ),
    "/mine/held": (State(role=GUEST, shot=True),),
    "/mine/erase": (State(role=GUEST, shot=True),),
    "/requests": (
        USUAL,
        State("for an auditor", role="auditor", status=403),
        State("for a member", role="member", status=403),
    ),
    "/methods": (USUAL,),
    "/methods/new": (State(role="operator", shot=True),),
    "/methods/{method}": (USUAL,),
    "/methods/{method}/file": (State(html=False),),
    f"{_D}/people": (
        USUAL,
        State("with names", f"{_D}/people?names=yes"),
        State("of one place", f"{_D}/people?impact=3&influence=1"),
        State("of nobody", "/dialogues/{young}/people"),
        State("for an auditor", f"{_D}/people", "auditor"),
    ),
    f"{_D}/people/{{stakeholder}}": (
        State("weak", f"{_D}/people/bewoners", shot=True),
        State("for an auditor", f"{_D}/people/bewoners", "auditor"),
        State("none", f"{_D}/people/niemand", status=404),
    ),
    f"{_D}/interests": (
        USUAL,
        State("of nobody", "/dialogues/{young}/interests"),
        State("for an auditor", f"{_D}/interests", "auditor"),
    ),
    f"{_D}/interests/{{interest}}": (
        State("one", f"{_D}/interests/b-2", shot=True),
        State("none", f"{_D}/interests/b-99", status=404),
    ),
    f"{_D}/interests.svg": (State(html=False),),
    f"{_D}/interests.csv": (State(html=False),),
    f"{_D}/meetings": (
        USUAL,
        State("another month", f"{_D}/meetings?month=2027-02"),
        State("none", "/dialogues/{young}/meetings"),
        State("for an auditor", f"{_D}/meetings", "auditor"),
    ),
    f"{_D}/meetings/{{meeting}}": (
        State("to come", f"{_D}/meetings/wijkavond", shot=True),
        State("for an auditor", f"{_D}/meetings/wijkavond", "auditor"),
        State("none", f"{_D}/meetings/niets", status=404),
    ),
    f"{_D}/meetings.ics": (State(html=False),),
    f"{_D}/agreements": (
        USUAL,
        State("none", "/dialogues/{young}/agreements"),
        State("for an auditor", f"{_D}/agreements", "auditor"),
    ),
    f"{_D}/agreements/{{agreement}}": (
        State("open", f"{_D}/agreements/bedragen", shot=True),
        State("none", f"{_D}/agreements/niets", status=404),
    ),
    f"{_D}/reports": (
        USUAL,
        State("none", "/dialogues/{young}/reports"),
        State("for an auditor", f"{_D}/reports", "auditor"),
    ),
    f"{_D}/motivation": (
        USUAL,
        State("with what is private", f"{_D}/motivation?texts=yes"),
        State("for an auditor", f"{_D}/motivation", "auditor"),
    ),
    f"{_D}/motivation.{{ending}}": (
        State("as a page", f"{_D}/motivation.html", html=False),
    ),
    "/administration": (
        State(role="operator"),
        State("for an auditor", role="auditor", status=403),
    ),
    "/administration/health": (
        State(role="operator", shot=True),
        State("for a director", status=403),
    ),
    "/administration/tokens": (State(role="operator", shot=True),),
    "/administration/sessions": (State(role="operator"),),
    "/administration/links": (
        State(role="operator"),
        State("of nobody", "/administration/links?who=niemand", "operator"),
    ),
    "/administration/denied": (State(role="operator"),),
    "/administration/subscriptions": (
        State(role="operator"),
        State("for a director"),
        State("for an auditor", role="auditor", status=403),
    ),
    "/administration/subscriptions/{subscription}": (
        State(
            "none",
            "/administration/subscriptions/00000000-0000-0000-0000-000000000007",
            "operator",
            404,
        ),
    ),
    "/administration/organisation": (State(role="operator", shot=True),),
    _R: (USUAL, State("young", "/dialogues/{young}/responses")),
    f"{_R}/alike": (State("of a window", f"{_R}/alike?window={{window}}"),),
    f"{_R}/answer": (
        State("of one", f"{_R}/answer?window={{window}}&numbers=5", shot=True),
    ),
    f"{_R}/leave": (State("of one", f"{_R}/leave?window={{window}}&numbers=5"),),
    f"{_R}/group": (State("of two", f"{_R}/group?window={{window}}&numbers=5-6"),),
    f"{_R}/{{window}}/{{number}}": (
        USUAL,
        State("unanswered", f"{_R}/{{window}}/5"),
    ),
}


def routes(app: FastAPI) -> Iterator[str]:
    """Give the addresses of all pages that can be looked at, as templates."""
    of_api = {
        each.path for each in iter_route_contexts(bare(Settings(database="-")).routes)
    }
    for each in iter_route_contexts(app.routes):
        if "GET" in (each.methods or ()) and each.path not in of_api:
            yield str(each.path)
