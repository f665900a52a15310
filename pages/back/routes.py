"""Going back: choosing a step, seeing what it does, and doing it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.models import DialogueName
from api.security import Visit
from desk.errors import NotFound, Refused
from desk.history import history
from desk.in_words.events import told as told_of
from desk.overview import Overview
from desk.returns import returns
from domain.errors import DomainError
from domain.revisit import check_possible
from language import mark
from pages.acting import Outcome, act, go_on, unfit
from pages.back.choosing import choices
from pages.back.preview import Preview, preview
from pages.back.seen import Difference, difference, seen
from pages.dialogue.called import names_of_people
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.texts import may_read
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path
from pages.wording import in_words

ROUTE = router()

RETURNED: Final = says(
    "returned",
    mark("You have gone back. Below you see what is being undone, as it goes."),
)
_NO_STEP: Final = mark("There is no step {step} in the plan of {stream}.")
_REASON: Final = mark("Say why you go back: whoever looks into this later needs it.")
_TRIES: Final = 3
"""How often an answer that is still the same is given again to who moved on."""
_MOST: Final = 8
"""How many events are told that came in between."""


@ROUTE.get("/dialogues/{dialogue}/back")
async def choose(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show the steps that can be returned to, and the returns that there were."""
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    before = await returns(visit.desk, dialogue, head.state)
    found = choices(head.view)
    return page(
        request, visit, "back/choose.html", head=head, found=found, before=before
    )


@ROUTE.get("/dialogues/{dialogue}/back/{step}")
async def look(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    step: str,
    names: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """Show what returning to a step would do; with ``names`` who hears of it by name.

    That those were read is on record first.
    """
    visit.allow("read", dialogue)
    opened = names == "yes"
    return await _shown(request, visit, dialogue, step, opened=opened)


@ROUTE.post("/dialogues/{dialogue}/back/{step}")
async def go_back(
    request: Request, visit: Staff, dialogue: DialogueName, step: str, typed: Typed
) -> Response:
    """Return to a step, as it was seen; else show how it is now, and what differs."""
    visit.allow("act", dialogue)
    if typed.text("reason") is None:
        outcome = unfit(visit, _REASON, "reason")
        return await _shown(request, visit, dialogue, step, outcome, typed)
    outcome = await _as_seen(request, visit, dialogue, step, typed)
    if outcome.taken:
        return go_on(_after(dialogue, outcome), RETURNED, outcome)
    return await _shown(request, visit, dialogue, step, outcome, typed)


async def _as_seen(
    request: Request, visit: Visit, dialogue: str, step: str, typed: Form
) -> Outcome:
    """Return to a step if that does what was seen, also where something else moved on.

    A letter that went out, or a response that came in, moves the dialogue on and
    changes nothing about this: nobody has to read all of it again for that.
    """
    body = {"step": step, "reason": typed["reason"].strip()}
    outcome, form = (
        await act(visit, request, dialogue, "revisit_step", body, typed),
        typed,
    )
    for number in range(2, _TRIES + 1):
        if not outcome.stale:
            break
        view = (await dialogue_head(visit, dialogue)).view
        if _not_possible(visit, view, step) is not None:
            break
        now = preview(view, step)
        if difference(view, typed["seen"], now) != Difference((), ()):
            break
        # The same wish every time that this form is sent: its id follows from the form.
        again = {"id": f"{typed.id}.{number}", "version": str(now.version)}
        form = Form(FormData(again))
        outcome = await act(visit, request, dialogue, "revisit_step", body, form)
    return outcome


def _after(dialogue: str, outcome: Outcome) -> str:
    """Give where a return is watched."""
    seqs = [e["seq"] for e in outcome.events if e["type"] == "step_revisited"]
    return dialogue_path(dialogue, "effects", *(str(seq) for seq in seqs[:1]))


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    step: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    *,
    opened: bool = False,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    if step not in head.state.plan.steps:
        raise NotFound(_NO_STEP, step=step, stream=dialogue)
    refused = _not_possible(visit, head.view, step)
    found = None if refused else preview(head.view, step)
    status = outcome.status if outcome else 200
    return page(
        request,
        visit,
        "back/preview.html",
        status=status,
        head=head,
        step=step,
        title=head.view.titles.step(step),
        number=head.state.plan.steps[step].number,
        found=found,
        seen=seen(found) if found else "",
        refused=refused,
        outcome=outcome,
        typed=typed,
        may_act="act" in visit.caller.scopes,
        names=await names_of_people(visit, head) if opened else {},
        opened=opened,
        may_open=may_read(visit, head.state),
        **await _meanwhile(visit, head.view, found, outcome, typed),
    )


def _not_possible(visit: Visit, view: Overview, step: str) -> str | None:
    """Say what is in the way of returning to a step, if anything is."""
    try:
        check_possible(view.state, step)
    except DomainError as error:
        return in_words(Refused.of(error).about(view.state), visit.lang)
    return None


async def _meanwhile(
    visit: Visit,
    view: Overview,
    found: Preview | None,
    outcome: Outcome | None,
    typed: Form | None,
) -> dict[str, Any]:
    """Tell what happened since somebody looked, and what that changed."""
    if outcome is None or typed is None or not outcome.stale:
        return {"differs": None, "events": [], "more_events": 0, "since": None}
    since = typed.version or view.state.version
    events: list[str] = []
    count = view.state.version - since
    async for event in history(visit.desk, view.stream, after=since):
        events.append(told_of(view, event.members))
        if len(events) == _MOST:
            break
    return {
        "differs": difference(view, typed["seen"], found) if found else None,
        "events": events,
        "more_events": max(0, count - len(events)),
        "since": since,
    }
