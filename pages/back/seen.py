"""What somebody saw before they decided, and how that differs from what there is now.

The form takes along what its page said. Where the dialogue has moved on and the answer
is still the same, nothing was decided that did not hold; else the difference is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

from desk.overview import Overview
from language import mark
from language.speaking import _
from pages.back.preview import Preview

_MOST_NAMED: Final = 60
"""As many people are compared by name; more by their number and a digest."""

_KINDS: Final[Mapping[str, str]] = {
    "steps": mark("falls: step “{what}”"),
    "windows": mark("falls: feedback window “{what}”"),
    "meetings": mark("is called off: meeting “{what}”"),
    "reports": mark("is retracted: report “{what}”"),
    "undoes": mark("is undone: {what}"),
    "reopens": mark("has to be confirmed again: “{what}”"),
    "gates": mark("has to be passed again: gate “{what}”"),
    "agreements": mark("has to be looked at again: agreement {what}"),
    "decisions": mark("has to be looked at again: decision “{what}”"),
    "tells": mark("gets a message: {what}"),
}
"""What it means that something stands in a member of a preview."""


class Difference(NamedTuple):
    """What a preview says now and did not say, and what it said and no longer does."""

    more: tuple[str, ...]
    less: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.more or self.less)


def seen(found: Preview) -> str:
    """Write down what a page says, for the form to take along."""
    return json.dumps(_facts(found.found), separators=(",", ":"), ensure_ascii=False)


def difference(view: Overview, told: str, now: Preview) -> Difference | None:
    """Say how what is so now differs from what was seen; None where that is unknown."""
    before = _read(told)
    if before is None:
        return None
    after = _facts(now.found)
    return Difference(
        more=tuple(_only(view, after, before)), less=tuple(_only(view, before, after))
    )


def _facts(found: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give what a preview says, in members of short texts."""
    undoes = (
        f"{each['act']}|{each['heading'] or each['undoes']}|{len(each['recipients'])}"
        for each in found["compensations"]
    )
    return {
        "round": [str(found["round"])],
        "steps": list(found["voids"]),
        "windows": [each["window"] for each in found["windows"]],
        "meetings": [each["title"] for each in found["meetings"]],
        "undoes": list(undoes),
        **{
            name: list(found[name])
            for name in ("reports", "reopens", "gates", "agreements", "decisions")
        },
        "tells": _people(found["tells"]),
    }


def _people(ids: list[str]) -> list[str]:
    if len(ids) <= _MOST_NAMED:
        return list(ids)
    digest = sha256("\n".join(ids).encode()).hexdigest()[:16]
    return [f"{len(ids)}|{digest}"]


def _read(told: str) -> dict[str, list[str]] | None:
    """Read what a form brought; None for what no page of ours wrote."""
    try:
        data: object = json.loads(told)
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    found: dict[str, list[str]] = {}
    for name, values in cast("dict[str, object]", data).items():
        if not isinstance(values, list):
            return None
        found[name] = [str(value) for value in cast("list[object]", values)]
    return found


def _only(
    view: Overview, one: Mapping[str, list[str]], other: Mapping[str, list[str]]
) -> Iterator[str]:
    """Say what stands in the one and not in the other."""
    for name, text in _KINDS.items():
        known = {*other.get(name, ())}
        for value in one.get(name, ()):
            if value not in known:
                yield _(text).format(what=_title(view, name, value))


def _title(view: Overview, name: str, value: str) -> str:
    titles, harvest = view.titles, view.state.harvest
    if name == "undoes":
        what = value.split("|")[1] if value.count("|") else value
        return titles.part(what)
    if name == "tells" and "|" in value:
        return _("{n} people").format(n=value.partition("|")[0])
    if name == "decisions" and value in harvest.decisions:
        return harvest.decisions[value].title
    if name == "reports" and value in harvest.reports:
        return harvest.reports[value].title
    told = {"steps": titles.step, "gates": titles.gate, "reopens": titles.item}
    return told[name](value) if name in told else titles.part(value)
