"""Methods: browsing them, and publishing one of one's own."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from fastapi.responses import Response

from api.security import Visit
from desk.errors import Refused
from desk.mandates import ROLE
from desk.methods import (
    MethodInvalid,
    Weighed,
    method,
    methods,
    publish_text,
    put_in_force,
    weigh_text,
)
from domain.method import Method
from domain.plan_comparing import differences
from domain.plan_comparing import shown as differing
from language import mark
from methods.load import MAX_FILE_BYTES, shipped
from methods.writing import written
from pages.acting import Outcome, go_on, refused, unfit
from pages.attached import attached
from pages.documents import TypedWithFile
from pages.guests import Staff
from pages.methods.views import line, shown
from pages.methods.wrong import told
from pages.rendering import page
from pages.routing import router
from pages.said import says
from pages.typing_in import Form
from pages.wording import in_words

ROUTE = router()

PUBLISHED: Final = says(
    "published", mark("Published. Dialogues can begin with it from now on.")
)
SAME: Final = says(
    "published-before", mark("This is what was published last: nothing has changed.")
)
_EMPTY: Final = mark("Choose a file, or write the method in the field.")
_NOT_TEXT: Final = mark("This file is no text in UTF-8. Save it in that encoding.")
_TOO_LARGE: Final = mark(
    "This file is too large: a method takes {limit} bytes at most."
)
_NOT_A_METHOD: Final = mark(
    "This is no method yet. Below stands what is wrong, at its lines."
)
NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,62}(@[0-9a-f]{64})?$"
"""What the name of a method looks like, or that of one version of it."""

Named = Annotated[str, Path(alias="method", pattern=NAME, max_length=128)]


@ROUTE.get("/methods")
async def browse(
    request: Request, visit: Staff, q: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Show the methods in reach; ``q`` leaves those with a word."""
    visit.allow("read")
    known = _shipped_hashes()
    lines = [line(each, visit.lang, known) for each in await methods(visit.desk)]
    wanted = q.strip().casefold()
    found = [
        each
        for each in lines
        if wanted in f"{each.id} {each.title} {each.summary} {each.source}".casefold()
    ]
    return page(
        request, visit, "methods/browse.html", found=found, total=len(lines), q=q
    )


@ROUTE.get("/methods/new")
async def begin(
    request: Request, visit: Staff, like: Annotated[str, Query(max_length=128)] = ""
) -> Response:
    """Show where a method of one's own is written; ``like`` begins with another."""
    visit.allow("read")
    text = ""
    if re.fullmatch(NAME, like):
        text = written((await method(visit.desk, like)).method)
    return _asking(request, visit, text, None)


@ROUTE.post("/methods/new")
async def bring(request: Request, visit: Staff, typed: TypedWithFile) -> Response:
    """Check the text of a method, show what it would be, or publish it."""
    visit.allow("read")
    text, problem = await _text(visit, typed)
    if problem is not None:
        return _asking(request, visit, text, problem)
    try:
        weighed = await weigh_text(visit.desk, visit.caller.organisation, text)
    except MethodInvalid as error:
        outcome = unfit(visit, _NOT_A_METHOD, "text")
        wrong = told(error.problems, text)
        return _asking(request, visit, text, outcome, wrong=wrong)
    if typed["do"] == "publish":
        return await _publish(request, visit, text, weighed)
    return _asking(request, visit, text, None, weighed=weighed)


@ROUTE.get("/methods/{method}")
async def show(request: Request, visit: Staff, name: Named) -> Response:
    """Show a method whole."""
    visit.allow("read")
    found = await method(visit.desk, name)
    one = shown(found, visit.lang, _shipped_hashes())
    return page(request, visit, "methods/show.html", found=one, chosen="@" in name)


@ROUTE.get("/methods/{method}/file")
async def give(request: Request, visit: Staff, name: Named) -> Response:  # noqa: ARG001
    """Give a method as the file that it can be published from."""
    visit.allow("read")
    found = await method(visit.desk, name)
    return as_file(found.method)


def as_file(found: Method) -> Response:
    """Give a method to be saved, as it is published."""
    name = f"{found.id}-{found.version}.yaml"
    return attached(written(found), name, "application/yaml; charset=utf-8")


def _shipped_hashes() -> frozenset[str]:
    return frozenset(each.hash for each in shipped().values())


async def _text(visit: Visit, typed: Form) -> tuple[str, Outcome | None]:
    """Give what was sent: a file goes before the field; and what is the matter."""
    file = typed.files.get("file")
    if file is None or not file.filename:
        text = typed["text"]
        return text, None if text.strip() else unfit(visit, _EMPTY, "text")
    data = await file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        outcome = unfit(visit, _TOO_LARGE, "file", limit=MAX_FILE_BYTES)
        return typed["text"], outcome
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n"), None
    except UnicodeDecodeError:
        return typed["text"], unfit(visit, _NOT_TEXT, "file")


async def _publish(
    request: Request, visit: Visit, text: str, weighed: Weighed
) -> Response:
    visit.allow("administer")
    caller = visit.caller
    try:
        found, new = await publish_text(
            visit.desk, caller.organisation, text, caller.actor
        )
    except Refused as error:
        outcome = refused(visit, error, field="text")
        return _asking(request, visit, text, outcome, weighed=weighed)
    # At this point it is in the library; if we crash here, the same press makes up.
    await put_in_force(visit.desk, caller.organisation, found, visit.sender(ROLE))
    return go_on(f"/methods/{found.method.id}", PUBLISHED if new else SAME)


def _asking(
    request: Request,
    visit: Visit,
    text: str,
    outcome: Outcome | None,
    **more: Any,  # noqa: ANN401 (what the template shows besides)
) -> Response:
    weighed: Weighed | None = more.pop("weighed", None)
    facts: dict[str, Any] = {
        "wrong": (),
        "found": None,
        "against": None,
        "differs": None,
    }
    if weighed is not None:
        facts["found"] = shown(weighed.found, visit.lang, _shipped_hashes())
        facts["same"] = weighed.same
        facts["before"] = weighed.before.method if weighed.before else None
        facts["differs"] = _differs(weighed, visit.lang)
        if weighed.against is not None:
            facts["against"] = in_words(weighed.against, visit.lang)
    return page(
        request,
        visit,
        "methods/new.html",
        status=outcome.status if outcome else 200,
        text=text,
        outcome=outcome,
        may_publish="administer" in visit.caller.scopes,
        **{**facts, **more},
    )


def _differs(weighed: Weighed, lang: str) -> dict[str, list[str]] | None:
    """Say what differs from what the id stands for now, in titles."""
    if weighed.before is None:
        return None
    old, new = weighed.before.method, weighed.found.method
    told_of = differing(differences(old, new), old, new)

    def titles(member: str) -> list[str]:
        return [
            each["title"].get(lang) or next(iter(each["title"].values()))
            for each in told_of[member]
        ]

    return {name: titles(name) for name in ("added", "dropped", "changed")}
