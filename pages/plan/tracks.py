"""Tracks: steps of the plan run once more, side by side; opened and closed here.

What opening one would do is shown first, and happens only once somebody confirms that.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from api.security import Visit
from desk.errors import Refused
from desk.plans import plan_seen, preview
from language import mark
from language.speaking import _, speaking
from pages.acting import Outcome, act, go_on, refused, unfit
from pages.dialogue.head import Head, dialogue_head
from pages.guests import Staff
from pages.naming import free, slug
from pages.plan.previews import Preview, Section, told
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

OPENED: Final = says("track-opened", mark("The track is open."))
CLOSED: Final = says("track-closed", mark("The track is closed."))
_OPEN, _CLOSE = "open_track", "close_track"
_NO_TITLE: Final = mark("Give the track a title, such as the name of a district.")
_NO_STEPS: Final = mark("Choose at least one step.")
_NO_REASON: Final = mark(
    "Say why: steps are left out of the plan itself, and others will ask."
)
_LONGEST: Final = 20
"""Letters of a track's name: it stands behind that of each step in it."""


@ROUTE.get("/dialogues/{dialogue}/plan/tracks")
async def show(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show the tracks there are, and the form that opens one."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue)


@ROUTE.post("/dialogues/{dialogue}/plan/tracks")
async def change(
    request: Request, visit: Staff, dialogue: DialogueName, typed: Typed
) -> Response:
    """Look what a track would do, open it, or close one."""
    visit.allow("act", dialogue)
    asked = typed["do"]
    if asked.startswith("close:"):
        return await _close(request, visit, dialogue, typed)
    head = await dialogue_head(visit, dialogue)
    outcome = _unfit(visit, typed)
    if asked == "confirm" and outcome is None:
        body = _body(head, typed)
        outcome = await act(visit, request, dialogue, _OPEN, body, typed)
        if outcome.taken:
            return go_on(dialogue_path(dialogue, "plan", "tracks"), OPENED, outcome)
    return await _shown(request, visit, dialogue, typed, outcome)


async def _close(
    request: Request, visit: Visit, dialogue: str, typed: Form
) -> Response:
    track = typed["do"].removeprefix("close:")
    reason, field = typed.text(f"close-{track}"), f"close-{track}"
    body = {"track": track, **({"reason": reason} if reason else {})}
    outcome = await act(visit, request, dialogue, _CLOSE, body, typed, field=field)
    if outcome.taken:
        return go_on(dialogue_path(dialogue, "plan", "tracks"), CLOSED, outcome)
    return await _shown(request, visit, dialogue, typed, outcome)


def _unfit(visit: Visit, typed: Form) -> Outcome | None:
    """Say what a form lacks."""
    if typed.text("title") is None:
        return unfit(visit, _NO_TITLE, "title")
    if not typed.every("steps"):
        return unfit(visit, _NO_STEPS, "steps")
    alone = typed["instead"] and typed["do"] == "confirm"
    if alone and typed.text("reason") is None:
        return unfit(visit, _NO_REASON, "reason")
    return None


def _body(head: Head, typed: Form) -> dict[str, Any]:
    title = typed["title"].strip()
    name = slug(title, _LONGEST)
    if not name or name in head.state.tracks:
        name = free(name or "track", head.state.tracks)
    body: dict[str, Any] = {
        "track": name,
        "title": title,
        "steps": typed.every("steps"),
    }
    body |= {"instead": True} if typed["instead"] else {}
    reason = typed.text("reason")
    return {**body, "reason": reason} if reason else body


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    typed: Form | None = None,
    outcome: Outcome | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    found = None
    wanted = typed if typed and not typed["do"].startswith("close:") else None
    if wanted and wanted.text("title") and wanted.every("steps"):
        found, outcome = await _weighed(visit, head, wanted, outcome)
    seen = await plan_seen(visit.desk, head.view)
    copies = {step for track in head.state.tracks.values() for step in track.steps}
    titles = head.view.titles
    return page(
        request,
        visit,
        "plan/tracks.html",
        status=outcome.status if outcome else 200,
        head=head,
        version=head.state.version,
        tracks=seen.tracks,
        steps=[
            (step.id, f"{step.number} {titles.text(step.title)}")
            for step in head.state.plan.all_steps()
            if step.id not in copies
        ],
        preview=found,
        wanted=wanted,
        typed=typed,
        outcome=outcome,
        may_act="act" in visit.caller.scopes and not head.state.ended,
    )


async def _weighed(
    visit: Visit, head: Head, typed: Form, outcome: Outcome | None
) -> tuple[Preview | None, Outcome | None]:
    """Ask what opening it would do; what can't even be asked is an outcome."""
    # Whether there is a reason is seen to when somebody confirms.
    body = {**_body(head, typed), "instead": False}
    try:
        found = await preview(visit.desk, head.stream, _OPEN, body)
    except Refused as error:
        return None, outcome or refused(visit, error.about(head.state))
    with speaking(visit.lang):
        whole = told(head.view, {**found, "revisit": ()})
        left = [head.view.titles.step(step) for step in _left(head, typed)]
        section = Section(_("Left out, since it runs in tracks only:"), tuple(left))
    more = (section,) if left else ()
    return whole._replace(sections=(*whole.sections, *more)), outcome


def _left(head: Head, typed: Form) -> list[str]:
    """Give the chosen steps that go from the plan itself: those not begun."""
    if not typed["instead"]:
        return []
    rounds = {step: head.state.round(step) for step in typed.every("steps")}
    return [s for s, r in rounds.items() if r is None or r.status == "voided"]
