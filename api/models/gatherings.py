"""Meetings, as callers see them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models import Moment, Shown
from api.models.people import Withheld


class HeldShown(Shown):
    """Wanneer iets was, zo precies als de bron het weet."""

    date: Annotated[
        str,
        # Not called date over HTTP: by the design rules that is always a whole day.
        Field(
            alias="on",
            description="Een jaar, maand, dag of tijdstip.",
            examples=["2016-11"],
        ),
    ]
    precision: Annotated[
        Literal["instant", "day", "month", "year"],
        Field(description="Hoe precies dat is."),
    ]
    until: Annotated[
        str | None, Field(description="Het laatste waarop het kan zijn geweest.")
    ] = None


class MeetingShown(Shown):
    """Een bijeenkomst."""

    id: Annotated[str, Field(description="De bijeenkomst.", examples=["avond-1"])]
    title: Annotated[
        str, Field(description="Titel.", examples=["Eerste avond over het plein"])
    ]
    status: Annotated[
        Literal["planned", "held", "cancelled", "voided"],
        Field(description="Hoe het ermee staat."),
    ]
    step: Annotated[str | None, Field(description="De stap waar zij bij hoort.")] = None
    begins: Annotated[Moment | None, Field(description="Begin.")] = None
    ends: Annotated[Moment | None, Field(description="Einde.")] = None
    held: Annotated[
        HeldShown | None,
        Field(description="Wanneer zij was, als dat achteraf is vastgelegd."),
    ] = None
    times: Annotated[
        int | None,
        Field(
            description="Voor hoeveel bijeenkomsten zij staat, als het er meer zijn."
        ),
    ] = None
    format: Annotated[str | None, Field(description="Werkvorm.")] = None
    roles: Annotated[
        list[str], Field(description="Rollen waarvan de houders zijn uitgenodigd.")
    ] = []
    invited: Annotated[
        list[str], Field(description="Wie zijn uitgenodigd, met hun aanduiding.")
    ] = []
    present: Annotated[list[str] | None, Field(description="Wie er waren.")] = None
    absent: Annotated[list[str] | None, Field(description="Wie er niet waren.")] = None
    others: Annotated[int | None, Field(description="Hoeveel anderen er waren.")] = None
    capacity: Annotated[
        int | None, Field(description="Voor hoeveel mensen er plaats is.")
    ] = None
    sequence: Annotated[
        int, Field(description="Hoe vaak zij is gewijzigd, zoals agenda's tellen.")
    ] = 0
    minutes_version: Annotated[
        int | None, Field(description="De hoeveelste versie van het verslag dit is.")
    ] = None
    reference: Annotated[
        str | None, Field(description="Waar het verslag te vinden is.")
    ] = None
    sha256: Annotated[
        str | None, Field(description="SHA-256 van het verslag, hexadecimaal.")
    ] = None
    source: Annotated[
        str | None, Field(description="Uit welke bron zij bekend is.")
    ] = None
    place: Annotated[str | None, Field(description="Plaats. Privé.")] = None
    online: Annotated[str | None, Field(description="Waar zij online is. Privé.")] = (
        None
    )
    programme: Annotated[str | None, Field(description="Programma. Privé.")] = None
    message: Annotated[
        str | None, Field(description="Bericht aan wie is uitgenodigd. Privé.")
    ] = None
    minutes: Annotated[str | None, Field(description="Verslag. Privé.")] = None
    reason: Annotated[
        str | None, Field(description="Waarom zij niet doorgaat. Privé.")
    ] = None
    withheld: Withheld = None
