"""After Temporal's database is gone: every dialogue that it lost starts again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from desk.desk import Desk
from desk.errors import DeskError, Refused
from desk.listing import every_dialogue


class Recovered(NamedTuple):
    """What became of one dialogue: restored, or left as it is, or in trouble."""

    stream: str
    restored: bool
    trouble: DeskError | None


async def restore_all(
    desk: Desk, organisation: str | None = None
) -> AsyncIterator[Recovered]:
    """Restore every dialogue that Temporal does not run; the archived ones rest.

    One that can't be restored keeps no other from it.
    """
    async for row in every_dialogue(desk, organisation=organisation):
        if row.status == "archived":
            continue
        try:
            await desk.restore(row.stream)
        except Refused as refused:
            runs = refused.name == "DialogueRuns"
            yield Recovered(
                row.stream, restored=False, trouble=None if runs else refused
            )
        except DeskError as error:
            yield Recovered(row.stream, restored=False, trouble=error)
        else:
            yield Recovered(row.stream, restored=True, trouble=None)
