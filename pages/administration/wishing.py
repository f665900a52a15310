"""What the form of a new subscription asks for."""

from __future__ import annotations

from typing import Final, Literal, cast

from api.security import Visit
from desk.subscription_wish import Wish
from pages.typing_in import Form

FIELDS: Final = {"clientSecret": "client_secret"}
"""Where a part of the wish is called otherwise in the form."""

_WAYS: Final = frozenset({"bearer", "zgw"})


def wish(visit: Visit, form: Form) -> Wish:
    """Read it; what is wrong with it the desk says."""
    way = form["authorisation"]
    only = visit.caller.dialogue
    told = cast('Literal["none", "bearer", "zgw"]', way if way in _WAYS else "none")
    return Wish(
        target=form.text("target") or "",
        types=form["types"].replace(",", " ").split(),
        dialogues=[only] if only else form["dialogues"].replace(",", " ").split(),
        format="zgw" if form["format"] == "zgw" else "event",
        authorisation=told,
        bearer=form.text("bearer") if told == "bearer" else None,
        client_id=form.text("client_id") if told == "zgw" else None,
        client_secret=form.text("client_secret") if told == "zgw" else None,
        from_leaf=0 if form["from"] == "start" else None,
    )
