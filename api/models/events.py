"""Events of dialogues as callers see them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator, Field

from api.models import EXAMPLE_STREAM, JsonObject, Moment, Shown
from api.paging import Paged

EXAMPLE: Final = {
    "v": 1,
    "stream": EXAMPLE_STREAM,
    "seq": 12,
    "prev": "0" * 64,
    "id": "0b1f3c52-5d0e-5e3f-9a3c-0c1d6f2b7a11",
    "type": "items_completed",
    "at": "2026-11-21T16:20:00.123456Z",
    "actor": {"id": "zaaksysteem-1", "role": "system", "via": "http"},
    "mandate": None,
    "cause": "7f0c2c9e-2f63-4a4e-8a34-6f1d1c0c9d55",
    "data": {"items": ["opdracht.aanleiding"], "round": 1},
    "private": {},
}
"""An event as it is recorded."""


def _instant(told: object) -> object:
    """Take what RFC 3339 takes: a bare number would be read as seconds since 1970."""
    if isinstance(told, str) and "T" not in told.upper():
        raise ValueError("a moment is written as 2026-11-21T16:20:00Z")
    return told


class Event(Shown):
    """Een gebeurtenis die in het logboek staat."""

    leaf: Annotated[
        int,
        Field(description="De plaats in het logboek, zonder gaten.", examples=[4711]),
    ]
    dialogue: Annotated[
        str, Field(description="De dialoog.", examples=[EXAMPLE_STREAM])
    ]
    seq: Annotated[
        int, Field(description="De plaats binnen de dialoog.", examples=[12])
    ]
    type: Annotated[
        str, Field(description="Wat er gebeurde.", examples=["items_completed"])
    ]
    at: Annotated[Moment, Field(description="Wanneer het gebeurde.")]
    recorded_at: Annotated[Moment, Field(description="Wanneer het werd vastgelegd.")]
    hash: Annotated[
        str, Field(description="De hash van de gebeurtenis.", examples=["a3" * 32])
    ]
    event: Annotated[
        JsonObject,
        Field(
            description="De gebeurtenis zoals die is vastgelegd en gehasht; zie "
            "docs/audit-format.md. Wat privé is, staat er niet in.",
            examples=[EXAMPLE],
        ),
    ]


class EventsAsked(Paged):
    """Which events are asked for."""

    type: Annotated[
        str | None,
        Field(
            description="Alleen deze soorten, met komma's ertussen; een soort die er "
            "niet is, is 400 met de namen die erop lijken.",
            pattern=r"^[a-z_]{1,80}(,[a-z_]{1,80}){0,99}$",
            examples=["items_completed,window_closed"],
        ),
    ] = None
    since: Annotated[
        AwareDatetime | None,
        BeforeValidator(_instant),
        Field(
            description="Alleen wat vanaf dit moment gebeurde.",
            examples=["2026-11-21T00:00:00Z"],
        ),
    ] = None
    after: Annotated[
        int | None,
        Field(
            description="Alleen wat achter deze plaats in het logboek staat: `leaf` "
            "van de laatste gebeurtenis die u had; -1 voor alles.",
            ge=-1,
            lt=2**63,
            examples=[4711],
        ),
    ] = None

    @property
    def types(self) -> tuple[str, ...]:
        """The kinds that are asked for; none for all."""
        return tuple(self.type.split(",")) if self.type else ()


class AllEventsAsked(EventsAsked):
    """Which events of all dialogues are asked for."""

    dialogue: Annotated[
        str | None,
        Field(
            description="Alleen van deze dialoog.",
            pattern=r"^[a-z0-9][a-z0-9-]{1,62}:[a-z0-9][a-z0-9-]{1,62}$",
            examples=[EXAMPLE_STREAM],
        ),
    ] = None
