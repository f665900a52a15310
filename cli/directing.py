"""Acting on a dialogue as a whole: start it, send it anything, bring it back."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

import typer

from cli.frame import command
from cli.options import As, CommandId, IfVersion, Stream, Under
from cli.page import Result
from cli.settings import Call, Usage, read_text, sender
from cli.speech import _
from language import mark

_DEMO = "gemeente-waterdam:parkzicht"

_Role = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="ROLE=ACTOR",
        help=mark("Who holds a role; more than once for more holders."),
    ),
]
_Deadline = Annotated[
    list[str] | None,
    typer.Option(
        "--deadline",
        metavar="DATE=TEXT",
        help=mark("A date to keep, such as 2027-03-01=Raadsbesluit."),
    ),
]
_Language = Annotated[
    str,
    typer.Option(
        "--language", metavar="nl|en", help=mark("Language of letters and titles.")
    ),
]
_Method = Annotated[
    str, typer.Option("--method", metavar="ID", help=mark("Which method."))
]
_Title = Annotated[
    str, typer.Option("--title", metavar="TEXT", help=mark("Public title."))
]
_Question = Annotated[
    str | None,
    typer.Option("--question", metavar="TEXT", help=mark("Public question.")),
]
_Zone = Annotated[str, typer.Option("--zone", metavar="ZONE", help=mark("Time zone."))]
_Calendar = Annotated[
    str, typer.Option("--calendar", metavar="NL|BE", help=mark("Working days."))
]


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
    method: _Method,
    title: _Title,
    question: _Question = None,
    zone: _Zone = "Europe/Amsterdam",
    calendar: _Calendar = "NL",
    language: _Language = "nl",
    role: _Role = None,
    deadline: _Deadline = None,
    as_: As = None,
    command_id: CommandId = None,
    under: Under = None,
) -> Result:
    """Start a dialogue and wait until that is on record."""
    from cli.answering import answered
    from cli.under import pinned
    from desk.beginning import begin
    from desk.desk import fresh_id

    body = started_with(
        method,
        title=title,
        question=question,
        zone=zone,
        calendar=calendar,
        language=language,
        role=role,
        deadline=deadline,
    )
    made = command_id or fresh_id()
    async with call.desk("temporal") as desk:
        who = sender(as_)
        pin = await pinned(desk, under, (stream, "start_dialogue", body), who)
        answer = await begin(
            desk, stream, body, who, command_id=made, day=call.day, mandate=pin
        )
        return await answered(desk, stream, made, answer, as_)


def started_with(
    method: str,
    *,
    question: str | None,
    role: list[str] | None,
    deadline: list[str] | None,
    **more: str,
) -> dict[str, Any]:
    """Give the body of a start, of what was typed. Raises `Usage`."""
    name, _at, digest = method.partition("@")
    body: dict[str, Any] = {
        "method": name,
        **more,
        "roles": _roles(role or []),
        "deadlines": [_deadline(text) for text in deadline or []],
    }
    body |= {"question": question} if question else {}
    return body | ({"method_hash": digest} if digest else {})


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
    under: Under = None,
) -> Result:
    """Send a command as it is; plain text in private fields goes to the vault."""
    from cli.answering import answered
    from cli.under import pinned
    from desk.desk import fresh_id

    made = command_id or fresh_id()
    name, told, who = kind.replace("-", "_"), sent_body(body), sender(as_)
    async with call.desk("temporal") as desk:
        pin = await pinned(desk, under, (stream, name, told), who)
        answer = await desk.send(
            stream,
            name,
            told,
            who,
            command_id=made,
            if_version=if_version,
            mandate=pin,
        )
        assert answer is not None  # noqa: S101  (it was waited for)
        return await answered(desk, stream, made, answer, as_)


def sent_body(told: str) -> dict[str, Any]:
    """Read a command's body: JSON, or ``@file`` with it. Raises `Usage`."""
    return _object(read_text(told.removeprefix("@")) if told.startswith("@") else told)


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
