"""Erasing a person: ask, decide, carry out, and hand over what was done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.frame import command
from cli.options import As, Organisation, PrivateByRight, Under
from cli.page import Page, Result
from cli.settings import Call, Usage, sender
from cli.speech import _, lang
from cli.under import mandated
from language import mark

if TYPE_CHECKING:
    from desk.desk import Desk, Sender
    from desk.executing import Outcome
    from desk.requests import Request

_ORG = "gemeente-waterdam"
_DECIDES = "--ground CODE --authority TEXT [--refuse]"

_Subject = Annotated[
    str, typer.Argument(metavar="SUBJECT", help=mark("The person, by opaque id."))
]
_Ground = Annotated[
    str | None,
    typer.Option(
        "--ground",
        metavar="CODE",
        help=mark(
            "The ground of the decision; without it, it is only asked for. "
            "To grant: no_longer_needed, consent_withdrawn, objection, unlawful, "
            "legal_obligation, child. To refuse: expression, public_task, "
            "public_health, archiving, legal_claims, no_ground, not_identified, "
            "excessive, legal_hold."
        ),
    ),
]
_Authority = Annotated[
    str | None,
    typer.Option(
        "--authority",
        metavar="TEXT",
        help=mark("Where the decision can be looked up. Public: no names."),
    ),
]
_Refuse = Annotated[
    bool, typer.Option("--refuse", help=mark("Refuse it, on that ground."))
]
_Explanation = Annotated[
    str | None,
    typer.Option(
        "--explanation",
        metavar="TEXT",
        help=mark("The decision in words. Kept private."),
    ),
]
_Erasure = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="ID",
        help=mark(
            "The erasure: to decide on it later, or to go on with it; else the "
            "open one about this person, or a new one."
        ),
    ),
]
Certificate = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help=mark("Write the certificate: JSON here, texts beside it."),
    ),
]


@command(
    "audit",
    "erase",
    mark("Erase what is kept about a person, or refuse it: on a ground, on record."),
    f"polder audit erase {_ORG} p-7f3 --as p-7f3/participant",
    f"polder audit erase {_ORG} p-7f3 --id 8d1… --ground objection "
    '--authority "besluit 2026-114" --as fg-1/privacy_officer --out wissing.json',
    f"polder audit erase {_ORG} p-7f3 --refuse --ground legal_claims "
    '--authority "besluit 2026-115" --as fg-1/privacy_officer',
)
async def erase(  # noqa: PLR0913  (its options are what it is told)
    call: Call,
    organisation: Organisation,
    subject: _Subject,
    *,
    ground: _Ground = None,
    authority: _Authority = None,
    refuse: _Refuse = False,
    explanation: _Explanation = None,
    name: _Erasure = None,
    out: Certificate = None,
    as_: As = None,
    under: Under = None,
) -> Result:
    """Ask, decide and carry out, as far as what was given goes."""
    if (ground is None) != (authority is None):
        raise Usage(_("A decision takes both --ground and --authority."))
    if refuse and ground is None:
        raise Usage(_("A refusal takes --ground and --authority."))
    from desk.certificates import of_erasure
    from desk.erasing import Ruling

    ruling = None
    if ground is not None and authority is not None:
        ruling = Ruling(not refuse, ground, authority, explanation)
    async with call.desk() as desk:
        who = sender(as_)
        wish = organisation, subject, name
        found = await _carry_out(desk, wish, who, ruling, under)
        document = of_erasure(organisation, found)
    if out is not None:
        write_certificate(out, document)
    letters = _letters(call) if found.case.status == "executed" else None
    return Result(
        document, lambda page: _show(page, found, document, letters), _code(found)
    )


def _letters(call: Call) -> Path | None:
    """Give where the mail server of `polder up` keeps letters, if it has any."""
    path = call.home.path / "mail"
    return path if next(path.glob("*.eml"), None) else None


async def _carry_out(
    desk: Desk,
    wish: tuple[str, str, str | None],
    who: Sender,
    ruling: Any,  # noqa: ANN401  (a ruling; the desk is loaded when it is needed)
    under: str | None,
) -> Outcome:
    from desk import erasing, executing

    organisation, subject, name = wish
    mandate = await mandated(desk, under)
    case = await erasing.asked(
        desk, organisation, subject, who, erasure=name, ruling=ruling, mandate=mandate
    )
    name = case.id
    known = await erasing.subject_of(desk, organisation, case)
    if known not in {None, subject}:
        raise Usage(_("Erasure {erasure} is about somebody else.").format(erasure=name))
    if ruling is not None:
        case = await erasing.decide(
            desk, organisation, name, who, ruling, mandate=mandate
        )
    if case.status in {"granted", "executed"}:
        return await executing.execute(desk, organisation, name, who, mandate=mandate)
    return await executing.outcome(desk, organisation, case)


def _code(found: Outcome) -> int:
    if found.held:
        return 4
    if found.untold:
        return 5
    return 1 if found.proof is not None and not found.proof.nothing_left else 0


def _show(
    page: Page, found: Outcome, document: dict[str, Any], letters: Path | None
) -> None:
    for text in document["text"][lang()]:
        page.line(text)
    if letters is not None:
        text = _(
            "Letters that polder up caught instead of sending them lie in {path}, with "
            "names and addresses in them: remove those yourself."
        )
        page.line(text.format(path=letters), "open")
    for waits in found.untold:
        text = _("Not yet in {stream}: {problem}. It follows by itself.")
        told = text.format(stream=waits.stream, problem=_(waits.problem))
        page.line(told, "alarm")
    if found.held:
        text = _("Held: {holds}. It goes on once that is lifted.")
        page.line(text.format(holds=", ".join(found.held)), "alarm")
    if found.case.status == "requested":
        page.line(_("To decide on it (the grounds: polder audit erase --help):"))
        organisation, name = document["organisation"], found.case.id
        page.command(
            f"polder audit erase {organisation} {found.subject} --id {name} {_DECIDES}"
        )


def write_certificate(out: Path, document: dict[str, Any]) -> None:
    """Write a certificate as JSON, and beside it as text in each language."""
    out.parent.mkdir(parents=True, exist_ok=True)
    whole = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    out.write_text(f"{whole}\n", "utf-8")
    for tongue, text in document["text"].items():
        beside = out.with_suffix(f".{tongue}.txt")
        beside.write_text("\n".join([*text, ""]), "utf-8")


@command(
    "audit",
    "erasures",
    mark("List the erasures of an organisation: asked, decided, carried out."),
    f"polder audit erasures {_ORG}",
    f"polder audit erasures {_ORG} --private --as fg-1/privacy_officer",
)
async def erasures(
    call: Call,
    organisation: Organisation,
    *,
    private: PrivateByRight = False,
    as_: As = None,
) -> Result:
    """List them; whom they are about is told with --private, on record."""
    from desk.certificates import of_erasure
    from desk.executing import listed
    from desk.requests import opened_requests

    read: list[Request] = []
    async with call.desk() as desk:
        found = await listed(desk, organisation)
        if private:
            read = await opened_requests(desk, organisation, sender(as_))
    about = {each.case.id: each.about for each in read if each.about}
    documents: list[dict[str, Any]] = []
    for one in found:
        document = of_erasure(organisation, one._replace(subject=None))
        del document["text"], document["proof"], document["subject"]
        if private:
            document["about"] = about.get(document["erasure"])
        documents.append(document)

    def show(page: Page) -> None:
        _show_listed(page, documents)
        for each in read:
            if each.about and each.case.status in {"requested", "granted"}:
                page.line(each.about, "open")
                page.command(_to_do(organisation, each))

    return Result({"erasures": documents}, show)


def _show_listed(page: Page, documents: Sequence[dict[str, Any]]) -> None:
    from desk.certificates import GROUNDS, at_home

    if not documents:
        page.line(_("Nobody asked to be erased."))
    page.table(
        (
            document["erasure"],
            at_home(lang(), document["requested"]["at"]),
            _(_STATUS[document["status"]]),
            _(GROUNDS[document["decided"]["ground"]]) if document["decided"] else "",
            document["decided"]["authority"] if document["decided"] else "",
        )
        for document in documents
    )


def _to_do(organisation: str, request: Request) -> str:
    """Give the command that decides on a request, or carries out what was granted."""
    case = request.case
    named = f"polder audit erase {organisation} {request.about} --id {case.id}"
    return named if case.status == "granted" else f"{named} {_DECIDES}"


_STATUS = {
    "requested": mark("requested"),
    "refused": mark("refused"),
    "granted": mark("granted"),
    "executed": mark("executed"),
}
