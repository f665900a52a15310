"""What a change of the plan would do, and what is in the way, before it happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.page import Page, Result
from cli.settings import Usage
from cli.speech import _, lang
from desk.in_words.plans import changes_told, member

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.overview import Overview


def amending(body: Mapping[str, Any], state: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give the body of an amendment, with the changes that a file says."""
    from desk.changes import MethodInvalid, changes_in

    name, text = body["changes"]
    try:
        found = changes_in(text, name, state)
    except MethodInvalid as error:
        raise Usage("\n".join(map(str, error.problems))) from error
    return {**body, "changes": found["changes"]}


async def previewed(
    desk: Desk, stream: str, kind: str, body: Mapping[str, Any]
) -> Result:
    """Give what a command about the plan would do, without doing it."""
    from cli.failing import as_typed
    from desk.errors import Refused
    from desk.overview import overview
    from desk.plans import preview
    from desk.saying import said

    found = await preview(desk, stream, kind, body)
    view = await overview(desk, stream, lang())
    for each in found["obstacles"]:
        refused = Refused(each["error"], each["because"], each["facts"])
        each["because"] = as_typed(said(refused, lang()))
    return Result(
        {"dialogue": stream, **found},
        lambda page: _show_preview(page, view, found),
        0 if found["possible"] else 4,
    )


def _show_preview(page: Page, view: Overview, found: Mapping[str, Any]) -> None:
    if found["possible"]:
        page.line(_("This can be done. Nothing has happened yet."), "good")
    else:
        page.line(_("This can't be done like this. Nothing has happened."), "alarm")
    for heading, lines in _sections(view, found):
        if lines:
            page.title(heading)
        for line in lines:
            page.line(f"- {line}", indent=2)
    steps = dict.fromkeys(e["revisit"] for e in found["obstacles"] if e["revisit"])
    page.line()
    for step in steps:
        page.line(_("What returning to {step} would undo:").format(step=step))
        page.command(f"polder dialogue preview-revisit {view.stream} {step}")
    if found["possible"]:
        page.line(_("To do it, leave out --dry-run."), "quiet")


def _sections(
    view: Overview, found: Mapping[str, Any]
) -> Iterator[tuple[str, list[str]]]:
    named = _Names(view, found)
    yield _("In the way:"), [_obstacle(each) for each in found["obstacles"]]
    yield (
        _("These have been worked on, and become:"),
        [
            f"{old} → {new}"
            for old, new in found.get("maps", {}).items()
            if new not in {None, old}
        ],
    )
    yield _("Stays behind, and stays visible:"), named.each(found.get("behind", ()))
    yield (
        _("Is left out, since it stays behind and was not done:"),
        named.each(found.get("skips", ())),
    )
    yield _("Goes along, since it was added here:"), named.each(found.get("along", ()))
    parts = {each["part"]: each["title"] for each in found["added"]}
    yield (
        _("Changed again, since it was changed here:"),
        list(changes_told(view, {"changes": found.get("carries", ())})),
    )
    yield (
        _("No longer holds; change the plan again where you still want it:"),
        list(changes_told(view, {"changes": found.get("lapses", ()), "parts": parts})),
    )
    yield from _differing(named, found)
    yield (
        _("Left out, since it runs in tracks only:"),
        named.each(found.get("leaves", ())),
    )
    yield (
        _("Done already; to do it again by the new plan, return to it:"),
        [named.asking(each) for each in found.get("revisit", ())],
    )


def _differing(
    named: _Names, found: Mapping[str, Any]
) -> Iterator[tuple[str, list[str]]]:
    yield _("Added:"), named.whole(found["added"])
    yield _("Dropped:"), named.whole(found["dropped"])
    yield (
        _("Changed:"),
        [
            f"{named.one(e['part'])}: {', '.join(map(member, e['members']))}"
            for e in found["changed"]
            if e["members"] != ["needs"]
        ],
    )
    yield (
        _("Waits for other steps than before:"),
        [
            f"{named.one(e['step'])}: "
            + ("; ".join(map(named.title, e["for"])) or _("nothing"))
            for e in found["waits"]
        ],
    )


class _Names:
    """What parts are called, of the plan as it is and as it would be."""

    def __init__(self, view: Overview, found: Mapping[str, Any]) -> None:
        self._titles = view.titles
        told = (e for m in ("added", "dropped", "changed") for e in found[m])
        self._new = {e["part"]: view.titles.text(e["title"]) for e in told}

    def title(self, part: str) -> str:
        return self._new.get(part) or self._titles.part(part)

    def one(self, part: str) -> str:
        return f"{self.title(part)} [{part}]"

    def each(self, parts: Sequence[str]) -> list[str]:
        return [self.one(part) for part in parts]

    def whole(self, found: Sequence[Mapping[str, Any]]) -> list[str]:
        """Name parts; those inside a step that is among them are counted only."""
        parts = [str(e["part"]) for e in found]
        steps = {part for part in parts if "." not in part}
        inside = Counter(part.partition(".")[0] for part in parts if "." in part)
        return [
            self.one(part)
            + (
                " " + _("with {count} items and windows").format(count=inside[part])
                if part in steps and inside[part]
                else ""
            )
            for part in parts
            if part in steps or part.partition(".")[0] not in steps
        ]

    def asking(self, found: Any) -> str:  # noqa: ANN401  (JSON)
        """Say why a step that is done might be returned to."""
        if isinstance(found, str):
            return self.one(found)
        parts: list[str] = [*found["parts"], *found["after"]]
        return f"{self.one(found['step'])}: {'; '.join(map(self.title, parts))}"


def _obstacle(found: Mapping[str, Any]) -> str:
    if not found["change"]:
        return str(found["because"])
    return _("change {n}: {because}").format(
        n=found["change"], because=found["because"]
    )
