"""One form of a page, sent: done, or back with everything that was typed.

A page may have many forms; a button of each says in ``act`` which command it is.
"""

from __future__ import annotations

from typing import Final

from fastapi import Request

from api.security import Visit
from language import mark
from pages.acting import Outcome, act, unfit
from pages.dialogue.lengths import Wanted
from pages.dialogue.seeing import Sight, act_on_what_was_seen
from pages.dialogue.step_acts import NO_REASON
from pages.typing_in import Form

NO_ACT: Final = mark("Choose what to do with one of the buttons of the page.")


async def do(
    visit: Visit,
    request: Request,
    stream: str,
    wanted: Wanted | None,
    form: Form,
    sight: Sight | None = None,
) -> Outcome:
    """Send what a form asks for; with ``sight`` only if what was seen is still so.

    Raises `NotFound` and `NotAllowed`.
    """
    visit.allow("act", stream)
    if wanted is None:
        return unfit(visit, NO_ACT, "main")
    if wanted.missing:
        return unfit(visit, wanted.missing, wanted.field)
    kind, body, field = wanted.kind, wanted.body, wanted.field or None
    if sight is None:
        return await act(visit, request, stream, kind, body, form, field=field)
    return await act_on_what_was_seen(
        visit, request, stream, kind, body, form, sight, field=field
    )


def for_a_reason(kind: str, form: Form, field: str, **body: object) -> Wanted:
    """Give a command that takes a reason, which stands in the form at ``field``."""
    reason = form.text(field)
    whole = {name: v for name, v in body.items() if v is not None}
    return Wanted(kind, {**whole, "reason": reason}, "" if reason else NO_REASON, field)
