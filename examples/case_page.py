"""Every entry and shape of the real cases, with the commands that say it, as a page.

The page is made of the same data that is played, so that it says what is done. Run
`python -m examples.case_page` to write it anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examples.acts import Act, Do, Organisation, Wait
from examples.scenario import Case, Scenario, cases

PLACE: Final = Path(__file__).parent.parent / "docs" / "cases.md"

_OPENING: Final = """\
# Real cases

Twelve public dialogues, as their sources tell them, can be played with
`polder demo --case ID`; `polder case list` says which there are. Organisations and
dates are real, people and their words are ours, and so are the steps E1 and on. Here
stands, for every dated entry and every shape of each case, which commands say it, or
what can't be said and why. The page is made from `examples/cases/` by `python -m
examples.case_page`; a test fails when it is stale.

A fact in the table is `note_fact`: it keeps the precision, the source, how sure it is,
and the day on which it became known. By the clock means that nobody sends a command.
"""

_CLOCK: Final = "by the clock"


def page() -> str:
    """Write the page."""
    every = cases()
    told = ("\n".join(_case(one, one.case)) for one in every if one.case is not None)
    return "\n".join([_OPENING, *_gaps(every), *told])


def commands(act: Act) -> str | None:
    """Give the command that an act is; none for what only passes time."""
    match act:
        case Do():
            return f"{act.do} (refused)" if act.refused else act.do
        case Organisation():
            return "organisation_resume" if act.lifts else "organisation_suspend"
        case Wait():
            return _CLOCK
        case _:
            return None


def saying(scenario: Scenario, entry: int) -> list[str]:
    """Give the commands that say an entry, each once, in the order of the play."""
    found = [commands(act) for act in scenario.acts if entry in act.entries]
    return list(dict.fromkeys(one for one in found if one is not None))


def _gaps(every: tuple[Scenario, ...]) -> Iterator[str]:
    yield "## What can't be said, or only in part\n"
    for one in every:
        for number, entry in enumerate(one.case.timeline if one.case else (), 1):
            if entry.missing:
                yield f"- `{one.id}`, entry {number}: {entry.missing}"
        for shape in one.case.shapes if one.case else ():
            if shape.missing:
                yield f"- `{one.id}`, {shape.what}: {shape.missing}"
    yield ""


def _case(one: Scenario, case: Case) -> Iterator[str]:
    yield f"## {one.title.en}\n"
    yield f"`{one.id}`: {one.organisation_name}. {one.story.en}\n"
    yield f"Method `{one.method}`, a day in {one.day_ms} ms, {len(one.acts)} acts.\n"
    yield "| | Date | Entry | Said by |\n|---|---|---|---|"
    for number, entry in enumerate(case.timeline, 1):
        sure = (entry.status, entry.certainty)
        marks = [mark for mark in sure if mark not in {"happened", "sure"}]
        about = f" ({', '.join(marks)})" if marks else ""
        what = f"{entry.kind}{about}: {entry.what}".replace("|", "/")
        yield f"| {number} | {entry.date} | {what} | {_said(one, number)} |"
    yield "\n| Shape | Said by |\n|---|---|"
    for shape in case.shapes:
        by = [f"`{name}`" for name in shape.by]
        yield f"| {shape.what} | {', '.join(by) or 'nothing'}{_but(shape.missing)} |"
    yield ""


def _said(one: Scenario, number: int) -> str:
    case = one.case
    missing = case.timeline[number - 1].missing if case else None
    names = saying(one, number)
    told = [name if name == _CLOCK else f"`{name}`" for name in names]
    return f"{', '.join(told) or 'nothing'}{_but(missing)}"


def _but(missing: str | None) -> str:
    return f". Not: {missing}" if missing else ""


if __name__ == "__main__":
    PLACE.write_text(page(), "utf-8")
