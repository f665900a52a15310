"""Dialogues: start, list, show, history, watch, send, preview, restore."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

import typer

from cli.frame import command
from cli.options import As, CommandId, IfVersion, Stream
from cli.page import Result
from cli.settings import Call, Usage, read_text, reader, sender
from cli.speech import _, lang
from language import mark

_DEMO = "gemeente-waterdam:parkzicht"


@command(
    "dialogue",
    "start",
    mark("Start a dialogue with a method."),
    f'polder dialogue start {_DEMO} --method stakeholderdialoog --title "Parkzicht"',
    f'polder dialogue start {_DEMO} --method stakeholderdialoog --title "Parkzicht" '
    "--role process_director=p-1 --as p-1",
)
async def start(  # noqa: PLR0913  (one option for each fact)
    call: Call,
    stream: Stream,
    *,
    method: Annotated[
        str, typer.Option("--method", metavar="ID", help=mark("Which method."))
    ],
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help=mark("Public title."))
    ],
    question: Annotated[
        str | None,
        typer.Option("--question", metavar="TEXT", help=mark("Public question.")),
    ] = None,
    zone: Annotated[
        str, typer.Option("--zone", metavar="ZONE", help=mark("Time zone."))
    ] = "Europe/Amsterdam",
    calendar: Annotated[
        str, typer.Option("--calendar", metavar="NL|BE", help=mark("Working days."))
    ] = "NL",
    language: Annotated[
        str,
        typer.Option(
            "--language", metavar="nl|en", help=mark("Language of letters and titles.")
        ),
    ] = "nl",
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE=ACTOR",
            help=mark("Who holds a role; more than once for more holders."),
        ),
    ] = None,
    deadline: Annotated[
        list[str] | None,
        typer.Option(
            "--deadline",
            metavar="DATE=TEXT",
            help=mark("A date to keep, such as 2027-03-01=Raadsbesluit."),
        ),
    ] = None,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Start a dialogue and wait until that is on record."""
    from cli.answering import answered
    from desk.beginning import begin
    from desk.desk import fresh_id

    name, _at, digest = method.partition("@")
    body: dict[str, Any] = {
        "method": name,
        "title": title,
        "zone": zone,
        "calendar": calendar,
        "language": language,
        "roles": _roles(role or []),
        "deadlines": [_deadline(text) for text in deadline or []],
    }
    body |= {"question": question} if question else {}
    body |= {"method_hash": digest} if digest else {}
    made = command_id or fresh_id()
    async with call.desk("temporal") as desk:
        answer = await begin(
            desk, stream, body, sender(as_), command_id=made, day=call.day
        )
        return await answered(desk, stream, made, answer, as_)


def _roles(told: list[str]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    for text in told:
        role, _is, actor = text.partition("=")
        if not role or not actor:
            raise Usage(_("--role takes ROLE=ACTOR, for example sounding_board=k-1."))
        roles.setdefault(role, []).append(actor)
    return roles


def _deadline(told: str) -> dict[str, str]:
    day, _is, title = told.partition("=")
    if not title:
        raise Usage(
            _("--deadline takes DATE=TEXT, for example 2027-03-01=Raadsbesluit.")
        )
    return {"date": day, "title": title}


@command(
    "dialogue",
    "list",
    mark("List dialogues, with where each stands."),
    "polder dialogue list --organisation gemeente-waterdam --status running",
)
async def list_dialogues(
    call: Call,
    *,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", metavar="ORG", help=mark("Of this one only.")),
    ] = None,
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
        lambda page: show_overview(page, view, every=all_steps),
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
    private: Annotated[
        bool,
        typer.Option("--private", help=mark("With private texts, for the director.")),
    ] = False,
    as_: As = None,
) -> Result:
    """Tell the whole history of a dialogue."""
    from cli.showing import show_history
    from desk.history import private_words, whole_history
    from desk.overview import overview

    words: dict[tuple[int, str], str] = {}
    async with call.desk() as desk:
        past = await whole_history(desk, stream)
        view = await overview(desk, stream, lang())
        if private:
            words = await private_words(desk, stream, view.state, sender(as_))
    data: dict[str, Any] = {"events": [event.members for event in past]}
    if private:
        data["private"] = [
            {"seq": seq, "path": path, "value": value}
            for (seq, path), value in words.items()
        ]
    return Result(data, lambda page: show_history(page, view, past, words))


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
    "send",
    mark("Send any command of the domain, with its body as JSON."),
    f"polder dialogue send {_DEMO} complete_items "
    '\'{"items":["opdracht.aanleiding"]}\'',
    f"polder dialogue send {_DEMO} record_response @reactie.json --as p-1",
)
async def send(
    call: Call,
    stream: Stream,
    kind: Annotated[
        str, typer.Argument(metavar="COMMAND", help=mark("Such as complete_items."))
    ],
    body: Annotated[
        str,
        typer.Argument(metavar="[JSON or @file]", help=mark("Its body; @- is stdin.")),
    ] = "{}",
    *,
    as_: As = None,
    command_id: CommandId = None,
    if_version: IfVersion = None,
) -> Result:
    """Send a command as it is; plain text in private fields goes to the vault."""
    from cli.answering import answered
    from desk.desk import fresh_id

    text = read_text(body.removeprefix("@")) if body.startswith("@") else body
    made = command_id or fresh_id()
    async with call.desk("temporal") as desk:
        answer = await desk.send(
            stream,
            kind.replace("-", "_"),
            _object(text),
            sender(as_),
            command_id=made,
            if_version=if_version,
        )
        assert answer is not None  # noqa: S101  (it was waited for)
        return await answered(desk, stream, made, answer, as_)


def _object(text: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(text)
    except ValueError as error:
        raise Usage(
            _("The body is not JSON: {problem}.").format(problem=error)
        ) from error
    if not isinstance(found, dict):
        raise Usage(_("The body is not a JSON object, such as {}."))
    return cast("dict[str, Any]", found)


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
    from cli.showing import show_preview
    from desk.names import full_step
    from desk.overview import overview

    async with call.desk() as desk:
        view = await overview(desk, stream, lang())
        found = await desk.preview_revisit(stream, full_step(view.state.plan, step))
    return Result(found, lambda page: show_preview(page, view, found))


@command(
    "dialogue",
    "restore",
    mark("Start a dialogue again from its record, after Temporal lost it."),
    f"polder dialogue restore {_DEMO}",
    "polder dialogue restore --all",
)
async def restore(
    call: Call,
    stream: Annotated[
        str | None,
        typer.Argument(
            metavar="ORG:SLUG", help=mark("The dialogue, as organisation:name.")
        ),
    ] = None,
    *,
    supersede: Annotated[
        bool,
        typer.Option(
            "--supersede", help=mark("Also while Temporal runs it: end that one first.")
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help=mark("Every dialogue that Temporal lost."))
    ] = False,
) -> Result:
    """Bring one dialogue back, or all that were lost."""
    from cli.answering import answered, recovered

    if everything is (stream is not None) or (everything and supersede):
        raise Usage(_("Name one dialogue, or say --all."))
    async with call.desk("temporal") as desk:
        if stream is None:
            return await recovered(desk)
        answer = await desk.restore(stream, supersede=supersede)
        return await answered(desk, stream, "", answer)
