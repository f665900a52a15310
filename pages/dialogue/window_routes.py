"""The windows of a dialogue: all of them, and one with all that can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from fastapi import Path, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.problems import nothing_here
from api.security import Visit
from desk.in_words.windows import BECAUSE
from desk.overview import local
from desk.window_story import story
from domain.audiences import audiences_of, known_window
from domain.events import WindowOpened
from domain.method import LIST
from language import translator
from pages.acting import Outcome, go_on
from pages.dialogue import happenings, windows
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.lengths import LENGTHS
from pages.dialogue.offers import SEALED, TRIAL, Offer, Offers
from pages.dialogue.window_acts import PREFIXES, SAID, wanted
from pages.doing import do
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

WindowName = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\.[a-z0-9][a-z0-9_-]{0,63}$")
]


class WindowOffers(NamedTuple):
    """What can be done with a window; where it can't, why."""

    act: bool
    open: Offer
    reopen: Offer
    extend: Offer
    shorten: Offer
    close: Offer
    remind: Offer
    invite: Offer
    would_close: tuple[datetime, ...]
    """When it would close if it were opened now, on the dialogue's clock."""


@ROUTE.get("/dialogues/{dialogue}/windows")
async def show_windows(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show all windows of a dialogue, by step."""
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    every = [step for phase in head.view.phases for step in phase.steps]
    return page(
        request,
        visit,
        "dialogue/windows.html",
        head=head,
        steps=[
            (step, windows.lines(head.view, step, visit.lang))
            for step in every
            if step.windows
        ],
    )


@ROUTE.get("/dialogues/{dialogue}/windows/{window}")
async def show_window(
    request: Request, visit: Staff, dialogue: DialogueName, window: WindowName
) -> Response:
    """Show a window: whom it asks, until when, who is silent, what can be done."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue, window)


@ROUTE.post("/dialogues/{dialogue}/windows/{window}")
async def act_on_window(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    window: WindowName,
    typed: Typed,
) -> Response:
    """Do one thing with a window: open, extend, shorten, close, remind, invite."""
    visit.allow("act", dialogue)
    found = wanted(window, typed)
    outcome = await do(
        visit,
        request,
        dialogue,
        found,
        typed,
        lambda state: windows.sight(state, window),
    )
    if found and outcome.taken:
        where = dialogue_path(dialogue, "windows", window)
        return go_on(where, SAID[found.kind], outcome)
    return await _shown(request, visit, dialogue, window, outcome, typed)


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    window: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    if window not in head.state.plan.windows:
        raise nothing_here()
    told = await story(visit.desk, dialogue, head.state, window)
    lang, _ = visit.lang, translator(visit.lang)
    offers = _offers(await Offers.of(visit, head.view), head, window)
    return page(
        request,
        visit,
        "dialogue/window.html",
        status=outcome.status if outcome else 200,
        head=head,
        window=windows.window_page(head.view, window, told, lang),
        offers=offers,
        story=happenings.told_of(head.view, told, lang),
        outcome=outcome,
        typed=typed,
        tried=PREFIXES.get(typed["act"], "") if typed else "",
        meanwhile=await happenings.meanwhile(visit, head.view, outcome, typed),
        lengths=[(name, _(text)) for name, text in LENGTHS.items()],
        because=[(name, _(text)) for name, text in BECAUSE.items()],
        sight=windows.sight(head.state, window),
        tomorrow=(head.view.now + timedelta(days=1)).date(),
        lists=_lists(head, window),
    )


def _lists(head: Head, window: str) -> list[tuple[str, str]]:
    """Give the lists of people that a window has, by the name a command uses."""
    found: list[tuple[str, str]] = []
    for name in audiences_of(head.state, window):
        if known_window(head.state, name).audience == LIST:
            own = name == window
            short = LIST if own else name.rpartition(".")[2]
            found.append((short, head.view.titles.window(name)))
    return found


def _offers(offers: Offers, head: Head, window: str) -> WindowOffers:
    later: Mapping[str, Any] = {"duration": {"working_days": 1}, "reason": SEALED}
    opening = offers("open_window", window=window)
    named = {"audience": TRIAL, "who": [TRIAL]}
    if known_window(head.state, window).audience == LIST:
        named["audience"] = LIST
    return WindowOffers(
        act=offers.sender is not None and not head.state.ended,
        open=opening,
        reopen=offers("reopen_window", window=window, because="other", reason=SEALED),
        extend=offers("extend_window", window=window, **later),
        shorten=offers("shorten_window", window=window, **later),
        close=offers("close_window", window=window, reason=SEALED),
        remind=offers("remind_window", window=window),
        invite=offers("invite_to_window", window=window, reason=SEALED, **named),
        would_close=tuple(
            local(head.state, event.data.closes)
            for event in opening.events
            if isinstance(event.data, WindowOpened)
        ),
    )
