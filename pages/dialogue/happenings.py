"""What happened lately, or since somebody looked, as lines that people read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

from api.security import Visit
from desk.desk import Desk
from desk.history import Past, history
from desk.in_words.events import told, when, who
from desk.overview import Overview
from language.speaking import speaking
from pages.acting import Outcome
from pages.typing_in import Form
from pages.ways import dialogue_path

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
LATELY: Final = 10
"""How many things that happened are told at once."""


class Happening(NamedTuple):
    """One thing that happened: in words, when on the dialogue's clock, by whom."""

    seq: int
    text: str
    at: datetime
    who: str
    href: str


async def lately(desk: Desk, view: Overview, lang: str) -> list[Happening]:
    """Give the last things that happened, newest first."""
    after = max(0, view.state.version - LATELY)
    return [*reversed(await _after(desk, view, after, lang))]


async def meanwhile(
    visit: Visit, view: Overview, outcome: Outcome | None, form: Form | None
) -> list[Happening]:
    """Give what others did since a form was made, newest first, if it was refused.

    The form says in ``seen`` which version its sender looked at.
    """
    if outcome is None or form is None:
        return []
    return await since(visit, view, form["seen"])


async def since(visit: Visit, view: Overview, seen: str) -> list[Happening]:
    """Give the last things that happened after a version, newest first.

    What is no version gives nothing.
    """
    version = view.state.version
    if not _NUMBER.fullmatch(seen) or int(seen) >= version:
        return []
    after = max(int(seen), version - LATELY)
    return [*reversed(await _after(visit.desk, view, after, visit.lang))]


def told_of(view: Overview, events: list[Past], lang: str) -> list[Happening]:
    """Give these events as lines, in the order they come in."""
    with speaking(lang):
        return [_happening(view, event) for event in events]


async def _after(desk: Desk, view: Overview, after: int, lang: str) -> list[Happening]:
    found = [event async for event in history(desk, view.stream, after)]
    return told_of(view, found, lang)


def _happening(view: Overview, event: Past) -> Happening:
    members = event.members
    return Happening(
        seq=event.seq,
        text=told(view, members),
        at=when(view, members),
        who=who(view, members),
        href=dialogue_path(view.stream, "history", str(event.seq)),
    )
