"""What a change of the plan would do, told in lists, with what is in its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from desk.errors import Refused
from desk.in_words.plans import changes_told, member
from desk.overview import Overview
from language import mark
from language.speaking import _, lang
from pages.ways import dialogue_path
from pages.wording import in_words

_OWN: Final[Mapping[str, str]] = {
    "PartUnmapped": mark(
        "Something that was worked on has no place yet. Say of each part what it "
        "becomes, or that it stays behind."
    ),
}
"""What is said here in other words, since what would help stands on the same page."""


class InTheWay(NamedTuple):
    """Something in the way, and where it is seen to, if going back helps."""

    text: str
    back: str | None
    step: str


class Section(NamedTuple):
    """A few lines under a heading; ``links`` go with the lines, where there are."""

    heading: str
    lines: tuple[str, ...]
    links: tuple[str | None, ...] = ()


class Preview(NamedTuple):
    """What a change of the plan would do."""

    possible: bool
    obstacles: tuple[InTheWay, ...]
    sections: tuple[Section, ...]


def told(view: Overview, found: Mapping[str, Any]) -> Preview:
    """Tell what a dry run says."""
    sections = (each for each in _sections(view, found) if each.lines)
    return Preview(
        bool(found["possible"]),
        tuple(_obstacle(view, each) for each in found["obstacles"]),
        tuple(sections),
    )


def _obstacle(view: Overview, found: Mapping[str, Any]) -> InTheWay:
    refused = Refused(found["error"], found["because"], found["facts"])
    own = _OWN.get(found["error"])
    text = _(own) if own else in_words(refused.about(view.state), lang())
    if found["change"]:
        text = _("change {n}: {because}").format(n=found["change"], because=text)
    step = found["revisit"]
    back = dialogue_path(view.stream, "back", step) if step else None
    return InTheWay(text, back, view.titles.step(step) if step else "")


def _sections(view: Overview, found: Mapping[str, Any]) -> Iterator[Section]:
    named = _Names(view, found)
    parts = {each["part"]: each["title"] for each in found["added"]}
    yield _of(
        _("These have been worked on, and become:"),
        (
            f"{view.titles.part(old)} → {named.title(new)}"
            for old, new in found.get("maps", {}).items()
            if new not in {None, old}
        ),
    )
    behind = found.get("behind", ())
    yield _of(_("Stays behind, and stays visible:"), map(named.one, behind))
    yield _of(
        _("Is left out, since it stays behind and was not done:"),
        map(named.one, found.get("skips", ())),
    )
    along = found.get("along", ())
    yield _of(_("Goes along, since it was added here:"), map(named.one, along))
    yield _of(
        _("Changed again, since it was changed here:"),
        changes_told(view, {"changes": found.get("carries", ())}),
    )
    lapses = {"changes": found.get("lapses", ()), "parts": parts}
    yield _of(
        _("No longer holds; change the plan again where you still want it:"),
        changes_told(view, lapses),
    )
    yield from _differing(named, found)
    yield _asking(view, named, found)


def _differing(named: _Names, found: Mapping[str, Any]) -> Iterator[Section]:
    yield _of(_("Added:"), named.whole(found["added"]))
    yield _of(_("Dropped:"), named.whole(found["dropped"]))
    yield _of(
        _("Changed:"),
        (
            f"{named.one(e['part'])}: {', '.join(map(member, e['members']))}"
            for e in found["changed"]
            if e["members"] != ["needs"]
        ),
    )
    yield _of(
        _("Waits for other steps than before:"),
        (
            f"{named.one(e['step'])}: "
            + ("; ".join(map(named.title, e["for"])) or _("nothing"))
            for e in found["waits"]
        ),
    )


def _asking(view: Overview, named: _Names, found: Mapping[str, Any]) -> Section:
    """Give the steps that are done, and of which a new method asks more."""
    asking = found.get("revisit", ())
    lines, links = list[str](), list[str | None]()
    for each in asking:
        parts = [*each["parts"], *each["after"]]
        lines.append(f"{named.one(each['step'])}: {'; '.join(map(named.title, parts))}")
        links.append(dialogue_path(view.stream, "back", each["step"]))
    heading = _("Done already; to do it again by the new plan, return to it:")
    return Section(heading, tuple(lines), tuple(links))


def _of(heading: str, lines: Iterator[str] | map[str] | Sequence[str]) -> Section:
    return Section(heading, tuple(lines))


class _Names:
    """What parts are called, of the plan as it is and as it would be."""

    def __init__(self, view: Overview, found: Mapping[str, Any]) -> None:
        self._titles = view.titles
        about = (e for m in ("added", "dropped", "changed") for e in found[m])
        self._new = {e["part"]: view.titles.text(e["title"]) for e in about}

    def title(self, part: str) -> str:
        return self._new.get(part) or self._titles.part(part)

    def one(self, part: str) -> str:
        return _("“{title}”").format(title=self.title(part))

    def whole(self, found: Sequence[Mapping[str, Any]]) -> list[str]:
        """Name parts; those inside a step that is among them are counted only."""
        parts = [str(e["part"]) for e in found]
        steps = {part for part in parts if "." not in part}
        inside = Counter(part.partition(".")[0] for part in parts if "." in part)
        lines: list[str] = []
        for part in parts:
            if part in steps and inside[part]:
                more = _("with {count} items and windows").format(count=inside[part])
                lines.append(f"{self.one(part)} {more}")
            elif part in steps or part.partition(".")[0] not in steps:
                lines.append(self.one(part))
        return lines
