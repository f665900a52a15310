"""A dialogue that is not there never was, or was destroyed, and then one says so."""

from __future__ import annotations

from typing import Final

from desk.errors import NotFound, Refused
from domain.erasure_facts import DossierDestroyed
from language import mark
from storage.house import house
from storage.pool import Source

NO_DIALOGUE: Final = mark(
    "There is no dialogue {stream}. See polder dialogue list, or start it with "
    "polder dialogue start."
)
DESTROYED: Final = mark(
    "{stream} was destroyed on {day}, at the end of its term ({authority}). Its hashes "
    "are still in the log."
)


async def no_dialogue(source: Source, stream: str) -> NotFound:
    """Give the error for a dialogue that is not there: say so if it was destroyed."""
    facts = await _destroyed(source, stream)
    return (
        NotFound(DESTROYED, **facts) if facts else NotFound(NO_DIALOGUE, stream=stream)
    )


async def refuse_destroyed(source: Source, stream: str) -> None:
    """Raise `Refused` for a dialogue that was destroyed: its name is taken."""
    facts = await _destroyed(source, stream)
    if facts:
        message = DESTROYED.format(**facts)
        raise Refused("DossierDestroyed", message, facts, template=DESTROYED)


async def _destroyed(source: Source, stream: str) -> dict[str, str]:
    found = (await house(source, stream.partition(":")[0])).destroyed.get(stream)
    if found is None or not isinstance(found.fact, DossierDestroyed):
        return {}
    day = found.at.date().isoformat()
    return {"stream": stream, "day": day, "authority": found.fact.authority}
