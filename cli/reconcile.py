"""The record held against Temporal and old checkpoints, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.audit import Keys
from cli.backup import operator
from cli.failing import understood
from cli.frame import command
from cli.options import As
from cli.page import Cell, Page, Result
from cli.settings import Call, Usage
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.catching_up import Done, Outcome
    from desk.reconciling import Compared

UNDECIDED: Final = 6

TODO: Final[Mapping[str, str]] = {
    "catch_up": mark("Get it back: polder audit reconcile --catch-up"),
    "restore": mark("Start it again: polder dialogue restore {stream}"),
    "supersede": mark(
        "Two tell another story: find out why, then choose the record with polder "
        "dialogue restore {stream} --supersede"
    ),
    "start_worker": mark("Start a worker, and reconcile again."),
    "verify": mark(
        "Find what was changed: polder audit verify --all; put it back from a backup."
    ),
    "compare": mark(
        "The log was put back or rewritten: find out by whom, and tell who keeps "
        "checkpoints."
    ),
}
KINDS: Final[Mapping[str, str]] = {
    "forked": mark("another event was offered for a place that is taken"),
    "gap": mark("events were offered, and those before them are not on record"),
    "unknown_epoch": mark("a writer of an epoch that this record never gave out"),
    "not_sealed": mark("the sealer left it out: hash, chain or order is broken"),
    "not_on_record": mark("Temporal has it, the record has not"),
    "record_behind": mark("the record is behind Temporal"),
    "waits": mark("it has events that do not get on record"),
    "record_ahead": mark("the record is ahead of Temporal"),
    "head_differs": mark("record and Temporal hold different events"),
    "events_lost": mark("events are missing that Temporal no longer holds"),
    "blocked": mark("the record takes nothing more of it"),
    "older_epoch": mark("an old workflow runs, that a restore has replaced"),
    "not_in_temporal": mark("it is on record and alive, and Temporal does not run it"),
    "no_answer": mark("its workflow does not answer"),
    "log_shorter": mark("the log is shorter than a checkpoint that was kept"),
    "log_differs": mark("the log is another than when the checkpoint was made"),
    "checkpoint_unreadable": mark("the checkpoint can't be read, or not with this key"),
}
WENT_ON: Final[Mapping[str, str]] = {
    "by_itself": mark("goes on by itself"),
    "restored": mark("was started again from the record"),
    "ended": mark("had come to its end"),
    "stays": mark("stands still"),
}


@command(
    "audit",
    "reconcile",
    mark("Hold the record against Temporal and old checkpoints, and note the outcome."),
    "polder audit reconcile",
    "polder audit reconcile --since ijkpunt.txt --key log.pub",
    "polder audit reconcile --catch-up",
)
async def reconcile(
    call: Call,
    *,
    catch_up: Annotated[
        bool,
        typer.Option(
            "--catch-up", help=mark("Get back from Temporal what the record lacks.")
        ),
    ] = False,
    since: Annotated[
        list[Path] | None,
        typer.Option(
            "--since",
            metavar="FILE",
            help=mark("An older checkpoint that you kept; may be repeated."),
        ),
    ] = None,
    keys: Keys = None,
    as_: As = None,
) -> Result:
    """Compare; exit code 1 when something differs, 6 when some can't be asked."""
    from desk.catching_up import bring_up_to_date
    from desk.reconciling import compare, tell
    from desk.verdicts import known_keys

    if since and not keys:
        raise Usage(_("--since needs the key of the log: --key VKEY."))
    trusted, files, actor = known_keys(keys or ()), since or (), operator(as_)
    database = call.addresses.need("database", "temporal").database or ""
    async with call.desk("temporal") as desk:
        if catch_up:
            done = await bring_up_to_date(desk, database, files, trusted, actor)
            return _caught_up(done)
        compared = await compare(desk, files, trusted)
        said = await tell(desk, compared, actor)
    return Result(said, lambda page: _page(page, compared), _code(compared))


def _caught_up(done: Done) -> Result:
    data: dict[str, Any] = {
        "before": done.before.fact().model_dump(mode="json"),
        "dialogues": [_outcome(each) for each in done.outcomes],
        "after": done.after.fact().model_dump(mode="json"),
    }

    def show(page: Page) -> None:
        _page(page, done.before)
        if done.outcomes:
            page.title(_("Caught up"))
        for each in done.outcomes:
            _tell_outcome(page, each)
        if done.before.differences:
            page.title(_("After that"))
            _page(page, done.after)

    return Result(data, show, _code(done.after))


def _outcome(each: Outcome) -> dict[str, Any]:
    trouble = understood(each.trouble).message if each.trouble else None
    return {
        "stream": each.stream,
        "kind": each.kind,
        "added": each.added,
        "missing": each.missing,
        "lost": each.lost,
        "erasedAgain": each.erased_again,
        "wentOn": each.went_on,
        "trouble": trouble,
    }


def _tell_outcome(page: Page, each: Outcome) -> None:
    rows: Sequence[tuple[str, int]] = (
        (_("events back on record"), each.added),
        (_("events that are missing"), each.missing),
        (_("private texts that are lost"), each.lost),
        (_("private texts erased again"), each.erased_again),
    )
    page.line(f"{each.stream}: {_(WENT_ON[each.went_on])}", "title")
    page.table(((name, str(n)) for name, n in rows if n), indent=2)
    if each.trouble is not None:
        page.line(understood(each.trouble).message, "alarm", indent=2)


def _page(page: Page, compared: Compared) -> None:
    text = _("Compared: dialogues {dialogues}, checkpoints {checkpoints}.")
    page.line(text.format_map(compared._asdict()))
    if not compared.differences:
        page.line(_("Nothing differs."), "good")
    for one in compared.differences:
        page.line(f"{one.stream}: {_(KINDS[one.kind])}", "alarm")
        counts = _("on record: {recorded}; outside: {held}")
        told = {"recorded": one.recorded, "held": one.held}
        shown = {name: "-" if n is None else str(n) for name, n in told.items()}
        page.line(counts.format_map(shown), "quiet", indent=2)
        page.line(_(TODO[one.todo]).format(stream=one.stream), indent=2)


def _code(compared: Compared) -> int:
    """Give the exit code: what differs beats what can't be decided."""
    kinds = {one.kind for one in compared.differences}
    undecided = {"no_answer", "checkpoint_unreadable"}
    if kinds - undecided:
        return 1
    return UNDECIDED if kinds else 0


@command(
    "audit",
    "incidents",
    mark("Show what contradicts the record and nobody closed, and what to do."),
    "polder audit incidents",
)
async def incidents(
    call: Call,
    stream: Annotated[
        str | None,
        typer.Argument(metavar="ORG:SLUG", help=mark("Only of this dialogue.")),
    ] = None,
) -> Result:
    """List open incidents; exit code 1 when there are any."""
    from desk.incidents import open_incidents

    async with call.desk() as desk:
        found = await open_incidents(desk, stream)

    def show(page: Page) -> None:
        if not found:
            page.line(_("There are no open incidents."), "good")
        for one in found:
            page.line(f"{one['stream']}: {_said(one['kind'])}", "alarm")
            page.table(
                (
                    (Cell(one["id"], "quiet"), Cell(one["at"], "quiet")),
                    (_("what to do"), _(TODO[one["todo"]]).format_map(one)),
                ),
                indent=2,
            )

    return Result({"incidents": found}, show, 1 if found else 0)


def _said(kind: str) -> str:
    return _(KINDS[kind]) if kind in KINDS else kind


@command(
    "audit",
    "close-incident",
    mark("Note how an incident was dealt with; it is then no longer open."),
    "polder audit close-incident 0b8e21f4-3c1d-4f7e-9d53-2f2f6c1f1a10 explained",
)
async def close_incident(
    call: Call,
    incident: Annotated[
        str, typer.Argument(metavar="ID", help=mark("The incident's id."))
    ],
    how: Annotated[
        str,
        typer.Argument(
            metavar="HOW",
            help=mark("caught_up, restored, superseded, put_back or explained."),
        ),
    ],
    *,
    as_: As = None,
) -> Result:
    """Close an incident, on record."""
    from desk.incidents import close

    async with call.desk() as desk:
        await close(desk, incident, how, operator(as_))
    data = {"incident": incident, "how": how}
    return Result(data, lambda page: page.line(_("The incident is closed."), "good"))
