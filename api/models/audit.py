"""The past of a dialogue, and what vouches for it, as callers see them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Final, cast

from pydantic import BaseModel, Field

from api.models import EXAMPLE_STREAM, Body, JsonObject, Moment, Shown

MOMENT: Final = (
    "Een moment: het nummer van een gebeurtenis (`14`), `checkpoint:120`, een dag "
    "(`2026-12-04`) of een tijdstip (`2026-12-04T14:00Z`)."
)


class Checkpoint(Shown):
    """Een ondertekende verklaring over het hele logboek tot dan."""

    origin: Annotated[str, Field(description="Welk logboek.", examples=["polder/test"])]
    size: Annotated[
        int, Field(description="Hoeveel gebeurtenissen erin staan.", examples=[120])
    ]
    root: Annotated[
        str, Field(description="Wortel van de boom, base64.", examples=["q80=" * 11])
    ]
    at: Annotated[Moment, Field(description="Wanneer het werd ondertekend.")]
    published: Annotated[bool, Field(description="Of het is gepubliceerd.")]


class AsOf(Shown):
    """Een plaats in het verleden van een dialoog."""

    asked: Annotated[
        str, Field(description="Het moment waarom is gevraagd.", examples=["14"])
    ]
    seq: Annotated[
        int, Field(description="De laatste gebeurtenis van toen.", examples=[14])
    ]
    hash: Annotated[str, Field(description="Haar hash.", examples=["a3" * 32])]
    at: Annotated[Moment, Field(description="Wanneer zij gebeurde.")]
    leaf_index: Annotated[
        int | None,
        Field(
            description="Haar plaats in het logboek; ontbreekt zolang zij daar niet "
            "in staat.",
            examples=[96],
        ),
    ] = None
    checkpoint: Annotated[
        Checkpoint | None, Field(description="Het eerste checkpoint dat haar dekt.")
    ] = None


class StateThen(AsOf):
    """Een dialoog zoals zij toen was."""

    dialogue: Annotated[
        str, Field(description="De dialoog.", examples=[EXAMPLE_STREAM])
    ]
    state: Annotated[
        JsonObject,
        Field(
            description="De toestand, met de namen van het opdrachtformaat, zonder wat "
            "geen waarde heeft.",
            examples=[{"stream": EXAMPLE_STREAM, "status": "active", "version": 14}],
        ),
    ]


class Change(Shown):
    """Eén eigenschap die verschilt."""

    path: Annotated[
        str,
        Field(description="JSON Pointer in de toestand.", examples=["/rounds/verslag"]),
    ]
    kind: Annotated[
        str,
        Field(
            description="`added`, `removed` of `changed`.",
            examples=["changed"],
            pattern="^(added|removed|changed)$",
        ),
    ]
    before: Annotated[
        Any, Field(description="De waarde eerst; ontbreekt als er geen was.")
    ] = None
    after: Annotated[
        Any, Field(description="De waarde daarna; ontbreekt als er geen is.")
    ] = None


class Difference(Shown):
    """Wat er verschilt tussen twee momenten van een dialoog."""

    dialogue: Annotated[
        str, Field(description="De dialoog.", examples=[EXAMPLE_STREAM])
    ]
    before: Annotated[AsOf, Field(description="Het ene moment.")]
    after: Annotated[AsOf, Field(description="Het andere moment.")]
    changes: Annotated[list[Change], Field(description="Wat er verschilt.")]


class StateAsked(Body):
    """Which moment is asked for."""

    at: Annotated[
        str | None,
        Field(
            description=f"{MOMENT} Zonder: zoals zij nu is.",
            examples=["14"],
            min_length=1,
            max_length=60,
        ),
    ] = None


class DifferenceAsked(Body):
    """Which two moments are asked for."""

    from_: Annotated[
        str,
        Field(
            alias="from",
            description=MOMENT,
            examples=["14"],
            min_length=1,
            max_length=60,
        ),
    ]
    to: Annotated[
        str | None,
        Field(
            description=f"{MOMENT} Zonder dit: nu.",
            examples=["30"],
            min_length=1,
            max_length=60,
        ),
    ] = None


class PackAsked(Body):
    """Which pack is asked for."""

    withhold: Annotated[
        list[str],
        Field(
            description="Wat er dicht blijft: `all`, `/name` of `12:/name`.",
            examples=[["/reason"]],
            max_length=100,
        ),
    ] = []


class NewestCheckpoint(Shown):
    """Het nieuwste gepubliceerde checkpoint."""

    origin: Annotated[str, Field(description="Welk logboek.", examples=["polder/test"])]
    size: Annotated[
        int, Field(description="Hoeveel gebeurtenissen erin staan.", examples=[120])
    ]
    root: Annotated[
        str, Field(description="Wortel van de boom, base64.", examples=["q80=" * 11])
    ]
    at: Annotated[Moment, Field(description="Wanneer het werd ondertekend.")]
    note: Annotated[
        str,
        Field(
            description="De ondertekende verklaring zelf (C2SP tlog-checkpoint).",
            examples=["polder/test\n120\nq80=\n\n— polder/test AAAA\n"],
        ),
    ]


def members_of(said: BaseModel, but: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """Give the members of a model that say something, as JSON, without those ``but``.

    A member without a value says nothing; a name in a map says something by being
    there, and stays, also where its value is null.
    """
    return said.model_dump(mode="json", exclude={*but}, exclude_none=True)


def without_nulls(value: object) -> Any:  # noqa: ANN401 (any JSON)
    """Leave out members that have no value: of JSON in which no map has such."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {k: without_nulls(v) for k, v in members.items() if v is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in cast("list[object]", value)]
    return value
