"""Going over to another method: the mapping, what it would do, and doing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Query, Request
from fastapi.responses import Response

from api.models import DialogueName
from api.security import Visit
from desk.errors import Refused
from desk.methods import LoadedMethod, method, methods, titles_of
from desk.overview import Overview
from desk.plans import preview
from domain.state import Dialogue
from language import mark
from language.speaking import _
from pages.acting import Outcome, act, go_on, refused, unfit
from pages.dialogue.head import Head, dialogue_head
from pages.guests import Staff
from pages.plan.previews import told as preview_of
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Form, Typed
from pages.ways import dialogue_path

ROUTE = router()

KIND: Final = "migrate_method"
MIGRATED: Final = says(
    "migrated",
    mark("The dialogue follows the other method now, and that is on record."),
)
_REASON: Final = mark(
    "Say why the dialogue goes over: whoever looks into this needs it."
)
_BEHIND: Final = "-"
_MAP, _ROLE = "map:", "role:"

To = Annotated[str, Query(max_length=128, pattern=r"^([a-z0-9][a-z0-9@_-]*)?$")]


class Row(NamedTuple):
    """A part that was worked on, and what it can become."""

    part: str
    kind: str
    title: str
    chosen: str
    unsaid: bool
    options: tuple[tuple[str, str], ...]


@ROUTE.get("/dialogues/{dialogue}/plan/migrate")
async def look(
    request: Request, visit: Staff, dialogue: DialogueName, to: To = ""
) -> Response:
    """Show the methods there are, or what going over to one of them would do."""
    visit.allow("read", dialogue)
    return await _shown(request, visit, dialogue, to)


@ROUTE.post("/dialogues/{dialogue}/plan/migrate")
async def go_over(
    request: Request, visit: Staff, dialogue: DialogueName, typed: Typed, to: To = ""
) -> Response:
    """Look again with another mapping, or go over."""
    visit.allow("act", dialogue)
    if typed["do"] != "confirm":
        return await _shown(request, visit, dialogue, to, typed)
    if typed.text("reason") is None:
        outcome = unfit(visit, _REASON, "reason")
        return await _shown(request, visit, dialogue, to, typed, outcome)
    body = {**_body(to, typed), "reason": typed["reason"].strip()}
    outcome = await act(visit, request, dialogue, KIND, body, typed)
    if outcome.taken:
        return go_on(dialogue_path(dialogue, "plan"), MIGRATED, outcome)
    return await _shown(request, visit, dialogue, to, typed, outcome)


def _body(to: str, typed: Form | None) -> dict[str, Any]:
    """Give the command's body, but for the reason: what was said of each part."""
    mapping: dict[str, str | None] = {}
    roles: dict[str, str] = {}
    for name in typed or ():
        value = typed[name] if typed else ""
        if value and name.startswith(_MAP):
            mapping[name.removeprefix(_MAP)] = None if value == _BEHIND else value
        elif value and name.startswith(_ROLE):
            roles[name.removeprefix(_ROLE)] = value
    told = {"method": to, "mapping": mapping, "roles": roles}
    lapse = typed is not None and typed["amendments"] == "lapse"
    name, _at, digest = to.partition("@")
    if digest:
        told |= {"method": name, "method_hash": digest}
    return {**told, "amendments": "lapse" if lapse else "carry"}


async def _shown(
    request: Request,
    visit: Visit,
    dialogue: str,
    to: str,
    typed: Form | None = None,
    outcome: Outcome | None = None,
) -> Response:
    head = await dialogue_head(visit, dialogue)
    facts: dict[str, Any] = {
        "to": to,
        "target": None,
        "preview": None,
        "rows": (),
        "roles": (),
        "methods": (),
    }
    if to:
        target = await method(visit.desk, to)
        found, outcome = await _weighed(visit, head, to, typed, outcome)
        facts |= _about(head, target, found, typed)
    else:
        lang = visit.lang
        facts["methods"] = [
            _choice(m, lang, head.state) for m in await methods(visit.desk)
        ]
    return page(
        request,
        visit,
        "plan/migrate.html",
        status=outcome.status if outcome else 200,
        head=head,
        version=head.state.version,
        outcome=outcome,
        typed=typed,
        may_act="act" in visit.caller.scopes,
        **facts,
    )


async def _weighed(
    visit: Visit, head: Head, to: str, typed: Form | None, outcome: Outcome | None
) -> tuple[dict[str, Any] | None, Outcome | None]:
    """Ask what going over would do; what can't even be asked is an outcome."""
    try:
        found = await preview(visit.desk, head.stream, KIND, _body(to, typed))
    except Refused as error:
        return None, outcome or refused(visit, error.about(head.state))
    return found, outcome


def _about(
    head: Head, target: LoadedMethod, found: dict[str, Any] | None, typed: Form | None
) -> dict[str, Any]:
    titles = titles_of(target.method, head.view.titles.lang)
    facts: dict[str, Any] = {
        "target": {
            "title": titles.text(target.method.title),
            "version": target.method.version,
            "id": target.method.id,
            "hash": target.hash,
            "same": target.hash == head.state.method.hash,
        },
        "roles": tuple(_roles(head, target, typed)),
    }
    if found is not None:
        facts["preview"] = preview_of(head.view, found)
        facts["rows"] = tuple(_rows(head.view, target, found, typed))
    return facts


def _rows(
    view: Overview, target: LoadedMethod, found: dict[str, Any], typed: Form | None
) -> Iterator[Row]:
    """Give the parts that were worked on; first those that still need a word."""
    unsaid, new = {*found["unsaid"]}, target.method
    titles = titles_of(new, view.titles.lang)
    kinds = (
        (_("step"), view.state.plan.steps, new.steps),
        (_("item"), view.state.plan.items, new.items),
        (_("feedback window"), view.state.plan.windows, new.windows),
    )
    options = [
        tuple((name, f"{titles.part(name)} [{name}]") for name in known)
        for _word, _old, known in kinds
    ]
    worked_on = dict.fromkeys((*found["unsaid"], *found["maps"]))
    for part in worked_on:
        number = next((n for n, (_w, old, _k) in enumerate(kinds) if part in old), None)
        if number is not None:
            yield Row(
                part=part,
                kind=kinds[number][0],
                title=view.titles.part(part),
                chosen=typed[f"{_MAP}{part}"] if typed else "",
                unsaid=part in unsaid,
                options=options[number],
            )


def _roles(head: Head, target: LoadedMethod, typed: Form | None) -> Iterator[Row]:
    """Give the roles that somebody holds and that the other method does not have."""
    titles = titles_of(target.method, head.view.titles.lang)
    options = tuple((r.id, titles.text(r.title)) for r in target.method.roles)
    known = {role.id for role in target.method.roles}
    for role, holders in head.state.roles.items():
        if holders and role not in known:
            yield Row(
                part=role,
                kind=_("role"),
                title=head.view.titles.role(role),
                chosen=typed[f"{_ROLE}{role}"] if typed else "",
                unsaid=False,
                options=options,
            )


def _choice(found: LoadedMethod, lang: str, state: Dialogue) -> dict[str, Any]:
    titles = titles_of(found.method, lang)
    summary = found.method.summary
    return {
        "id": found.method.id,
        "title": titles.text(found.method.title),
        "summary": titles.text(summary) if summary else "",
        "version": found.method.version,
        "now": found.hash == state.method.hash,
        "own": found.method.id == state.method.id,
        "lang": lang if lang in found.method.languages else found.method.languages[0],
    }
