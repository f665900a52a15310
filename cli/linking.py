"""Events in: which cases a dialogue is about, and what a case system signs with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, Stream
from cli.page import Page, Result
from cli.settings import Call, sender
from cli.speech import _
from language import mark

if TYPE_CHECKING:
    from desk.cases import CaseLink

_DEMO = "gemeente-waterdam:parkzicht"
_CASE = "https://zaken.example.org/zaken/api/v1/zaken/6f1c7e1e"
_ID = "4d0f1c9e-1d7e-4a53-9a39-7b1c52f0a6b1"

_Address = Annotated[
    str,
    typer.Argument(
        metavar="URL", help=mark("The address that the case has in its own system.")
    ),
]


@command(
    "dialogue",
    "link-case",
    mark("Link a dialogue to a case: what its system reports is noted as a signal."),
    f"polder dialogue link-case {_DEMO} {_CASE}",
)
async def link_case(
    call: Call, stream: Stream, url: _Address, *, as_: As = None
) -> Result:
    """Link it; once more changes nothing."""
    from desk.cases import link

    async with call.desk() as desk:
        return _shown([await link(desk, stream, url, sender(as_))])


@command(
    "dialogue",
    "unlink-case",
    mark("Take the link of a dialogue to a case away."),
    f"polder dialogue unlink-case {_DEMO} {_CASE}",
)
async def unlink_case(
    call: Call, stream: Stream, url: _Address, *, as_: As = None
) -> Result:
    """Take it away; what was reported stays on record."""
    from desk.cases import cases_of, unlink

    async with call.desk() as desk:
        found = {one.url: one.id for one in await cases_of(desk, stream)}
        await unlink(desk, stream, found.get(url, url), sender(as_))
        return _shown(await cases_of(desk, stream))


@command(
    "dialogue",
    "cases",
    mark("List the cases that a dialogue is about."),
    f"polder dialogue cases {_DEMO}",
)
async def list_cases(call: Call, stream: Stream) -> Result:
    """List them, the first one first."""
    from desk.cases import cases_of

    async with call.desk() as desk:
        return _shown(await cases_of(desk, stream))


@command(
    "token",
    "client",
    mark("Give what a case system signs its JWT with: a client id and a secret."),
    f"polder token client {_ID}",
)
async def client(
    call: Call,
    token: Annotated[
        str, typer.Argument(metavar="ID", help=mark("The id of an integrator's token."))
    ],
    *,
    as_: As = None,
) -> Result:
    """Give them; once more gives the same."""
    from desk.access.clients import client as act

    async with call.desk() as desk:
        made = await act(desk, token, sender(as_))
    data = {
        "clientId": made.client_id,
        "secret": made.secret,
        "organisation": made.organisation,
    }

    def show(page: Page) -> None:
        page.table(((_("client id"), made.client_id), (_("secret"), made.secret)))

    return Result(data, show)


def _shown(found: Sequence[CaseLink]) -> Result:
    data: list[dict[str, Any]] = [
        {
            "id": one.id,
            "dialogue": one.stream,
            "url": one.url,
            "linkedAt": one.linked_at.isoformat(),
            "linkedBy": one.linked_by,
        }
        for one in found
    ]

    def show(page: Page) -> None:
        if not found:
            page.line(_("This dialogue is linked to no case."), "quiet")
        page.table((one.url, one.linked_by) for one in found)

    return Result({"cases": data}, show)
