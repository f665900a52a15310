"""Desks' keys: which ones an organisation trusts, and what it takes without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, CommandId, Organisation
from cli.page import Cell, Page, Result
from cli.settings import Call, Usage, sender
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.vouching import Keys, Reached

_ORG = "gemeente-waterdam"

_Why = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help=mark("Why. Kept private."))
]


@command(
    "organisation",
    "keys",
    mark(
        "Show the desks' keys that an organisation trusts, and what it takes without."
    ),
    f"polder organisation keys {_ORG}",
)
async def keys(call: Call, organisation: Organisation) -> Result:
    """Show them; nothing secret is in it."""
    from desk.vouching import known

    async with call.desk() as desk:
        found = await known(desk, organisation)
    return Result(_data(found), lambda page: _show(page, organisation, found))


@command(
    "organisation",
    "trust-key",
    mark("Trust a desk's key, in every dialogue: this desk's, or another one."),
    f"polder organisation trust-key {_ORG}",
    f"polder organisation trust-key {_ORG} "
    "--public 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
)
async def trust_key(
    call: Call,
    organisation: Organisation,
    *,
    public: Annotated[
        str | None,
        typer.Option(
            "--public", metavar="KEY", help=mark("The public key of another desk.")
        ),
    ] = None,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Trust it; dialogues that were not reached are told when it is done again."""
    from desk.vouching import trust

    async with call.desk("temporal") as desk:
        told = await trust(
            desk, organisation, sender(as_), public=public, command_id=command_id
        )
    return _told(told)


@command(
    "organisation",
    "distrust-key",
    mark("Trust a desk's key no more, in any dialogue."),
    f'polder organisation distrust-key {_ORG} 21fe31dfa154a261 --reason "Gestolen"',
)
async def distrust_key(
    call: Call,
    organisation: Organisation,
    key: Annotated[str, typer.Argument(metavar="KEY", help=mark("The id of the key."))],
    *,
    reason: _Why,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Distrust it; a dialogue that trusts no other key keeps it."""
    from desk.vouching import distrust

    async with call.desk("temporal") as desk:
        told = await distrust(
            desk, organisation, key, sender(as_), reason=reason, command_id=command_id
        )
    return _told(told)


@command(
    "organisation",
    "rotate-key",
    mark("Put a new key in the place of this desk's, wherever that is trusted."),
    'polder organisation rotate-key --reason "De server is vervangen"',
)
async def rotate_key(call: Call, *, reason: _Why, as_: As = None) -> Result:
    """Replace it in all organisations; desks that run sign with the new one."""
    from desk.vouching import rotate

    async with call.desk("temporal") as desk:
        done = await rotate(desk, sender(as_), reason=reason)
    rows = _rows(done.reached)
    data = {"old": done.old, "new": done.new, "dialogues": rows}

    def show(page: Page) -> None:
        text = _("This desk signs with key {new} now, and no longer with {old}.")
        page.line(text.format(new=done.new, old=done.old), "good")
        _troubles(page, rows)

    return Result(data, show, 1 if any(one.trouble for one in done.reached) else 0)


@command(
    "organisation",
    "allow-unsigned",
    mark("Say which kinds of command are taken without a desk's signature."),
    f"polder organisation allow-unsigned {_ORG} --only note_signal",
    f"polder organisation allow-unsigned {_ORG} --nothing",
    f"polder organisation allow-unsigned {_ORG} --everything",
)
async def allow_unsigned(
    call: Call,
    organisation: Organisation,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="KIND", help=mark("Only this kind; repeatable.")
        ),
    ] = None,
    nothing: Annotated[
        bool, typer.Option("--nothing", help=mark("No kind at all."))
    ] = False,
    everything: Annotated[
        bool,
        typer.Option("--everything", help=mark("Every kind but those about keys.")),
    ] = False,
    as_: As = None,
    command_id: CommandId = None,
) -> Result:
    """Say so for all dialogues, those to come as well."""
    from desk.vouching import allow

    if (bool(only), nothing, everything).count(True) != 1:
        raise Usage(_("Give one of --only, --nothing and --everything."))
    kinds = None if everything else tuple(only or ())
    async with call.desk("temporal") as desk:
        told = await allow(
            desk, organisation, kinds, sender(as_), command_id=command_id
        )
    return _told(told)


def _data(found: Keys) -> dict[str, Any]:
    own, told = found.own, found.vouched
    return {
        "own": {"key": own[0], "public": own[1]} if own else None,
        "keys": [
            {
                "key": key,
                "public": public,
                "dialogues": sum(key in each.keys for each in found.dialogues),
            }
            for key, public in _every(found).items()
        ],
        "unsigned": None if told.unsigned is None else [*told.unsigned],
        "withoutKeys": [each.stream for each in found.dialogues if not each.keys],
    }


def _every(found: Keys) -> dict[str, str]:
    """Give the keys that the organisation trusts, and those that its dialogues do."""
    every = {**found.vouched.keys}
    for dialogue in found.dialogues:
        every |= dialogue.keys
    return every


def _show(page: Page, organisation: str, found: Keys) -> None:
    data = _data(found)
    if not data["keys"]:
        page.line(_("No desk's key is trusted: every message is taken at its word."))
    own = found.own[0] if found.own else None
    page.table(
        (
            row["key"],
            row["public"],
            _("dialogues: {count}").format(count=row["dialogues"]),
            Cell(_("this desk's") if row["key"] == own else "", "quiet"),
        )
        for row in data["keys"]
    )
    page.line(_unsigned(found.vouched.unsigned))
    if data["withoutKeys"]:
        text = _("Dialogues that trust no key, and take all at its word: {count}.")
        page.line(text.format(count=len(data["withoutKeys"])), "open")
        if own:
            page.command(f"polder organisation trust-key {organisation}")


def _unsigned(kinds: tuple[str, ...] | None) -> str:
    every = _("everything but what is about keys")
    told = every if kinds is None else ", ".join(kinds) or _("nothing")
    return _("Taken without a desk's signature: {kinds}.").format(kinds=told)


def _rows(reached: Sequence[Reached]) -> list[dict[str, Any]]:
    from desk.saying import said

    return [
        {
            "dialogue": each.stream,
            "trouble": said(each.trouble, lang()) if each.trouble else None,
        }
        for each in reached
    ]


def _troubles(page: Page, rows: Sequence[dict[str, Any]]) -> None:
    page.table(
        (row["dialogue"], Cell(row["trouble"], "alarm"))
        for row in rows
        if row["trouble"]
    )


def _told(reached: Sequence[Reached]) -> Result:
    rows = _rows(reached)
    missed = sum(row["trouble"] is not None for row in rows)

    def show(page: Page) -> None:
        text = _("It is on record; dialogues that were told: {count}.")
        page.line(text.format(count=len(rows) - missed), "good")
        _troubles(page, rows)
        if missed:
            page.line(_("Those that were not reached are told if you do it again."))

    return Result({"dialogues": rows}, show, 1 if missed else 0)
