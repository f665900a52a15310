"""`polder dialogue meetings`: when people meet, who was asked, who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from cli.frame import command
from cli.options import As, Private, Stream
from cli.page import Cell, Mood, Page, Result
from cli.settings import Call, sender
from cli.speech import _, lang
from desk.in_words.harvest import happened
from desk.in_words.moments import moment_span
from language import mark

if TYPE_CHECKING:
    from desk.meetings import Meetings, MeetingView

_DEMO: Final = "gemeente-waterdam:parkzicht"

STANDINGS: Final[Mapping[str, tuple[str, Mood]]] = {
    "to_come": (mark("to come"), "open"),
    "under_way": (mark("under way"), "good"),
    "over": (mark("over, not recorded yet"), "alarm"),
    "held": (mark("held"), "good"),
    "cancelled": (mark("cancelled"), "quiet"),
    "voided": (mark("no longer holds"), "quiet"),
}
"""What it is called how a meeting stands."""

WORDS: Final[Mapping[str, str]] = {
    "place": mark("Where"),
    "online": mark("Online"),
    "programme": mark("Programme"),
    "message": mark("Told to those invited"),
    "reason": mark("Why"),
    "minutes": mark("Minutes"),
}
"""What the private texts of a meeting are called."""


@command(
    "dialogue",
    "meetings",
    mark(
        "Show the meetings of a dialogue, or one of them with who was asked and came."
    ),
    f"polder dialogue meetings {_DEMO}",
    f"polder dialogue meetings {_DEMO} --meeting startavond --private --as p-1",
)
async def show_meetings(
    call: Call,
    stream: Stream,
    *,
    meeting: Annotated[
        str | None,
        typer.Option("--meeting", metavar="ID", help=mark("This meeting only, whole.")),
    ] = None,
    private: Private = False,
    as_: As = None,
) -> Result:
    """Show meetings from the record, also while Temporal is down."""
    from desk.meetings import meetings

    async with call.desk() as desk:
        who = sender(as_) if private else None
        found = await meetings(desk, stream, lang(), who)
    if meeting is not None:
        found = _only(found, meeting)
    return Result(
        {"dialogue": stream, "meetings": [document(m) for m in found.meetings]},
        lambda page: show(page, found, whole=meeting is not None),
    )


def _only(found: Meetings, name: str) -> Meetings:
    from desk.errors import NotFound

    here = tuple(view for view in found.meetings if view.id == name)
    if not here:
        known = ", ".join(view.id for view in found.meetings) or _("none")
        raise NotFound(_NO_MEETING, meeting=name, known=known)
    return found._replace(meetings=here)


_NO_MEETING: Final = mark(
    "There is no meeting {meeting} here. The meetings are: {known}."
)


def document(view: MeetingView) -> dict[str, Any]:
    """Give a meeting for programs."""
    return {
        "id": view.id,
        "title": view.title,
        "status": view.standing,
        "begins": None if view.held else view.begins.isoformat(),
        "ends": None if view.held else view.ends.isoformat(),
        "held": view.held.model_dump(exclude_none=True) if view.held else None,
        "times": view.times,
        "source": view.source,
        "step": view.step,
        "format": view.format,
        "roles": list(view.roles),
        "invited": list(view.invited),
        "notReached": list(view.missed),
        "present": list(view.present),
        "absent": list(view.absent),
        "others": view.others,
        "capacity": view.capacity,
        **view.words,
        "minutes": _minutes(view),
    }


def _minutes(view: MeetingView) -> dict[str, Any] | None:
    if view.reference is None:
        return None
    names = ("version", "reference", "sha256")
    found = {name: getattr(view, name) for name in names}
    return found | {"text": view.words["minutes"]} if "minutes" in view.words else found


def show(page: Page, found: Meetings, *, whole: bool) -> None:
    """Show meetings in the order of time; one that was asked for whole."""
    page.line(f"{found.state.title}  ({found.stream})", "title")
    if not found.meetings:
        page.line(_("No meeting was planned yet. Plan one:"))
        page.command(
            f"polder dialogue schedule-meeting {found.stream} ID --title TITEL"
            " --begins 2026-12-10T19:30 --ends 21:30 --role ROL"
        )
    page.table((_row(view) for view in found.meetings), indent=2)
    for view in found.meetings if whole else ():
        _details(page, found, view)
    ahead = [view for view in found.meetings if view.standing == "to_come"]
    if ahead or not found.meetings:
        warn(page, found.unreached)
    _next(page, found)


def warn(page: Page, unreached: Sequence[str]) -> None:
    """Say who has not been reached yet, before people meet without them."""
    if not unreached:
        return
    shown = ", ".join(unreached[:_SHOWN]) + ("…" if len(unreached) > _SHOWN else "")
    page.line(
        _("Not reached yet, and so perhaps not at the table: {people}.").format(
            people=shown
        ),
        "alarm",
    )


_SHOWN: Final = 10


def _row(view: MeetingView) -> tuple[Cell, ...]:
    word, mood = STANDINGS[view.standing]
    return (
        Cell(view.id, "title"),
        Cell(view.title),
        Cell(_when(view)),
        Cell(_(word), mood),
        Cell(_counts(view)),
        Cell(_trouble(view), "alarm"),
    )


def _when(view: MeetingView) -> str:
    """Write when it is, or was: by the clock, or as precisely as is known."""
    if view.held is None:
        return moment_span(view.begins, view.ends)
    told = happened(view.held.model_dump())
    times = _("{when}, {n} times").format(when=told, n=view.times)
    return times if view.times else told


def _counts(view: MeetingView) -> str:
    if view.came is not None:
        return _("came: {n}").format(n=view.came)
    if view.invited:
        return _("invited: {n}").format(n=len(view.invited))
    return "" if view.held else _("open to everybody")


def _reach(page: Page, found: Meetings, view: MeetingView) -> None:
    """Show how somebody gets an invitation that did not arrive."""
    who, state = view.missed[0], found.state
    roles = [role.id for role in state.plan.roles if who in state.holders(role.id)]
    blank = f"--address {_('E-MAIL')}"
    if roles:
        page.line(_("Give an address; the invitation then goes by itself:"), "quiet")
        page.command(
            f"polder dialogue assign-role {found.stream} {roles[0]} {who} {blank}"
        )
        return
    page.line(_("Give an address, and invite again:"), "quiet")
    if who in state.stakeholders:
        page.command(f"polder dialogue change-stakeholder {found.stream} {who} {blank}")
    page.command(f"polder dialogue invite {found.stream} {view.id} --who {who}")


def _trouble(view: MeetingView) -> str:
    if view.missed and view.standing == "to_come":
        return _("invitation not delivered: {n}").format(n=len(view.missed))
    if view.standing == "held" and view.reference is None and view.held is None:
        return _("no minutes yet")
    return ""


def _details(page: Page, found: Meetings, view: MeetingView) -> None:
    facts = [
        (_("Step"), view.step),
        (_("Format"), view.format),
        (_("Roles"), ", ".join(view.roles)),
        (_("Number of places"), str(view.capacity) if view.capacity else None),
        *((_(label), view.words.get(name)) for name, label in WORDS.items()),
        (_("Minutes, version {n}").format(n=view.version), view.reference),
        ("SHA-256", view.sha256),
        (_("Source"), view.source),
    ]
    page.table(((label, text) for label, text in facts if text), indent=2)
    for heading, people in (
        (_("Invited"), view.invited),
        (_("Invitation not delivered"), view.missed),
        (_("Present"), view.present),
        (_("Absent"), view.absent),
    ):
        if people:
            page.title(f"{heading} ({len(people)})")
            page.table(((who, found.names.get(who, "")) for who in people), indent=2)
    if view.others:
        page.line(_("Others who came: {n}").format(n=view.others))


def _next(page: Page, found: Meetings) -> None:
    """Name the one command that helps most."""
    over = [view for view in found.meetings if view.standing == "over"]
    missed = [v for v in found.meetings if v.missed and v.standing == "to_come"]
    if over:
        page.line(_("Next, for example:"), "quiet")
        page.command(
            f"polder dialogue record-attendance {found.stream} {over[0].id}"
            " --present ID --others 0"
        )
    elif missed:
        _reach(page, found, missed[0])
