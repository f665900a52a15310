"""A form about some responses, with what they say and all that was typed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from api.problems import nothing_here
from domain.response_numbers import written
from pages.acting import Outcome
from pages.rendering import page
from pages.responses import views, words
from pages.responses.looking import Meant, Sight, group_titles, shown
from pages.typing_in import Form
from pages.ways import dialogue_path


def list_of(dialogue: str, window: str, **more: str) -> str:
    """Give the address of the list of a window."""
    query = urlencode({"window": window, **more})
    return f"{dialogue_path(dialogue, 'responses')}?{query}"


async def ask(
    request: Request,
    here: Sight,
    what: str,
    found: Meant,
    typed: Form | None = None,
    outcome: Outcome | None = None,
    **more: Any,  # noqa: ANN401 (whatever the template shows)
) -> Response:
    """Show a form about these responses, with what they say."""
    if not found.bits:
        raise nothing_here()
    titles = await group_titles(here.visit, here.head.stream)
    return page(
        request,
        here.visit,
        f"responses/{what}.html",
        status=outcome.status if outcome else 200,
        head=here.head,
        sight=here,
        **here.around,
        meant=found,
        numbers=written(found.bits),
        said_there=await shown(here, found),
        titles=titles,
        title=here.head.view.titles.window(found.window),
        groups=views.group_lines(here.state, found.window, titles),
        typed=typed,
        outcome=outcome,
        seen=here.state.version,
        words=words,
        **more,
    )
