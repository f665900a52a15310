"""The record: show it, verify it, fold it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import findings
from cli.choosing import looking
from cli.frame import command
from cli.options import As, Stream
from cli.page import Cell, Mood, Page, Result
from cli.settings import Call, Usage
from cli.speech import _, lang
from desk.in_words.unusual import outside_mandate
from language import mark

if TYPE_CHECKING:
    from desk.checks import Checked
    from desk.verdicts import Judged

UNDECIDED = 6
"""The exit code of what can't be decided."""


@command(
    "audit",
    "show",
    mark("Show the record of a dialogue: each event with its hash."),
    "polder audit show gemeente-waterdam:parkzicht",
)
async def show(call: Call, stream: Stream, *, as_: As = None) -> Result:
    """Show the chain of a stream, and what contradicted it."""
    from desk.history import incidents_of, whole_history
    from desk.reads import note

    async with call.desk() as desk:
        past = await whole_history(desk, stream)
        incidents = await incidents_of(desk, stream)
        await note(desk, looking(as_).id, "show", stream, {}, rows=len(past))
    data: dict[str, Any] = {
        "stream": stream,
        "events": [{"hash": event.hash, **event.members} for event in past],
        "incidents": incidents,
    }

    def page_of(page: Page) -> None:
        page.table(
            (
                (
                    str(event.seq),
                    event.members["at"],
                    event.members["type"],
                    event.members["actor"]["id"],
                    Cell(event.hash[:16], "quiet"),
                )
                for event in past
            ),
            header=("seq", _("when (UTC)"), _("what"), _("who"), _("hash")),
        )
        for incident in incidents:
            page.line(_("Incident {id}: {kind}, {at}").format_map(incident), "alarm")

    return Result(data, page_of)


_ONLY_PROOF = mark("Only the proof: events and log, without vault and projections.")
_NO_OLDER = mark(
    "No older checkpoint of yours was compared (--since): that all was rewritten, or "
    "put back from a backup, is not excluded."
)

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key",
        metavar="VKEY",
        help=mark("The log's public key, text or file; may be repeated."),
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="FILE", help=mark("An older checkpoint that you kept.")
    ),
]


@command(
    "audit",
    "verify",
    mark("Check an evidence pack, or with --all the whole record and its log."),
    "polder audit verify parkzicht.zip --key log.pub",
    "polder audit verify parkzicht.zip --key log.pub --since ijkpunt.txt",
    "polder audit verify --all",
    "polder audit verify --all --proof",
)
async def verify(
    call: Call,
    pack: Annotated[
        str | None, typer.Argument(metavar="PACK", help=mark("The pack, a ZIP file."))
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=mark("Everything in this database."))
    ] = False,
    proof: Annotated[bool, typer.Option("--proof", help=_ONLY_PROOF)] = False,
    keys: Keys = None,
    since: Since = None,
    witnesses: Annotated[
        list[str] | None,
        typer.Option(
            "--witness",
            metavar="VKEY",
            help=mark("The public key of a witness you trust, text or file."),
        ),
    ] = None,
    quorum: Annotated[
        int | None,
        typer.Option(
            "--quorum",
            metavar="N",
            help=mark("So many of them must have cosigned; all, unless it is said."),
        ),
    ] = None,
) -> Result:
    """Verify; the exit code is the verdict: 0 sound, 1 not sound, 6 undecided."""
    if (pack is None) != everything:
        raise Usage(_("Say what to check: a pack, or --all."))
    if proof and not everything:
        raise Usage(_("--proof goes with --all: a pack is proof only."))
    if pack is None:
        if witnesses or quorum is not None:
            raise Usage(_("--witness and --quorum are for a pack."))
        return await _everything(call, keys or (), since, proof_only=proof)
    from desk.verdicts import judge

    told = judge(
        pack,
        keys or (),
        since=since,
        witnesses=witnesses or (),
        quorum=quorum,
        lang=lang(),
    )
    return Result(told.document, lambda page: _judged(page, told), told.verdict)


def _judged(page: Page, told: Judged) -> None:
    moods: dict[int, Mood] = {0: "good", 1: "alarm", 6: "open"}
    verdict, *rest = told.lines
    page.line(verdict, moods[told.verdict])
    for line in rest:
        page.line(line)


async def _everything(
    call: Call, keys: Sequence[str], since: str | None, *, proof_only: bool
) -> Result:
    from desk.checks import verify as check

    where = call.addresses.need("database")
    found = await check(
        where.database or "",
        keys=keys,
        since=since,
        log_key=call.log_key,
        vault_keys=where.keys,
        proof_only=proof_only,
    )

    def summary(page: Page) -> None:
        facts = found.facts
        if found.sound:
            page.line(_("Sound."), "good")
        elif found.verdict == UNDECIDED:
            page.line(_("It can't be decided."), "open")
        else:
            page.line(_("Not sound."), "alarm")
        text = _("Checked: events {events}, streams {streams}.")
        page.line(text.format_map(facts))
        text = _("The log: leaves {leaves}, checkpoints {checkpoints}.")
        page.line(text.format_map(facts["log"]))
        if proof_only:
            page.line(_(_ONLY_PROOF), "open")
        _left_open(page, facts, proof_only=proof_only)
        for stream in facts["blocked"]:
            text = _("{stream} takes nothing until it is restored.")
            page.line(text.format(stream=stream), "alarm")
        findings.show(page, found.findings)
        _remarks(page, facts["remarks"])

    return Result(_document(found), summary, found.verdict)


def _remarks(page: Page, remarks: list[dict[str, Any]]) -> None:
    """Show acts outside their mandate, which make no record unsound."""
    if not remarks:
        return
    page.line(_("Outside a mandate: {count}.").format(count=len(remarks)), "open")
    rows = ((r["stream"], str(r["seq"]), outside_mandate(r)) for r in remarks)
    page.table(rows, indent=2)


def _left_open(page: Page, facts: dict[str, Any], *, proof_only: bool) -> None:
    """Say what was not checked, or could not be."""
    if not facts["vaultChecked"] and not proof_only:
        page.line(_("The vault could not be checked from here."), "open")
    log = facts["log"]
    if log["checkpoints"] and not log["signaturesChecked"]:
        page.line(_("Signatures were not checked: give the log's key, --key."), "open")
    if log["unsealed"]:
        text = _("Events that wait for a place in the log: {unsealed}.")
        page.line(text.format_map(log), "quiet")
    if log["since"] is not None:
        text = _("It continues your checkpoint of {since} events.")
        page.line(text.format_map(log), "good")
    else:
        page.line(_(_NO_OLDER), "quiet")


@command(
    "audit",
    "rebuild",
    mark("Fold all projections again; what differed is put right and reported."),
    "polder audit rebuild",
)
async def rebuild(call: Call) -> Result:
    """Rebuild; exit code 1 when anything differed."""
    from desk.checks import fold_again

    found = await fold_again(call.addresses.need("database").database or "")

    def summary(page: Page) -> None:
        text = _("Dialogues folded again: {dialogues}.")
        page.line(text.format_map(found.facts))
        if found.sound:
            page.line(_("Nothing differed."), "good")
        else:
            page.line(_("This differed, and has been put right:"), "alarm")
        findings.show(page, found.findings)

    return Result(_document(found), summary, found.verdict)


def _document(found: Checked) -> dict[str, Any]:
    verdict = {"verdict": int(found.verdict), "sound": found.sound}
    return {**verdict, **found.facts, "findings": found.findings}
