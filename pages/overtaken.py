"""Somebody took away what a form was about, while another was busy with it.

What a page is about is not there any more, so there is no form to come back to. That is
not told as an address that is wrong: it is told who did what meanwhile, with what was
typed beside it.
"""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.problems import Problem
from api.security import Visit
from desk.errors import DeskError
from pages.dialogue.happenings import since
from pages.dialogue.head import Head, dialogue_head
from pages.holding import Held
from pages.rendering import page

_CONFLICT: Final = 409


async def overtaken(
    request: Request, visit: Visit | None, held: Held | None
) -> HTMLResponse | None:
    """Give the page of a form that came too late; None where that is not so.

    It is so for a form of ours about something in a dialogue that its sender may read
    and that went on after the form was made.
    """
    stream = request.path_params.get("dialogue")
    if visit is None or held is None or not isinstance(stream, str):
        return None
    told = dict(held.fields)
    try:
        visit.allow("read", stream)
        head = await dialogue_head(visit, stream)
        seen = told.get("seen") or told.get("version", "")
        meanwhile = await since(visit, head.view, seen)
    except (DeskError, Problem):
        return None
    if not meanwhile:
        return None
    return page(
        request,
        visit,
        "frame/overtaken.html",
        status=_CONFLICT,
        head=head,
        back=_back(request, head),
        meanwhile=meanwhile,
        held=held,
        follows=None,  # What was typed is on this page alone.
    )


def _back(request: Request, head: Head) -> str:
    """Give the page of the area that the form belonged to, or of the dialogue."""
    rest = request.url.path.removeprefix(head.href).strip("/").partition("/")[0]
    areas = {place.href for place in head.places}
    wanted = f"{head.href}/{rest}"
    return wanted if wanted in areas else head.href
