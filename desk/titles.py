"""Titles as people read them: those of the plan, and people counted in words."""

from __future__ import annotations

from domain.titles import Titles
from language import mark, translator

__all__ = ["Titles", "and_more"]


def and_more(lang: str, who: str, more: int) -> str:
    """Name somebody, and say how many more there are."""
    if not more:
        return who
    return translator(lang)(mark("{who} and {count} more")).format(who=who, count=more)
