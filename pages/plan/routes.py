"""The plan: looking at it, and changing it with a dry run and a reason."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from api.security import Visit
from desk.changes import MethodInvalid
from desk.errors import Refused
from desk.in_words.events import told as told_of
from desk.in_words.plans import changes_told
from desk.in_words.standings import STANDING
from desk.overview import Overview, Standing
from desk.plan_files import plan_file
from desk.plan_weighing import AMEND, Weighed, weigh
from desk.plans import Origin, PlanView, plan_seen
from desk.titles import Titles
from domain.errors import DomainError
from language import mark
from language.speaking import _
from pages.acting import Outcome, act, go_on, refused, unfit
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.methods.routes import as_file
from pages.methods.wrong import told as wrong_lines
from pages.plan.changing import Change, Unfit, added, emptied, read, without
from pages.plan.picture import as_it_is, as_it_would_be
from pages.plan.previews import told as preview_of
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

CHANGED: Final = says("plan-changed", mark("The plan is changed, and on record."))
_REASON: Final = mark("Say why the plan changes: whoever looks into this needs it.")
_NOTHING: Final = mark("Add a change first.")
_ORIGINS: Final = {
    "added": mark("added in {seq}"),
    "changed": mark("changed in {seq}"),
    "moved": mark("moved in {seq}"),
    "along": mark("taken along in {seq}"),
    "copied": mark("track, from {seq}"),
}
_NOT_WHOLE: Final = mark("This can't be read as changes. Below stands what is wrong.")


@ROUTE.get("/dialogues/{dialogue}/plan")
async def show(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show the plan, how it stands, and what was changed in it."""
    visit.allow("read", dialogue)
    head = await dialogue_head(visit, dialogue)
    found = await plan_seen(visit.desk, head.view)
    return page(
        request,
        visit,
        "plan/show.html",
        head=head,
        found=found,
        picture=as_it_is(found),
        changes=_changes(found),
        standing=_standing,
        origin_told=_origin,
        may_act="act" in visit.caller.scopes and not head.state.ended,
    )


@ROUTE.get("/dialogues/{dialogue}/plan/file")
async def give(request: Request, visit: Staff, dialogue: DialogueName) -> Response:  # noqa: ARG001
    """Give the plan as a method's file, which can be published as it is."""
    visit.allow("read", dialogue)
    found = await plan_file(visit.desk, dialogue)
    return as_file(found.method)


@ROUTE.get("/dialogues/{dialogue}/plan/change")
async def begin(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show the forms with which a plan is changed; nothing is changed yet."""
    visit.allow("read", dialogue)
    return await _asking(request, visit, dialogue, [])


@ROUTE.post("/dialogues/{dialogue}/plan/change")
async def change(
    request: Request, visit: Staff, dialogue: DialogueName, typed: Typed
) -> Response:
    """Add a change to those so far, take one away, or carry them all out."""
    visit.allow("act", dialogue)
    changes, asked = read(typed["changes"]), typed["do"]
    if asked == "confirm":
        return await _carry_out(request, visit, dialogue, changes, typed)
    if asked.startswith("remove:"):
        left = without(changes, asked.removeprefix("remove:"))
        return await _asking(request, visit, dialogue, left, typed)
    if not asked.startswith("add:"):
        return await _asking(request, visit, dialogue, changes, typed)
    state = await visit.desk.dialogue(dialogue)
    try:
        more = added(state, changes, typed)
    except Unfit as error:
        outcome = unfit(visit, error.problem, error.field)
        return await _asking(request, visit, dialogue, changes, typed, outcome)
    except MethodInvalid as error:
        outcome = unfit(visit, _NOT_WHOLE, "text")
        wrong = wrong_lines(error.problems, typed["text"])
        return await _asking(
            request, visit, dialogue, changes, typed, outcome, wrong=wrong
        )
    return await _asking(request, visit, dialogue, more, typed, fresh=True)


async def _carry_out(
    request: Request, visit: Visit, dialogue: str, changes: list[Change], typed: Form
) -> Response:
    if not changes:
        outcome = unfit(visit, _NOTHING, "changes")
    elif typed.text("reason") is None:
        outcome = unfit(visit, _REASON, "reason")
    else:
        body = {"changes": changes, "reason": typed["reason"].strip()}
        outcome = await act(visit, request, dialogue, AMEND, body, typed)
        if outcome.taken:
            return go_on(dialogue_path(dialogue, "plan"), CHANGED, outcome)
    return await _asking(request, visit, dialogue, changes, typed, outcome)


async def _asking(
    request: Request,
    visit: Visit,
    dialogue: str,
    changes: list[Change],
    typed: Form | None = None,
    outcome: Outcome | None = None,
    **more: Any,  # noqa: ANN401 (what the template shows besides)
) -> Response:
    head = await dialogue_head(visit, dialogue)
    try:
        weight = weigh(head.state, changes)
    except DomainError as error:
        outcome = outcome or refused(visit, Refused.of(error).about(head.state))
        changes = changes[:-1]
        weight = weigh(head.state, changes)
    fresh = more.pop("fresh", False)
    kept = emptied(typed) if typed and fresh else typed
    facts: dict[str, Any] = {"wrong": ()}
    return page(
        request,
        visit,
        "plan/change.html",
        status=outcome.status if outcome else 200,
        head=head,
        version=head.state.version,
        changes=changes,
        as_json=json.dumps(changes, ensure_ascii=False, separators=(",", ":")),
        told=_told(head.view, weight),
        preview=preview_of(head.view, weight.found) if changes else None,
        picture=as_it_would_be(head.view, weight.plan) if changes else None,
        choices=_choices(head.view, weight),
        outcome=outcome,
        typed=kept,
        may_act="act" in visit.caller.scopes,
        **{**facts, **more},
    )


def _told(view: Overview, weight: Weighed) -> list[str]:
    """Tell the changes so far, with the titles that they bring along."""
    titles = Titles(weight.plan, view.titles.lang)
    data = {"changes": weight.changes, "parts": weight.parts}
    return list(changes_told(view._replace(titles=titles), data))


def _choices(view: Overview, weight: Weighed) -> dict[str, list[tuple[str, str]]]:
    """Give what can be chosen in the forms: parts of the plan as changed so far."""
    plan, titles = weight.plan, Titles(weight.plan, view.titles.lang)
    steps = [*plan.all_steps()]
    return {
        "steps": [(s.id, f"{s.number} {titles.text(s.title)}") for s in steps],
        "items": [
            (f"{s.id}.{i.id}", f"{s.number} {titles.text(i.title)}")
            for s in steps
            for i in s.items
        ],
        "windows": [
            (f"{s.id}.{w.id}", f"{s.number} {titles.text(w.title)}")
            for s in steps
            for w in s.windows
        ],
    }


def _standing(status: Standing) -> str:
    return _(STANDING[status][0])


def _origin(origin: Origin) -> str:
    return _(_ORIGINS[origin.how]).format(seq=origin.seq)


def _changes(found: PlanView) -> list[dict[str, Any]]:
    return [
        {
            "seq": each.seq,
            "at": each.at,
            "by": each.by,
            "told": told_of(found.view, each.members),
        }
        for each in reversed(found.changes)
    ]
