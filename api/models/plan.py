"""The plan of a dialogue as callers see it: its method, with what was changed in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models import Moment, Shown
from api.models.dialogues import MethodShown

Standing = Literal[
    "waiting", "ready", "started", "completed", "skipped", "voided", "ended"
]
ItemStatus = Literal["open", "completed", "waived", "to_reconfirm"]


class PlannedItem(Shown):
    """Een aandachtspunt, met wat ervan werd in deze ronde."""

    id: Annotated[
        str,
        Field(description="`stap.aandachtspunt`.", examples=["opdracht.scope"]),
    ]
    title: Annotated[str, Field(description="Titel.", examples=["Bepaal de grenzen"])]
    status: Annotated[ItemStatus, Field(description="Hoe het ermee staat.")]
    required: Annotated[
        bool, Field(description="Of het nodig is om de stap af te ronden.")
    ] = False
    gate: Annotated[bool, Field(description="Of het een poort is.")] = False
    by: Annotated[str | None, Field(description="Door wie, met een aanduiding.")] = None
    at: Annotated[Moment | None, Field(description="Wanneer.")] = None
    sub: Annotated[
        list[PlannedItem] | None, Field(description="De onderdelen ervan.")
    ] = None


class PlannedWindow(Shown):
    """Een reactietermijn in het plan."""

    id: Annotated[
        str, Field(description="`stap.termijn`.", examples=["verslag.concept"])
    ]
    title: Annotated[str, Field(description="Titel.", examples=["Reactie op concept"])]
    status: Annotated[
        Literal["not_opened", "open", "paused", "closed", "voided"],
        Field(description="Hoe het ermee staat."),
    ]
    audience: Annotated[
        str, Field(description="Wie worden gevraagd.", examples=["public"])
    ]
    required: Annotated[
        bool, Field(description="Of hij gehouden moet zijn om de stap af te ronden.")
    ]
    run: Annotated[
        int, Field(description="De hoeveelste keer hij openstaat; 0 voor nog nooit.")
    ]


class PlannedStep(Shown):
    """Een stap, in de ronde waarin zij is."""

    id: Annotated[str, Field(description="De stap.", examples=["opdracht"])]
    number: Annotated[
        str, Field(description="Het nummer dat mensen kennen.", examples=["1"])
    ]
    title: Annotated[str, Field(description="Titel.", examples=["De opdracht"])]
    status: Annotated[Standing, Field(description="Hoe het ermee staat.")]
    round: Annotated[int, Field(description="De ronde, vanaf 1.", examples=[1])]
    needs: Annotated[list[str], Field(description="Stappen waar zij op bouwt.")]
    waits_for: Annotated[list[str], Field(description="Waar zij nu nog op wacht.")]
    owner: Annotated[str | None, Field(description="De rol die ervoor staat.")] = None
    undescribed: Annotated[
        bool, Field(description="Of de methode haar niet beschrijft.")
    ] = False
    readers: Annotated[
        list[str] | None,
        Field(description="Rollen die haar lezen, als zij vertrouwelijk is."),
    ] = None
    items: Annotated[list[PlannedItem], Field(description="De aandachtspunten.")]
    windows: Annotated[list[PlannedWindow], Field(description="De reactietermijnen.")]


class PlannedPhase(Shown):
    """Een fase met haar stappen."""

    id: Annotated[str, Field(description="De fase.", examples=["voor"])]
    title: Annotated[str, Field(description="Titel.", examples=["Voor de dialoog"])]
    steps: Annotated[list[PlannedStep], Field(description="De stappen.")]


class TrackShown(Shown):
    """Een spoor: gekozen stappen die naast elkaar lopen."""

    id: Annotated[str, Field(description="Het spoor.", examples=["kade"])]
    title: Annotated[str, Field(description="Titel.", examples=["Bewoners Kade"])]
    status: Annotated[
        Literal["open", "complete", "stopped"],
        Field(description="Hoe het ermee staat."),
    ]
    steps: Annotated[list[str], Field(description="De stappen erin.")]
    opened: Annotated[Moment, Field(description="Wanneer het openging.")]
    closed: Annotated[Moment | None, Field(description="Wanneer het sloot.")] = None


class AmendmentShown(Shown):
    """Een wijziging van het plan; wat er veranderde staat in de gebeurtenis."""

    seq: Annotated[int, Field(description="De gebeurtenis.", examples=[12])]
    type: Annotated[
        str, Field(description="Wat voor wijziging.", examples=["plan_amended"])
    ]
    at: Annotated[Moment, Field(description="Wanneer.")]
    by: Annotated[str, Field(description="Door wie, met een aanduiding.")]


class PlanShown(Shown):
    """Het plan van een dialoog: fasen, stappen, aandachtspunten en termijnen."""

    dialogue: Annotated[
        str,
        Field(description="De dialoog.", examples=["gemeente-waterdam:parkzicht"]),
    ]
    version: Annotated[
        int, Field(description="De versie van de dialoog.", examples=[14])
    ]
    method: Annotated[MethodShown, Field(description="De methode waar het uit komt.")]
    phase: Annotated[str, Field(description="De fase waarin zij is.")]
    phases: Annotated[list[PlannedPhase], Field(description="De fasen.")]
    tracks: Annotated[list[TrackShown], Field(description="De sporen.")]
    amendments: Annotated[
        list[AmendmentShown], Field(description="De wijzigingen, de eerste vooraan.")
    ]
