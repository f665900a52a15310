"""The trial method with windows that ask several audiences, for the tests of those."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from domain.commands import OpenWindow, StartStep
from methods.load import LoadedMethod, load_text
from tests.domain.story import HOLDERS, Story, brief_done, nothing, start

DRAFT = "invite.draft"
CLIENTS, NEIGHBOURS = f"{DRAFT}.clients", f"{DRAFT}.neighbours"

_BEFORE = """            audience: panel
            duration: {working_days: 10}
            reminders: [5, 2]
            late: accept
            required: true
"""
_AFTER = """            audience: panel
            duration: {working_days: 10}
            reminders: [5, 2]
            late: LATE
            required: true
            MORE
            audiences:
              - id: clients
                title: {en: Clients}
                audience: client
                duration: {working_days: 20}
              - id: neighbours
                title: {en: Neighbours}
                audience: list
                duration: {calendar_days: 14}
"""


@cache
def asking(late: str = "accept", more: str = "required: true") -> LoadedMethod:
    """Give the trial method with three audiences of the draft."""
    text = Path(__file__).with_name("method.yaml").read_text("utf-8")
    assert _BEFORE in text
    after = _AFTER.replace("            required: true\n", "", 1)
    after = after.replace("LATE", late).replace("MORE", more)
    return load_text(text.replace(_BEFORE, after), "asking.yaml")


def invited(late: str = "accept", more: str = "required: true") -> Story:
    """Begin a story in which the second step has started, and nothing is asked yet."""
    of = asking(late, more)
    story = nothing().and_(start(of, roles=HOLDERS, language="en"))
    return brief_done(story).and_(StartStep(step="invite"))


def draft_asked(late: str = "accept", more: str = "required: true") -> Story:
    """Begin a story in which panel and clients are asked about the draft.

    It opens on Tuesday 1 December 2026; the panel has until 15 December, the client
    until the 30th.
    """
    return invited(late, more).and_(OpenWindow(window=DRAFT))
