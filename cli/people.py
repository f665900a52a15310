"""`polder dialogue people`: who is involved, the affected who have little say first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.frame import command
from cli.options import As, Private, SheetOut, Stream
from cli.page import Cell, Mood, Page, Result
from cli.settings import Call, sender
from cli.sheets import write
from cli.speech import _, lang
from language import mark

if TYPE_CHECKING:
    from desk.people import People, Person

_DEMO = "gemeente-waterdam:parkzicht"

STANDINGS: Final[Mapping[str, str]] = {
    "affected_but_weak": mark("Affected, with little influence"),
    "not_weighed": mark("Not weighed yet: they may be affected"),
    "affected": mark("Affected, with influence"),
    "other": mark("Others"),
}
"""Headings, in the order in which they come."""


@command(
    "dialogue",
    "people",
    mark("Show who is involved: those affected who have little influence come first."),
    f"polder dialogue people {_DEMO}",
    f"polder dialogue people {_DEMO} --private --as p-1",
    f"polder dialogue people {_DEMO} --csv stakeholders.csv",
)
async def show_people(
    call: Call,
    stream: Stream,
    *,
    private: Private = False,
    out: SheetOut = None,
    as_: As = None,
) -> Result:
    """Show stakeholders, how far they are engaged, and who holds which role."""
    from desk.people import people
    from desk.people_sheet import sheet

    async with call.desk() as desk:
        who = sender(as_) if private else None
        found = await people(desk, stream, lang(), who)
    if out is not None:
        write(out, sheet(found))
    return Result(document(found), lambda page: show(page, found, out))


def document(found: People) -> dict[str, Any]:
    """Give all of it for programs."""
    return {
        "dialogue": found.stream,
        "stakeholders": [_member(each) for each in (*found.present, *found.left)],
        "phases": dict(found.phases),
        "roles": [role._asdict() for role in found.roles],
        "declined": [
            {name: value for name, value in each._asdict().items() if value is not None}
            for each in found.declined
        ],
    }


def _member(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "kind": person.kind,
        "standing": person.standing,
        "impact": person.impact,
        "influence": person.influence,
        "reached": person.reached,
        "toBrief": person.unbriefed,
        "left": person.left,
        "levels": {name: level.level for name, level in person.levels.items()},
        "roles": list(person.roles),
        **person.words,
    }


def show(page: Page, found: People, written: Path | None = None) -> None:
    """Show everybody: who comes first, who left, the plan, the roles, what next."""
    page.line(f"{found.state.title}  ({found.stream})", "title")
    if not found.present and not found.left:
        page.line(_("Nobody is on the register of stakeholders yet. Begin with:"))
        page.command(
            f"polder dialogue register-stakeholder {found.stream} ID"
            " --impact 3 --influence 0"
        )
    else:
        page.line(_counted(found))
    for name, heading in STANDINGS.items():
        here = [each for each in found.present if each.standing == name]
        if here:
            page.title(_(heading))
            page.table((_row(found, each) for each in here), indent=2)
            _words(page, here)
    if found.left:
        page.title(_("Left the dialogue"))
        page.table((_row(found, each) for each in found.left), indent=2)
        _words(page, found.left)
    if found.declined:
        page.title(_("Asked to take part, and turned down"))
        page.table(
            (
                (Cell(each.who, "title"), each.where or "", each.reason or "")
                for each in found.declined
            ),
            indent=2,
        )
    _plan(page, found)
    _roles(page, found)
    _next(page, found)
    if written is not None:
        page.line(_("Written: {path}").format(path=written), "good")


def _counted(found: People) -> str:
    weak = sum(each.standing == "affected_but_weak" for each in found.present)
    missed = sum(not each.reached for each in found.present)
    return _(
        "Stakeholders: {count}. Affected with little influence: {weak}. "
        "Not reached yet: {missed}."
    ).format(count=len(found.present), weak=weak, missed=missed)


def _row(found: People, person: Person) -> tuple[Cell, ...]:
    from desk.people import WEIGHTS

    reached: tuple[str, Mood] = (
        (_("reached"), "good") if person.reached else (_("not reached yet"), "alarm")
    )
    roles = [role.title for role in found.roles if role.id in person.roles]
    more = [*roles, *([_("to be briefed")] if person.unbriefed else [])]
    kind = found.kinds.get(person.kind or "", person.kind or "")
    return (
        Cell(person.id, "title"),
        Cell(kind),
        Cell(
            _("affected: {weight}").format(
                weight=_weight(WEIGHTS["impact"], person.impact)
            )
        ),
        Cell(
            _("influence: {weight}").format(
                weight=_weight(WEIGHTS["influence"], person.influence)
            )
        ),
        Cell(*reached) if person.left is None else Cell(""),
        Cell(", ".join(more), "open"),
    )


def _weight(words: Sequence[str], weight: int | None) -> str:
    return "?" if weight is None else _(words[weight])


def _words(page: Page, people: Iterable[Person]) -> None:
    """Show the private texts that were opened, under each other."""
    from desk.in_words.events import PRIVATE

    for person in people:
        told = [f"{_(PRIVATE[n])}: {t}" for n, t in person.words.items()]
        if told:
            page.line(f"{person.id}: {'; '.join(told)}", "quiet", indent=4)


def _plan(page: Page, found: People) -> None:
    if not found.planned:
        return
    used = {phase for each in found.present for phase in each.levels}
    phases = [name for name in found.phases if name in used]
    page.title(_("How far they are engaged, by phase"))
    page.table(
        (
            (Cell(each.id, "title"), *(_level(found, each, n) for n in phases))
            for each in found.present
            if each.levels
        ),
        header=("", *(found.phases[name] for name in phases)),
        indent=2,
    )
    unheard = ", ".join(each.id for each in found.unheard())
    if unheard:
        text = _("Affected with little influence, and nowhere asked anything: {who}")
        page.line(text.format(who=unheard), "alarm", indent=2)
    rest = sum(not each.levels for each in found.present)
    if rest:
        page.line(_("Nothing planned yet for: {n}").format(n=rest), "quiet", indent=2)


def _level(found: People, person: Person, phase: str) -> Cell:
    """Name a level; with the kind for all of which it is planned."""
    level = person.levels.get(phase)
    if level is None:
        return Cell("–", "quiet")
    kind = found.kinds.get(person.kind or "", person.kind or "")
    return Cell(f"{level.title} ({kind})" if level.of_kind else level.title)


def _roles(page: Page, found: People) -> None:
    page.title(_("Roles"))
    page.table(
        ((role.title, Cell(", ".join(role.holders) or "–")) for role in found.roles),
        indent=2,
    )


def _next(page: Page, found: People) -> None:
    """Say what would help the first who wait for something."""
    lines: list[str] = []
    for each in found.present:
        if each.unbriefed:
            lines.append(f"polder dialogue brief {found.stream} {each.id}")
        elif not each.reached and each.standing != "other":
            lines.append(
                f"polder dialogue change-stakeholder {found.stream} {each.id} --reached"
            )
    if lines:
        page.title(_("Next"))
    for line in lines[:3]:
        page.command(line)
