"""Who is involved and what they want, as callers see it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models import Moment, Shown
from domain.interest_facts import InterestKind, InterestLevel, RelationKind

Withheld = Annotated[
    list[str] | None,
    Field(
        description="Leden waarvan er een tekst is die hier niet staat: er is niet om "
        "gevraagd (`private=true`), hij is niet voor u, of hij is gewist.",
        examples=[["name", "address"]],
    ),
]
"""Which private texts there are and are not shown."""

Actor = Annotated[
    str,
    Field(
        description="Een aanduiding van iemand, zonder persoonsgegevens.",
        examples=["k-1"],
    ),
]
"""Somebody's id in an answer."""


class StakeholderShown(Shown):
    """Een belanghebbende op het register."""

    id: Actor
    kind: Annotated[
        str | None,
        Field(description="Soort belanghebbende, zoals de methode die noemt."),
    ] = None
    impact: Annotated[
        int | None,
        Field(description="Hoezeer het hen raakt, van 0 tot 3.", examples=[3]),
    ] = None
    influence: Annotated[
        int | None,
        Field(description="Hoeveel invloed zij hebben, van 0 tot 3.", examples=[1]),
    ] = None
    reached: Annotated[
        bool, Field(description="Of zij al bereikt zijn.", examples=[True])
    ] = False
    late: Annotated[
        bool,
        Field(description="Of zij erbij kwamen toen er al afspraken waren."),
    ] = False
    since: Annotated[Moment, Field(description="Wanneer zij op het register kwamen.")]
    left: Annotated[
        Moment | None, Field(description="Wanneer zij de dialoog verlieten.")
    ] = None
    briefed: Annotated[
        Moment | None,
        Field(description="Wanneer zij zijn bijgepraat over eerdere afspraken."),
    ] = None
    briefing_waived: Annotated[
        bool | None,
        Field(description="Of ervan is afgezien om hen bij te praten."),
    ] = None
    levels: Annotated[
        dict[str, str] | None,
        Field(
            description="Hoever zij worden betrokken, per fase: hun eigen niveau, of "
            "anders dat van hun soort.",
            examples=[{"voor": "consult"}],
        ),
    ] = None
    name: Annotated[str | None, Field(description="Naam. Privé.")] = None
    organisation: Annotated[str | None, Field(description="Organisatie. Privé.")] = None
    address: Annotated[str | None, Field(description="E-mailadres. Privé.")] = None
    constituency: Annotated[str | None, Field(description="Achterban. Privé.")] = None
    mandate: Annotated[
        str | None, Field(description="Namens wie zij spreken. Privé.")
    ] = None
    reason: Annotated[str | None, Field(description="Waarom zij weggingen. Privé.")] = (
        None
    )
    note: Annotated[
        str | None, Field(description="Aantekening bij het bijpraten. Privé.")
    ] = None
    withheld: Withheld = None


class RelationShown(Shown):
    """Hoe een belang een ander raakt."""

    interest: Annotated[str, Field(description="Het andere belang.", examples=["i-2"])]
    kind: Annotated[
        RelationKind,
        Field(description="Ze botsen (`tension`) of versterken elkaar (`synergy`)."),
    ]


class InterestShown(Shown):
    """Een belang dat op tafel ligt, of lag."""

    id: Annotated[str, Field(description="Het belang.", examples=["i-1"])]
    stakeholder: Actor
    kind: Annotated[InterestKind, Field(description="Ambitie, doel of belang.")]
    level: Annotated[
        InterestLevel, Field(description="Persoonlijk of van de organisatie.")
    ]
    priority: Annotated[
        int | None,
        Field(description="Van 1 (weegt het zwaarst) tot 5.", examples=[1]),
    ] = None
    about: Annotated[
        str | None,
        Field(description="Waar het over gaat, openbaar.", examples=["property"]),
    ] = None
    since: Annotated[Moment, Field(description="Wanneer het op tafel kwam.")]
    changed: Annotated[
        Moment | None, Field(description="Wanneer het voor het laatst veranderde.")
    ] = None
    withdrawn: Annotated[
        Moment | None, Field(description="Wanneer het van tafel ging.")
    ] = None
    relations: Annotated[
        list[RelationShown] | None,
        Field(description="Belangen die ermee botsen of het versterken."),
    ] = None
    text: Annotated[
        str | None, Field(description="Het belang in hun woorden. Privé.")
    ] = None
    reason: Annotated[
        str | None, Field(description="Waarom het van tafel ging. Privé.")
    ] = None
    withheld: Withheld = None


class EvaluationShown(Shown):
    """Wat iemand van de dialoog vond."""

    id: Annotated[str, Field(description="Het nummer ervan.", examples=["1"])]
    by: Annotated[
        str,
        Field(description="Van wie; `us` is de organisatie zelf.", examples=["us"]),
    ]
    at: Annotated[Moment, Field(description="Wanneer het is vastgelegd.")]
    goal_reached: Annotated[
        Literal["yes", "partly", "no"], Field(description="Of het doel is bereikt.")
    ]
    scores: Annotated[
        dict[str, int],
        Field(description="Cijfers per element van de zelfbeoordeling."),
    ] = {}
    gained_them: Annotated[
        str | None, Field(description="Wat het hun bracht. Privé.")
    ] = None
    gained_us: Annotated[
        str | None, Field(description="Wat het de organisatie bracht. Privé.")
    ] = None
    withheld: Withheld = None
