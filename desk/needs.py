"""What somebody is needed for, in the words of one language."""

from __future__ import annotations

from desk.titles import and_more
from domain.need import Need
from domain.need_titles import title as named
from domain.state import Dialogue
from domain.titles import Titles


def title(state: Dialogue, titles: Titles, need: Need) -> str:
    """Give the title of what a need is about; its target where it has none."""
    return and_more(titles.lang, *named(state, titles, need))
