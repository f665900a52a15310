"""Responses and answers to look at, and answers that come from a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.frame import command
from cli.options import As, Private, Stream
from cli.page import Result
from cli.settings import Call, Usage, sender
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.answer_sheet import Wish
    from desk.answering import Answers
    from desk.desk import Desk

_DEMO: Final = "gemeente-waterdam:parkzicht"

_Window = Annotated[
    str | None,
    typer.Option(
        "--window", metavar="WINDOW", help=mark("Of this feedback window only.")
    ),
]


@command(
    "dialogue",
    "responses",
    mark("List responses: what came in, what became of it, what waits."),
    f"polder dialogue responses {_DEMO}",
    f"polder dialogue responses {_DEMO} --unanswered --private --as p-1",
)
async def responses(
    call: Call,
    stream: Stream,
    *,
    window: _Window = None,
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help=mark("Only what waits for an answer."))
    ] = False,
    untold: Annotated[
        bool,
        typer.Option("--untold", help=mark("Only whom their answer did not reach.")),
    ] = False,
    private: Private = False,
    as_: As = None,
) -> Result:
    """List the responses of a dialogue, with how many were answered."""
    from cli.showing_answers import show_responses
    from desk.answering import counted, document

    async with call.desk() as desk:
        found = await _answers(desk, stream, window, as_, private=private)
    wanted = [
        view
        for view in found.responses
        if (not unanswered or view.standing == "waiting")
        and (not untold or view.told is False)
    ]
    data: dict[str, Any] = {
        "responses": [document(view) for view in wanted],
        "coverage": _coverage(found),
        "total": counted(found.total),
    }
    return Result(data, lambda page: show_responses(page, stream, found, wanted))


@command(
    "dialogue",
    "answers",
    mark("Tell what was done with responses, and how many were answered."),
    f"polder dialogue answers {_DEMO}",
    f"polder dialogue answers {_DEMO} --csv reacties.csv --private --as p-1",
)
async def answers(
    call: Call,
    stream: Stream,
    *,
    window: _Window = None,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help=mark(
                "Write all responses to a sheet, to fill in and give to answer-sheet."
            ),
        ),
    ] = None,
    private: Private = False,
    as_: As = None,
) -> Result:
    """Tell what was answered; with --csv write a sheet."""
    from cli.showing_answers import show_answers
    from desk.answer_sheet import write
    from desk.answering import counted

    async with call.desk() as desk:
        found = await _answers(desk, stream, window, as_, private=private)
    if csv is not None:
        write(Path(csv), found, lang())
    data: dict[str, Any] = {
        "answers": [one._asdict() for one in found.given],
        "coverage": _coverage(found),
        "total": counted(found.total),
    }
    return Result(
        data | ({"csv": csv} if csv else {}),
        lambda page: show_answers(page, stream, found, csv),
    )


@command(
    "dialogue",
    "answer-sheet",
    mark("Answer responses as a sheet says that was filled in; see answers --csv."),
    f"polder dialogue answer-sheet {_DEMO} reacties.csv --as p-1",
    f"polder dialogue answer-sheet {_DEMO} reacties.csv --dry-run --as p-1",
)
async def answer_sheet(
    call: Call,
    stream: Stream,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=mark("The sheet, as CSV."))
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=mark("Only say what would be done."))
    ] = False,
    as_: As = None,
) -> Result:
    """Send the answers that a sheet holds and the record does not have yet."""
    from cli.showing_answers import show_sheet
    from desk.answer_sheet import SheetInvalid, read

    path = _existing(file)
    async with call.desk(*(() if dry_run else ("temporal",))) as desk:
        found = await _answers(desk, stream, None, as_, private=True)
        try:
            wishes = read(path, found, lang())
        except SheetInvalid as error:
            told = _("Nothing was done. In {file}, by line: {problems}.").format(
                file=file, problems="; ".join(error.problems)
            )
            raise Usage(told) from error
        if not dry_run:
            await _carry_out(desk, stream, wishes, as_)
            found = await _answers(desk, stream, None, as_, private=False)
    data = {
        "commands": [{"kind": w.kind, "responses": w.responses} for w in wishes],
        "done": not dry_run,
        "coverage": _coverage(found),
    }
    return Result(
        data, lambda page: show_sheet(page, stream, wishes, found, done=not dry_run)
    )


def _existing(file: str) -> Path:
    path = Path(file)
    if not path.is_file():
        raise Usage(_("There is no file {file}.").format(file=file))
    return path


async def _carry_out(
    desk: Desk, stream: str, wishes: list[Wish], as_: str | None
) -> None:
    # At this point everything in the sheet was checked. If one command is refused or
    # we are cut off, those before it are on record: read the sheet again.
    for wish in wishes:
        await desk.send(stream, wish.kind, wish.body, sender(as_))


async def _answers(
    desk: Desk, stream: str, window: str | None, as_: str | None, *, private: bool
) -> Answers:
    from desk.answering import answers as find
    from desk.names import full_window

    state = await desk.dialogue(stream)
    known = None if window is None else full_window(state.plan, window)
    if known is not None and known not in {*state.plan.windows, *state.windows}:
        raise Usage(_("There is no window {window}.").format(window=window))
    reader = sender(as_) if private else None
    return await find(desk, stream, lang(), window=known, reader=reader)


def _coverage(found: Answers) -> list[dict[str, Any]]:
    from desk.answering import counted

    return [
        {"window": one.window, "title": one.title, **counted(one.counts)}
        for one in found.windows
    ]
