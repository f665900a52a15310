"""Rows of responses and of their answers, by what one asks for and no more."""

from __future__ import annotations

from collections.abc import Iterable

from desk.desk import Desk
from storage import queries
from storage.queries import EntryRow


async def named(
    desk: Desk, stream: str, window: str, numbers: Iterable[int]
) -> list[EntryRow]:
    """Give responses to a window by their numbers, in the order of the record."""
    names = [f"{window}/{number}" for number in numbers]
    return list(await queries.entries_named(desk.pool, stream, "response", names))


async def said_by(desk: Desk, stream: str, respondent: str) -> list[EntryRow]:
    """Give what one person said in a dialogue, in the order of the record."""
    return list(await queries.responses_of(desk.pool, stream, respondent))


async def answers_of(desk: Desk, stream: str, windows: Iterable[str]) -> list[EntryRow]:
    """Give each answer in these windows, in order."""
    return list(await queries.answers_in(desk.pool, stream, "answer", windows))


async def telling_of(desk: Desk, stream: str, windows: Iterable[str]) -> list[EntryRow]:
    """Give what came of telling the answers in these windows, in order."""
    return list(await queries.answers_in(desk.pool, stream, "telling", windows))
