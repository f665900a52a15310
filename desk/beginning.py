"""Starting a dialogue through a home: with its demo clock, and once, however often."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from desk.acting import start_within
from desk.answer import Accepted, Answer
from desk.demo_clock import demo_clock
from desk.desk import Desk, Sender, Wish
from desk.reading import find
from domain.facts import Mandate


async def begin(
    desk: Desk,
    stream: str,
    body: Mapping[str, Any],
    sender: Sender,
    *,
    command_id: str,
    day: int | None,
    mandate: Mandate | None = None,
) -> Answer:
    """Start a dialogue; ``day`` is the length of a demo day in milliseconds.

    A start that comes again names the clock that the dialogue has, so that it is the
    same start.
    """
    wish = Wish(stream, "start_dialogue", body, sender, command_id, mandate)
    done = await begin_within(desk, wish, day, None)
    assert isinstance(done, Answer)  # noqa: S101  (without a limit it is waited for)
    return done


async def begin_within(
    desk: Desk, wish: Wish, day: int | None, within: timedelta | None
) -> Answer | Accepted:
    """Start a dialogue; not on record ``within`` this time, it was accepted."""
    if day is not None:
        known = await find(desk.pool, wish.stream)
        clock = known.clock.model_dump(mode="json") if known else demo_clock(day)
        wish = wish._replace(body={**wish.body, "clock": clock})
    return await start_within(desk, wish, within)
