"""Answers are prepared in a spreadsheet: written as CSV, filled in, and read back.

Each response is a row; whoever fills in a row says what is done with the response, and
why. Rows that say the same are one answer. What is on record already is not said again,
so a sheet can be read as often as one likes. Everything is checked before the first
command is sent.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from desk.answered import ResponseView
from desk.answering import Answers
from desk.channels import CHANNELS
from desk.spreadsheet import Unreadable, rows
from domain.response_numbers import span, written
from exports.commas import armed, defused
from language import mark, translator

LEFT: Final = "left"

HEADINGS: Final = {
    "window": mark("feedback window"),
    "number": mark("number"),
    "round": mark("round"),
    "respondent": mark("respondent"),
    "received": mark("received"),
    "late": mark("too late"),
    "channel": mark("how it came"),
    "groups": mark("group"),
    "text": mark("response"),
    "outcome": mark("what we do with it"),
    "reason": mark("why"),
    "reference": mark("reference"),
    "told": mark("told"),
}
"""The columns of a sheet, and what they are called."""

WORDS: Final = {
    "adopted": mark("adopted"),
    "partly": mark("partly adopted"),
    "not": mark("not adopted"),
    LEFT: mark("no answer"),
}
"""What may be filled in as outcome, and what it is called."""

_NEEDED: Final = ("window", "number", "outcome", "reason")
_SPOKEN: Final = ("nl", "en")
_MOST_PROBLEMS: Final = 20

Say = Callable[[str], str]


class SheetInvalid(Exception):
    """A sheet can't be taken; ``problems`` says for each line what is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Say what is wrong."""
        self.problems = tuple(problems[:_MOST_PROBLEMS])
        super().__init__("; ".join(self.problems))


class Wish(NamedTuple):
    """A command that a sheet asks for, and how many responses it is about."""

    kind: str
    body: dict[str, Any]
    responses: int


def write(path: Path, found: Answers, lang: str) -> None:
    """Write a sheet: UTF-8, in the way in which Excel of that language reads CSV."""
    _ = translator(lang)
    between = ";" if lang == "nl" else ","
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        sheet = csv.writer(
            out, delimiter=between, quoting=csv.QUOTE_ALL, lineterminator="\r\n"
        )
        sheet.writerow(_(heading) for heading in HEADINGS.values())
        for view in found.responses:
            sheet.writerow(defused(cell) for cell in _cells(view, found.zone, _))


def _cells(view: ResponseView, zone: str, say: Say) -> Iterator[str | int]:
    holding = [one for one in view.answers if one.holds]
    last = holding[-1] if holding else None
    answered = view.standing != "waiting"
    yield view.window
    yield view.number
    yield view.round
    yield view.respondent
    received = datetime.fromisoformat(view.received).astimezone(ZoneInfo(zone))
    yield f"{received:%Y-%m-%d %H:%M}"
    yield say(mark("yes")) if view.late else ""
    yield say(CHANNELS[view.channel]) if view.channel else ""
    yield ", ".join(view.groups)
    yield view.text or ""
    yield say(WORDS[view.standing]) if answered else ""
    yield (last.reason or "") if last and answered else ""
    yield (last.reference or "") if last and answered else ""
    yield "" if view.told is None else say(mark("yes") if view.told else mark("no"))


def read(path: Path, found: Answers, lang: str) -> list[Wish]:
    """Read a sheet that was filled in; give the commands it asks for, fewest first.

    ``found`` are the responses as they are now, with private texts. Raises
    `SheetInvalid`, whose problems are told in ``lang``.
    """
    try:
        filled = list(_rows(path, lang))
    except Unreadable as error:
        told = translator(lang)(error.text).format(**error.facts)
        raise SheetInvalid([told]) from error
    now = {(view.window, view.number): view for view in found.responses}
    problems: list[str] = []
    asked: dict[tuple[str, str, str, str], int] = {}
    for line, row in filled:
        try:
            wish = _wish(row, now, translator(lang))
        except ValueError as error:
            problems.append(f"{line}: {error}")
            continue
        if wish is not None:
            key, number = wish
            asked[key] = asked.get(key, 0) | span(number, number)
    if problems:
        raise SheetInvalid(problems)
    return [_command(key, bits) for key, bits in asked.items()]


def _rows(path: Path, lang: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each line with its number, by the names of the columns."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        say = translator(lang)
        raise SheetInvalid(
            [say(mark("the file can't be read as CSV in UTF-8"))]
        ) from error
    found = rows(text)
    named = _named(next(found)[1])
    lacking = [name for name in _NEEDED if name not in named.values()]
    if lacking:
        column = translator(lang)(mark("there is no column “{name}”"))
        names = [translator(lang)(HEADINGS[name]) for name in lacking]
        raise SheetInvalid([f"1: {column.format(name=name)}" for name in names])
    for number, row in found:
        cells = {named[n]: armed(c.strip()) for n, c in enumerate(row) if n in named}
        if any(cells.values()):
            yield number, cells


def _named(headings: Sequence[str]) -> dict[int, str]:
    known = _known(HEADINGS)
    found = {n: known.get(text.strip().lower()) for n, text in enumerate(headings)}
    return {n: name for n, name in found.items() if name}


def _known(words: Mapping[str, str]) -> dict[str, str]:
    """Give names by what they are called in every language, and by themselves."""
    spoken = {
        translator(lang)(text).lower(): name
        for lang in _SPOKEN
        for name, text in words.items()
    }
    return spoken | {name: name for name in words}


def _wish(
    row: Mapping[str, str],
    now: Mapping[tuple[str, int], ResponseView],
    say: Say,
) -> tuple[tuple[str, str, str, str], int] | None:
    """Give what a row asks for, if it is anything new. Raises ``ValueError``."""
    outcome = row.get("outcome", "")
    if not outcome:
        return None
    name = _called(outcome)
    if name is None:
        known = ", ".join(say(word) for word in WORDS.values())
        message = say(mark("“{word}” is none of: {known}"))
        raise ValueError(message.format(word=outcome, known=known))
    window, number = row.get("window", ""), row.get("number", "")
    view = now.get((window, int(number))) if number.isdecimal() else None
    if view is None:
        message = say(mark("there is no response {number} in window {window}"))
        raise ValueError(message.format(number=number, window=window))
    reason, reference = row.get("reason", ""), row.get("reference", "")
    if (name, reason, reference) == _present(view):
        return None
    if not reason:
        raise ValueError(say(mark("the answer has no reason")))
    return (window, name, reason, reference), view.number


def _called(outcome: str) -> str | None:
    """Give the outcome that somebody wrote, in full or only the first of its words."""
    known, told = _known(WORDS), outcome.lower()
    begun = {name for word, name in known.items() if word.split()[0] == told}
    return known.get(told) or (begun.pop() if len(begun) == 1 else None)


def _present(view: ResponseView) -> tuple[str, str, str]:
    holding = [one for one in view.answers if one.holds]
    if not holding or view.standing == "waiting":
        return "", "", ""
    return view.standing, holding[-1].reason or "", holding[-1].reference or ""


def _command(key: tuple[str, str, str, str], bits: int) -> Wish:
    window, outcome, reason, reference = key
    body = {"window": window, "numbers": written(bits), "reason": reason}
    if outcome == LEFT:
        return Wish("leave_unanswered", body, bits.bit_count())
    body |= {"outcome": outcome} | ({"reference": reference} if reference else {})
    return Wish("answer_response", body, bits.bit_count())
