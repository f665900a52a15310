"""The evidence pack: one press to have it, and a place to check any pack."""

from __future__ import annotations

from importlib.resources import files as resources

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from api.models import DialogueName
from desk.packs_apart import ask_pack
from pages.attached import attached
from pages.dialogue.head import dialogue_head
from pages.guests import Staff
from pages.history.shown import shown
from pages.routing import router
from pages.typing_in import Typed

ROUTE = router()


@ROUTE.get("/dialogues/{dialogue}/pack")
async def show_pack(request: Request, visit: Staff, dialogue: DialogueName) -> Response:
    """Show what a pack is, how to get it, and how to check one."""
    visit.allow("audit", dialogue)
    head = await dialogue_head(visit, dialogue)
    facts = {
        "opens": "private" in visit.caller.scopes,
        "file": f"{dialogue.replace(':', '-')}.zip",
    }
    return shown(request, visit, head, "pack", facts)


@ROUTE.post("/dialogues/{dialogue}/pack.zip")
async def give_pack(visit: Staff, dialogue: DialogueName, form: Typed) -> Response:
    """Make a pack of the dialogue as it is now, and give it.

    By a form of ours: the log is sealed and signed for it.
    """
    visit.allow("audit", dialogue)
    withhold = ["all"] if form["withhold"] == "all" else []
    size, parts = await ask_pack(visit.desk, visit.caller, dialogue, withhold)
    headers = {
        "Content-Disposition": (
            f'attachment; filename="{dialogue.replace(":", "-")}.zip"'
        ),
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(parts, media_type="application/zip", headers=headers)


@ROUTE.get("/verify.py")
async def give_verifier(visit: Staff) -> Response:
    """Give the program that checks packs and proofs, as it lies in every pack."""
    visit.allow("read")
    program = resources("evidence").joinpath("verify.py").read_bytes()
    return attached(program, "verify.py", "text/x-python")
