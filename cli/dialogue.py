"""Reading dialogues: list, show, history, watch, and what going back would do."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.frame import command
from cli.options import As, OfOrganisation, Private, Stream
from cli.page import Result
from cli.settings import Call, reader, sender
from cli.speech import lang
from language import mark

_DEMO = "gemeente-waterdam:parkzicht"


@command(
    "dialogue",
    "list",
    mark("List dialogues, with where each stands."),
    "polder dialogue list --organisation gemeente-waterdam --status running",
)
async def list_dialogues(
    call: Call,
    *,
    organisation: OfOrganisation = None,
    status: Annotated[
        str | None,
        typer.Option(
            "--status",
            metavar="STATUS",
            help=mark("running, paused, completed, cancelled or archived."),
        ),
    ] = None,
    method: Annotated[
        str | None, typer.Option("--method", metavar="ID", help=mark("Of this method."))
    ] = None,
    attention: Annotated[
        bool, typer.Option("--attention", help=mark("Where something needs a person."))
    ] = False,
    as_: As = None,
) -> Result:
    """List dialogues."""
    from cli.showing import show_list
    from desk.listing import every_dialogue, summary

    async with call.desk() as desk:
        rows = [
            row
            async for row in every_dialogue(
                desk,
                organisation=organisation,
                status=status,
                method=method,
                attention=attention,
                actor=reader(as_) if as_ else None,
            )
        ]
    return Result(
        {"dialogues": [summary(row) for row in rows]},
        lambda page: show_list(page, rows),
    )


@command(
    "dialogue",
    "show",
    mark("Show a dialogue: what is done, what is open, what is due when."),
    f"polder dialogue show {_DEMO}",
    f"polder dialogue show {_DEMO} --json",
)
async def show(
    call: Call,
    stream: Stream,
    *,
    all_steps: Annotated[
        bool, typer.Option("--all", help=mark("Items of every step, done ones too."))
    ] = False,
) -> Result:
    """Show a dialogue from the record, also while Temporal is down."""
    from cli.showing import show_overview
    from desk.overview import overview

    async with call.desk() as desk:
        view = await overview(desk, stream, lang())
    return Result(
        # Which commands were handled, only the dialogue itself knows.
        view.state.model_dump(mode="json", exclude={"handled"}),
        lambda page: show_overview(
            page, view._replace(next=view.next_for(reader(None))), every=all_steps
        ),
    )


@command(
    "dialogue",
    "history",
    mark("Tell what happened: who did what, when and why."),
    f"polder dialogue history {_DEMO}",
    f"polder dialogue history {_DEMO} --private --as p-1",
    f"polder dialogue history {_DEMO} --json",
)
async def history(
    call: Call,
    stream: Stream,
    *,
    private: Private = False,
    as_: As = None,
) -> Result:
    """Tell the whole history of a dialogue."""
    from cli.recounting import Known, show_history
    from desk.erased import erased_fields
    from desk.history import Opened, opened, whole_history
    from desk.overview import overview

    read = Opened({}, {})
    async with call.desk() as desk:
        past = await whole_history(desk, stream)
        view = await overview(desk, stream, lang())
        erased = await erased_fields(desk, stream, past)
        if private:
            read = await opened(desk, stream, view.state, sender(as_))
    data: dict[str, Any] = {"events": [event.members for event in past]}
    if private:
        data["private"] = [
            {"seq": seq, "path": path, "value": value}
            for (seq, path), value in read.words.items()
        ]
        data["kept"] = [
            {"seq": seq, "path": path, "step": step or None}
            for (seq, path), step in read.kept.items()
        ]
    known = Known(read.words, erased, read.kept)
    return Result(data, lambda page: show_history(page, view, past, known))


@command(
    "dialogue",
    "watch",
    mark("Follow a dialogue: tell each event as it is recorded, until Ctrl-C."),
    f"polder dialogue watch {_DEMO}",
)
async def watch(
    call: Call,
    stream: Stream,
    *,
    seconds: Annotated[
        float | None,
        typer.Option("--for", metavar="SECONDS", help=mark("Stop after so long.")),
    ] = None,
) -> int:
    """Tell events as they come; with --json one document on each line."""
    from cli.watching import follow

    async with call.desk() as desk:
        await follow(desk, stream, seconds, as_json=call.json)
    return 0


@command(
    "dialogue",
    "preview-revisit",
    mark("Tell what returning to a step would undo, without doing it."),
    f"polder dialogue preview-revisit {_DEMO} opdracht",
)
async def preview(
    call: Call,
    stream: Stream,
    step: Annotated[
        str,
        typer.Argument(metavar="STEP", help=mark("The step: its id, or its number.")),
    ],
) -> Result:
    """Show what a revisit would do."""
    from cli.recounting import show_preview
    from desk.names import full_step
    from desk.overview import overview

    async with call.desk() as desk:
        view = await overview(desk, stream, lang())
        found = await desk.preview_revisit(stream, full_step(view.state.plan, step))
    return Result(found, lambda page: show_preview(page, view, found))
