"""The plan of a dialogue, and how it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Response

from api.models import Body, DialogueName
from api.models.commands import CommandAnswer
from api.models.dialogues import MethodShown
from api.models.plan import (
    AmendmentShown,
    PlannedItem,
    PlannedPhase,
    PlannedStep,
    PlannedWindow,
    PlanShown,
    TrackShown,
)
from api.models.short_forms import acting_form
from api.routing import router
from api.security import Visiting
from api.sending import ANSWERED, Sending
from api.short_sending import SENT, Short
from desk.entries import entries
from desk.overview import ItemView, Overview, StepView, WindowView, overview
from domain.audiences import known_window
from domain.confidential import readers_of
from domain.state import Dialogue

ROUTE = router("Plan")

if TYPE_CHECKING:
    PlanBody = Body
else:
    PlanBody = acting_form("PlanBody", "amend_plan")


@ROUTE.get("/dialogues/{dialogue}/plan", operation_id="getPlan", summary="Het plan")
async def get_plan(visit: Visiting, dialogue: DialogueName) -> PlanShown:
    """Geeft het plan, met hoe het met elke stap staat en wat eraan is gewijzigd."""
    visit.allow("read", dialogue)
    seen = await overview(visit.desk, dialogue, visit.lang)
    changes = await entries(visit.desk, dialogue, "amendment")
    tracks = await entries(visit.desk, dialogue, "track")
    return PlanShown(
        dialogue=dialogue,
        version=seen.state.version,
        method=MethodShown.model_validate(seen.state.method.model_dump()),
        phase=seen.phase,
        phases=_phases(seen),
        tracks=[TrackShown.model_validate({**r.data, "id": r.id}) for r in tracks],
        amendments=[
            AmendmentShown.model_validate({**r.data, "seq": r.seq}) for r in changes
        ],
    )


def _phases(seen: Overview) -> list[PlannedPhase]:
    return [
        PlannedPhase(
            id=phase.id,
            title=phase.title,
            steps=[_step(seen.state, step) for step in phase.steps],
        )
        for phase in seen.phases
    ]


def _step(state: Dialogue, step: StepView) -> PlannedStep:
    planned = state.plan.steps[step.id]
    return PlannedStep(
        id=step.id,
        number=step.number,
        title=step.title,
        status=step.status,
        round=step.round,
        needs=list(planned.needs or ()),
        waits_for=list(step.waits_for),
        owner=planned.owner,
        undescribed=step.undescribed,
        readers=list(readers_of(state, step.id)) or None,
        items=[_item(item) for item in step.items],
        windows=[_window(state, window) for window in step.windows],
    )


def _item(item: ItemView) -> PlannedItem:
    members = item._asdict() | {"sub": [_item(sub) for sub in item.sub] or None}
    return PlannedItem.model_validate(members)


def _window(state: Dialogue, window: WindowView) -> PlannedWindow:
    audience = known_window(state, window.id).audience
    return PlannedWindow.model_validate(window._asdict() | {"audience": audience})


@ROUTE.post(
    "/dialogues/{dialogue}/plan",
    operation_id="amendPlan",
    summary="Het plan wijzigen",
    description="Korte vorm van de opdracht `amend_plan`: stappen, aandachtspunten en "
    "termijnen die nog niet zijn afgerond komen erbij, veranderen of vervallen." + SENT,
    responses=ANSWERED,
    response_model=CommandAnswer,
)
async def amend_plan(
    visit: Visiting,
    dialogue: DialogueName,
    body: PlanBody,
    sending: Sending,
    response: Response,
) -> CommandAnswer | Response:
    """Change the plan."""
    return await Short(visit, "amend_plan", body).send(sending, response, dialogue)
