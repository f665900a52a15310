"""Dialogues at a glance: one, or a page of many in the order somebody asks for."""

from __future__ import annotations

from desk.desk import Desk
from desk.gone import no_dialogue
from storage.cards import Card, Sort, Sorted, Wanted
from storage.cards import card as find
from storage.cards import cards as page

__all__ = ["Card", "Sort", "Sorted", "Wanted", "glance", "glances"]


async def glance(desk: Desk, stream: str) -> Card:
    """Give one dialogue at a glance. Raises `NotFound`."""
    found = await find(desk.pool, stream)
    if found is None:
        raise await no_dialogue(desk.pool, stream)
    return found


async def glances(desk: Desk, wanted: Wanted, limit: int) -> tuple[Sorted, ...]:
    """Give a page of the dialogues that fit."""
    return await page(desk.pool, wanted, limit)
