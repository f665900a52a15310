"""Who has which role: giving it, taking it, and handing it over in one act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple

from fastapi import Query, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.security import Visit
from language import mark
from pages.acting import Outcome, go_on
from pages.dialogue import happenings
from pages.dialogue.called import names_of_holders
from pages.dialogue.head import Head, dialogue_head
from pages.dialogue.lengths import Wanted
from pages.dialogue.offers import TRIAL, Offers, body_of
from pages.doing import do
from pages.guests import Staff
from pages.naming import is_id
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

_FEW: Final = 8
"""With so many holders each has their forms on the page; of more, one at a time."""

_NO_ID: Final = mark(
    "Write who it is, by an id of letters, digits and . _ : - without spaces, such as "
    "k-12. No names: those have a field of their own."
)
_NO_NOTE: Final = mark(
    "Say what the successor has to know: it is part of handing over."
)

SAID: Final[Mapping[str, str]] = {
    "assign_role": says("role-assigned", mark("The role is given.")),
    "release_role": says("role-released", mark("The role is taken back.")),
    "hand_over_role": says("role-handed-over", mark("The role is handed over.")),
}


class Holder(NamedTuple):
    """Somebody who holds a role; their name where it was opened for the reader."""

    id: str
    name: str | None
    unreachable: bool


class RoleLines(NamedTuple):
    """A role with who holds it, and what it is for."""

    id: str
    title: str
    steers: bool
    works: bool
    holders: tuple[Holder, ...]


@ROUTE.get("/dialogues/{dialogue}/roles")
async def show_roles(
    request: Request,
    visit: Staff,
    dialogue: DialogueName,
    names: Annotated[str, Query(max_length=3)] = "",
    who: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show who has which role; with ``names`` also what they are called, on record.

    ``who`` is somebody with whom something is to be done, where there are many.
    """
    visit.allow("read", dialogue)
    opened = names == "yes"
    return await _shown(request, visit, dialogue, opened=opened, chosen=who)


@ROUTE.post("/dialogues/{dialogue}/roles")
async def act_on_roles(
    request: Request, visit: Staff, dialogue: DialogueName, typed: Typed
) -> Response:
    """Give a role, take it back, or hand it over."""
    visit.allow("act", dialogue)
    found = wanted(typed)
    outcome = await do(visit, request, dialogue, found, typed)
    if found and outcome.taken:
        where = dialogue_path(dialogue, "roles", at=f"role-{found.body['role']}")
        return go_on(where, SAID[found.kind], outcome)
    return await _shown(request, visit, dialogue, outcome, typed)


def wanted(form: Form) -> Wanted | None:
    """Read which act a form asks for; None for one that there is not."""
    kind, role, actor = form["act"], form["role"], form.text("actor")
    if kind == "assign_role":
        field = f"{role}-actor"
        found = body_of(
            role=role,
            actor=actor,
            name=form.text("name"),
            address=form.text("address"),
        )
        return Wanted(kind, found, "" if is_id(actor) else _NO_ID, field)
    if kind == "release_role":
        body = body_of(role=role, actor=actor, reason=form.text("reason"))
        return Wanted(kind, body, "" if is_id(actor) else _NO_ID, f"{role}-{actor}")
    return _handing_over(form) if kind == "hand_over_role" else None


def _handing_over(form: Form) -> Wanted:
    role, actor, next_ = form["role"], form.text("actor"), form.text("successor")
    place = f"{role}-{actor}"
    body = body_of(
        role=role,
        actor=actor,
        successor=next_,
        note=form.text("note"),
        name=form.text("name"),
        address=form.text("address"),
    )
    if not is_id(next_):
        return Wanted("hand_over_role", body, _NO_ID, f"{place}-successor")
    lacking = "" if form.text("note") else _NO_NOTE
    return Wanted("hand_over_role", body, lacking, f"{place}-note")


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    outcome: Outcome | None = None,
    typed: Form | None = None,
    *,
    opened: bool = False,
    chosen: str = "",
) -> Response:
    head = await dialogue_head(visit, dialogue)
    names = await names_of_holders(visit, head) if opened else {}
    offers = await Offers.of(visit, head.view)
    roles = _roles(head, names)
    trial = {"role": head.state.plan.roles[0].id, "actor": TRIAL}
    return page(
        request,
        visit,
        "dialogue/roles.html",
        status=outcome.status if outcome else 200,
        head=head,
        roles=roles,
        few=sum(len(role.holders) for role in roles) <= _FEW,
        chosen=typed["actor"] if typed else chosen,
        offer=offers("assign_role", **trial),
        act=offers.sender is not None,
        opened=opened,
        may_open="private" in visit.caller.scopes,
        outcome=outcome,
        typed=typed,
        meanwhile=await happenings.meanwhile(visit, head.view, outcome, typed),
    )


def _roles(head: Head, names: Mapping[tuple[str, str], str]) -> list[RoleLines]:
    state = head.state
    return [
        RoleLines(
            role.id,
            head.view.titles.role(role.id),
            "steer" in role.may,
            "complete" in role.may and "steer" not in role.may,
            tuple(
                Holder(who, names.get((role.id, who)), who in state.unreachable)
                for who in state.holders(role.id)
            ),
        )
        for role in state.plan.roles
    ]
