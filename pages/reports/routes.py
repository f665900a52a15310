"""Reports and what came after them: drafts and finals, decisions, who was told."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from api.models import DialogueName
from api.security import Visit
from desk.in_words.codes import DECIDED
from desk.in_words.harvest import word
from domain.entries import Kind
from language.speaking import _
from pages.acting import Outcome, go_on
from pages.dialogue import happenings
from pages.dialogue.head import dialogue_head
from pages.dialogue.offers import SEALED, TRIAL, Offers
from pages.documents import TypedWithFile
from pages.doing import do
from pages.guests import Staff
from pages.naming import free
from pages.rendering import page
from pages.reports import views
from pages.reports.acts import SAID, fingerprint, sight, wanted
from pages.reports.lists import Listed, lists
from pages.responses.words import OUTCOMES
from pages.routing import router
from pages.texts import may_read, text_of
from pages.typing_in import Form
from pages.ways import dialogue_path

ROUTE = router()

_IN_PLACE: Final = frozenset(
    {"retract_report", "annul_decision", "reconfirm_decision", "answer_late_feedback"}
)
"""Acts on something in a list, after which one is where that was."""

_MOST: Final = 100
"""How many reports can be chosen from: the newest that stand."""


@ROUTE.get("/dialogues/{dialogue}/reports")
async def show_reports(
    request: Request, visit: Staff, dialogue: DialogueName
) -> Response:
    """Show reports in their chains, conclusions, decisions, and who was told."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue)


@ROUTE.post("/dialogues/{dialogue}/reports")
async def act_on_reports(
    request: Request, visit: Staff, dialogue: DialogueName, form: TypedWithFile
) -> Response:
    """Publish or retract a report, record a decision, tell the results."""
    visit.allow("act", dialogue)
    found = wanted(form, fingerprint(form))
    outcome = await do(
        visit,
        request,
        dialogue,
        found,
        form,
        (lambda now: sight(now, form)) if "sight" in form else None,
    )
    if found and outcome.taken:
        where = dialogue_path(dialogue, "reports")
        if found.kind in _IN_PLACE and request.url.query:
            where += f"?{request.url.query}"
        return go_on(where, SAID[found.kind], outcome)
    return await _shown(request, visit, dialogue, outcome, form)


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    found, state = await lists(visit, head, request.query_params), head.state
    offers, titles = await Offers.of(visit, head.view), head.view.titles
    standing = filter(views.stands, found["report"].every)
    trial = {
        "report": TRIAL,
        "title": SEALED,
        "reference": SEALED,
        "sha256": "0" * 64,
    }
    facts: dict[str, Any] = {
        "found": found,
        "chains": views.chains(state, found["report"].rows),
        "decisions": views.decisions(found["decision"].rows),
        "final": offers("publish_report", status="final", **trial),
        "draft": offers("publish_report", status="draft", **trial),
        "standing": [(r.id, r.data["title"]) for r in islice(standing, _MOST)],
        "steps": [(s.id, titles.step(s.id)) for s in state.plan.all_steps()],
        "roles": [(r.id, titles.role(r.id)) for r in state.plan.roles],
        "decided": [(name, _(text)) for name, text in DECIDED.items()],
        "handled": [(name, _(text[0])) for name, text in OUTCOMES.items()],
        "suggested": _suggested(found),
    }
    return page(
        request,
        visit,
        "reports/reports.html",
        status=outcome.status if outcome else 200,
        head=head,
        act=offers.sender is not None,
        word=word,
        text_of=text_of,
        may_open=may_read(visit, state),
        outcome=outcome,
        typed=typed,
        meanwhile=await happenings.meanwhile(visit, head.view, outcome, typed),
        **facts,
    )


def _suggested(found: dict[Kind, Listed]) -> dict[Kind, str]:
    """Give the first free id of each kind."""
    called: dict[Kind, str] = {
        "report": _("report"),
        "decision": _("decision"),
        "conclusion": _("conclusion"),
        "communication": _("results"),
    }
    return {
        kind: free(n, {r.id for r in found[kind].every}) for kind, n in called.items()
    }
