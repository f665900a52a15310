"""Dialogues: which there are, and where one stands."""

from __future__ import annotations

from api.models import DialogueName
from api.routing import router
from api.security import Visiting

ROUTE = router("Dialogen")


@ROUTE.get(
    "/dialogues/{dialogue}",
    operation_id="getDialogue",
    summary="Eén dialoog",
)
async def get_dialogue(visit: Visiting, dialogue: DialogueName) -> dict[str, str]:
    """Geeft waar een dialoog staat."""
    visit.allow("read", dialogue)
    state = await visit.desk.dialogue(dialogue)
    return {"id": dialogue, "title": state.title}
