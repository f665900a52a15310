"""Mandates as people read them, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cli.page import Cell, Page, Result
from cli.speech import _, lang
from desk.in_words.moments import last_moment

if TYPE_CHECKING:
    from desk.mandates import Given, Listed

ZONE = "Europe/Amsterdam"
"""On whose wall clock days are, in the streams of organisations."""


def document(organisation: str, each: Listed) -> dict[str, Any]:
    """Give a mandate as JSON."""
    held = each.held
    return {
        "mandate": f"{organisation}/{held.seq}",
        "seq": held.seq,
        "hash": held.hash,
        "form": held.form,
        "onBehalfOf": held.on_behalf_of,
        "givenBy": held.giver,
        "grantee": held.grantee,
        "scope": held.scope.model_dump(mode="json"),
        "delegable": held.delegable,
        "reference": held.reference,
        "from": None if held.parent is None else f"{organisation}/{held.parent}",
        "revoked": held.revoked.isoformat() if held.revoked else None,
        "holds": each.problem is None,
        "problem": each.problem,
    }


def show_mandates(
    page: Page, organisation: str, rows: list[Listed], left_out: int = 0
) -> None:
    """Show mandates under each other, with whether each holds.

    ``left_out`` no longer hold, and were not asked for.
    """
    from desk.remarks import in_words

    if left_out:
        text = _("Not shown, because they no longer hold: {count} (--all shows them).")
        page.line(text.format(count=left_out), "quiet")
    elif not rows:
        page.line(_("No mandates."))
    page.table(
        (
            (
                Cell(f"{organisation}/{each.held.seq}", "title"),
                each.held.grantee,
                _("in the name of {body}").format(body=each.held.on_behalf_of),
                ", ".join(each.held.scope.commands),
                ", ".join((*each.held.scope.dialogues, *each.held.scope.steps)),
                _period(each),
                Cell(in_words(each.problem, lang()), "alarm")
                if each.problem
                else Cell(_("holds"), "good"),
            )
            for each in rows
        ),
        header=(
            _("mandate"),
            _("who"),
            _("for whom"),
            _("commands"),
            _("where"),
            _("until when"),
            _("state"),
        ),
    )


def _period(each: Listed) -> str:
    ends = [e for e in (each.held.scope.valid_until, each.held.revoked) if e]
    if not ends:
        return "-"
    return last_moment(min(ends).astimezone(ZoneInfo(ZONE)))


def given_now(organisation: str, command_id: str, given: Given) -> Result:
    """Say what is on record of a mandate now."""
    name = f"{organisation}/{given.seq}"
    data: dict[str, Any] = {
        "id": command_id,
        "mandate": name,
        "stream": given.stream,
        "seq": given.seq,
        "hash": given.hash,
    }
    if given.repeated:
        data["repeated"] = True

    def show(page: Page) -> None:
        page.line(_("On record: {name}, {hash}").format(name=name, hash=given.hash))
        if given.repeated:
            page.line(_("This was done before; nothing was done again."), "open")

    return Result(data, show)
