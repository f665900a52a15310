"""Methods: list, show, validate, schema, publish."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As
from cli.page import Cell, Page, Result
from cli.settings import Call, sender
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.methods import LoadedMethod, Step
    from desk.titles import Titles

_File = Annotated[
    Path, typer.Argument(metavar="FILE", help=mark("A method's YAML file."))
]


@asynccontextmanager
async def _maybe_desk(call: Call) -> AsyncGenerator[Desk | None]:
    """Give a desk where there is a record; what ships is there without one."""
    if call.addresses.database is None:
        yield None
        return
    async with call.desk() as desk:
        yield desk


@command(
    "method", "list", mark("List the methods in reach."), "polder method list --json"
)
async def list_methods(call: Call) -> Result:
    """List shipped and published methods."""
    from desk.methods import methods, titles_of

    async with _maybe_desk(call) as desk:
        found = await methods(desk)
    rows: list[dict[str, Any]] = [
        {
            "id": each.method.id,
            "version": each.method.version,
            "title": titles_of(each.method, lang()).text(each.method.title),
            "hash": each.hash,
            "languages": list(each.method.languages),
            "phases": len(each.method.phases),
            "steps": len(each.method.steps),
            "items": len(each.method.items),
        }
        for each in found
    ]
    return Result({"methods": rows}, lambda page: show_methods(page, rows))


def show_methods(page: Page, rows: Sequence[Mapping[str, Any]]) -> None:
    """Show methods in a table."""
    page.table(
        (
            Cell(row["id"], "title"),
            row["title"],
            row["version"],
            _("steps: {steps}, items: {items}").format_map(row),
            Cell(row["hash"][:12], "quiet"),
        )
        for row in rows
    )


@command(
    "method",
    "show",
    mark("Show what a method asks: its phases, steps, items and windows."),
    "polder method show stakeholderdialoog",
    "polder method show stakeholderdialoog --json",
)
async def show_method(
    call: Call,
    method: Annotated[str, typer.Argument(metavar="ID", help=mark("The method's id."))],
) -> Result:
    """Show one method, compiled."""
    from desk.methods import method as get

    async with _maybe_desk(call) as desk:
        found = await get(desk, method)
    return Result(
        found.method.model_dump(mode="json"), lambda page: show_one(page, found)
    )


def show_one(page: Page, found: LoadedMethod) -> None:
    """Show a method: its roles, phases, steps, items and windows."""
    from desk.in_words.methods import RIGHTS
    from desk.methods import titles_of

    plan, titles = found.method, titles_of(found.method, lang())
    page.line(f"{titles.text(plan.title)}  ({plan.id} {plan.version})", "title")
    if plan.summary:
        page.line(titles.text(plan.summary))
    page.line(_("Source: {name}").format(name=plan.source.name), "quiet")
    page.line(f"SHA-256: {found.hash}", "quiet")
    page.title(_("Roles"))
    page.table(
        (
            (
                titles.text(role.title),
                Cell(role.id, "quiet"),
                ", ".join(_(RIGHTS[right]) for right in role.may),
            )
            for role in plan.roles
        ),
        indent=2,
    )
    choices = (
        (_("Kinds of stakeholder"), plan.stakeholder_kinds),
        (_("Levels of engagement"), plan.engagement_levels),
    )
    for heading, known in choices:
        if known:
            page.title(heading)
            rows = ((titles.text(c.title), Cell(c.id, "quiet")) for c in known)
            page.table(rows, indent=2)
    for phase in plan.phases:
        page.title(f"{titles.text(phase.title)}  [{phase.id}]")
        for step in phase.steps:
            _show_step(page, titles, step)


def _show_step(page: Page, titles: Titles, step: Step) -> None:
    page.line(f"{step.number}  {titles.text(step.title)}  [{step.id}]", "title", 2)
    if step.undescribed:
        page.line(_("The source does not describe this step."), "quiet", 4)
    for sign, parts in (("□", step.items), ("⧖", step.windows)):
        rows = (
            (sign, titles.text(part.title), Cell(f"{step.id}.{part.id}", "quiet"))
            for part in parts
        )
        page.table(rows, indent=4)


@command(
    "method",
    "validate",
    mark("Check a method's file; every problem with line, path and remedy."),
    "polder method validate onze-aanpak.yaml",
)
async def validate(call: Call, file: _File) -> Result:  # noqa: ARG001
    """Check a file: exit code 1 where it is not a method yet."""
    from desk.methods import MethodInvalid, load

    try:
        found = load(file)
    except MethodInvalid as error:
        return _invalid(error)
    data = {
        "valid": True,
        "id": found.method.id,
        "version": found.method.version,
        "hash": found.hash,
    }
    text = _("{file} is a method: {id} {version}, {hash}").format(file=file, **data)
    return Result(data, lambda page: page.line(text, "good"))


def _invalid(error: Any) -> Result:  # noqa: ANN401  (loaded when it is needed)
    problems = [
        {name: getattr(p, name) for name in p.__slots__} for p in error.problems
    ]

    def show(page: Page) -> None:
        for problem in error.problems:
            page.line(str(problem))
        count = len(error.problems)
        page.line(_("Problems: {count}.").format(count=count), "alarm")

    return Result({"valid": False, "problems": problems}, show, 1)


@command(
    "method",
    "schema",
    mark("Print the JSON Schema of a method's file, for your editor."),
    "polder method schema > method.schema.json",
)
async def schema(call: Call) -> Result:  # noqa: ARG001  (as every command)
    """Print the schema; it is JSON either way."""
    import json

    from desk.methods import schema as get

    found = get()
    text = json.dumps(found, indent=2, ensure_ascii=False)
    return Result(found, lambda page: print(text, file=page.out))


@command(
    "method",
    "publish",
    mark("Publish a method of your own, so that dialogues can start with it."),
    "polder method publish onze-aanpak.yaml --as beheer-1",
    "polder method publish onze-aanpak.yaml --organisation gemeente-waterdam",
)
async def publish(
    call: Call,
    file: _File,
    *,
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation",
            metavar="ORG",
            help=mark("Note it in the stream of this organisation."),
        ),
    ] = None,
    as_: As = None,
) -> Result:
    """Publish a method; a version that was published stays for good."""
    from desk.methods import MethodInvalid, publish_method, put_in_force

    event: dict[str, Any] = {}
    async with call.desk() as desk:
        try:
            found, new = await publish_method(desk, file, sender(as_).id)
        except MethodInvalid as error:
            return _invalid(error)
        if organisation is not None:
            noted = await put_in_force(desk, organisation, found, sender(as_))
            event = {"event": {"stream": f"org:{organisation}", "seq": noted.seq}}
    data = {
        **event,
        "id": found.method.id,
        "version": found.method.version,
        "hash": found.hash,
        "new": new,
    }
    text = (
        _("Published: {id} {version}, {hash}")
        if new
        else _("This is what was published last: {id} {version}, {hash}")
    )
    return Result(data, lambda page: page.line(text.format_map(data)))
