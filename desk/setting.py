"""What the lists of a dialogue are shown by: a few members, without the whole state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from desk.desk import Desk
from desk.gone import no_dialogue
from domain.clock import Clock
from storage import cards


class Setting(NamedTuple):
    """Whose lists they are, by which clock, and who holds which role."""

    title: str
    zone: str
    clock: Clock
    roles: Mapping[str, Sequence[str]]


async def setting(desk: Desk, stream: str) -> Setting:
    """Give what the lists of a dialogue are shown by. Raises `NotFound`."""
    row = await cards.setting(desk.pool, stream)
    if row is None:
        raise await no_dialogue(desk.pool, stream)
    return Setting(row.title, row.zone, Clock.model_validate(row.clock), row.roles)
