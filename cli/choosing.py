"""Which events: the same options for every command that takes events from the log."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.page import Result
from cli.settings import Usage, reader, sender
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.desk import Sender
    from desk.questions import Question

Target = Annotated[
    str | None,
    typer.Argument(
        metavar="[ORG:SLUG|ORG]",
        help=mark("A dialogue, or an organisation with all its dialogues."),
    ),
]
All = Annotated[
    bool, typer.Option("--all", help=mark("The whole log, Polder's own part too."))
]
Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        metavar="TYPE",
        help=mark("Of this type; may be given more than once."),
    ),
]
Actors = Annotated[
    list[str] | None,
    typer.Option(
        "--actor",
        metavar="ACTOR",
        help=mark("By this actor; may be given more than once."),
    ),
]
Mandate = Annotated[
    str | None,
    typer.Option(
        "--mandate",
        metavar="ORG/SEQ",
        help=mark("Done under the mandate that this event of the organisation gave."),
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="MOMENT",
        help=mark("From this day or moment on, in UTC unless it says otherwise."),
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="MOMENT",
        help=mark("Through this day, or before this moment."),
    ),
]
Erased = Annotated[
    bool, typer.Option("--erased", help=mark("Only events of which text was erased."))
]
Late = Annotated[
    bool,
    typer.Option(
        "--late",
        help=mark(
            "Only late responses, and events recorded more than five minutes after "
            "they happened."
        ),
    ),
]
Within = Annotated[
    int | None,
    typer.Option(
        "--checkpoint",
        metavar="SIZE",
        min=1,
        help=mark("Within the checkpoint of this size; else the newest."),
    ),
]

_CHOICES: Final[Mapping[str, tuple[object, object]]] = {
    "target": (Target, None),
    "everything": (All, False),
    "types": (Types, None),
    "actors": (Actors, None),
    "mandate": (Mandate, None),
    "since": (Since, None),
    "until": (Until, None),
    "erased": (Erased, False),
    "late": (Late, False),
    "checkpoint": (Within, None),
}


def looking(named: str | None) -> Sender:
    """Give who reads: of `--as` or `POLDER_AS`, else `desk.reads.UNNAMED`."""
    from desk.reads import UNNAMED

    return sender(named) if reader(named) else sender(UNNAMED)


def choosing(
    run: Callable[..., Awaitable[Result | int]],
) -> Callable[..., Awaitable[Result | int]]:
    """Let a command take the options by which events are chosen, as ``**chosen``."""
    own = inspect.signature(run, eval_str=True)
    kept = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
    more = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind
        )
        for name, (kind, default) in _CHOICES.items()
    ]
    run.__signature__ = own.replace(parameters=[*kept, *more])  # type: ignore[attr-defined]
    return run


def question(given: Mapping[str, Any], by: Sender, *, opened: bool = False) -> Question:
    """Make a question of what a command was told. Raises `Usage`."""
    from desk.moments import read_instant
    from desk.questions import Filters, Question, Scope

    target, everything = given["target"], given["everything"]
    if bool(target) == everything:
        raise Usage(_("Say of what: a dialogue, an organisation, or --all."))
    single = target if target and ":" in target else None
    since, until = (
        read_instant(text, "UTC", end_of_day=last) if text else None
        for text, last in ((given["since"], False), (given["until"], True))
    )
    return Question(
        Scope(single, None if single else target),
        Filters(
            types=given["types"],
            actors=given["actors"],
            mandate=_mandate(given["mandate"]),
            since=since,
            until=until,
            late=given["late"],
        ),
        by,
        erased=given["erased"],
        opened=opened,
        size=given["checkpoint"],
    )


def _mandate(told: str | None) -> str | None:
    """Give ``STREAM/SEQ``, also where the organisation alone was named."""
    if told is None:
        return None
    name, slash, seq = told.rpartition("/")
    if not slash or not seq.isdecimal():
        raise Usage(_("--mandate takes ORG/SEQ."))
    return told if ":" in name else f"org:{name}/{seq}"
