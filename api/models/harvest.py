"""What came of a dialogue, as callers see it: reports and agreements."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from api.models import Moment, Shown
from api.models.people import Actor, Withheld
from domain.reporting_facts import ReportStatus

Standing = Literal[
    "open", "due", "overdue", "to_review", "kept", "broken", "renegotiated", "lapsed"
]


class ReportShown(Shown):
    """Een verslag dat is gepubliceerd."""

    id: Annotated[str, Field(description="Het verslag.", examples=["concept"])]
    status: Annotated[ReportStatus, Field(description="Concept of definitief.")]
    title: Annotated[
        str, Field(description="Titel.", examples=["Verslag van de dialoog"])
    ]
    reference: Annotated[
        str, Field(description="Waar het te vinden is.", examples=["DMS-2026-118"])
    ]
    sha256: Annotated[
        str,
        Field(description="SHA-256 van de inhoud, hexadecimaal.", examples=["ab" * 32]),
    ]
    published: Annotated[Moment, Field(description="Wanneer het is gepubliceerd.")]
    step: Annotated[str | None, Field(description="De stap waar het bij hoort.")] = None
    to: Annotated[
        list[str], Field(description="Rollen waarvan de houders bericht kregen.")
    ] = []
    told: Annotated[int, Field(description="Hoeveel mensen bericht kregen.")] = 0
    supersedes: Annotated[
        str | None, Field(description="Het verslag waar het voor in de plaats kwam.")
    ] = None
    superseded_by: Annotated[
        str | None, Field(description="Het verslag dat ervoor in de plaats kwam.")
    ] = None
    retracted: Annotated[
        Moment | None, Field(description="Wanneer het is ingetrokken.")
    ] = None
    retracted_by: Annotated[
        str | None,
        Field(description="De stap waarvan de herneming het introk, als dat zo is."),
    ] = None
    reason: Annotated[
        str | None, Field(description="Waarom het is ingetrokken. Privé.")
    ] = None
    withheld: Withheld = None


class SettledShown(Shown):
    """Wat er van een afspraak werd."""

    at: Annotated[Moment, Field(description="Wanneer dat is vastgelegd.")]
    outcome: Annotated[
        str,
        Field(
            description="`kept`, `broken`, `renegotiated` of `lapsed`; van een "
            "afspraak van meer mensen de slechtste van hun delen.",
            examples=["kept"],
        ),
    ]
    renewed_as: Annotated[
        str | None, Field(description="De afspraak die ervoor in de plaats kwam.")
    ] = None


class AgreementShown(Shown):
    """Een afspraak: wie wat doet, tegen wanneer, en wat ervan werd."""

    id: Annotated[str, Field(description="De afspraak.", examples=["bankjes"])]
    who: Actor
    others: Annotated[
        list[str] | None,
        Field(description="Wie haar ook nakomen, ieder hun eigen deel."),
    ] = None
    parts: Annotated[
        dict[str, str] | None,
        Field(description="Wat er van ieders deel werd, voor zover dat bekend is."),
    ] = None
    standing: Annotated[
        Standing,
        Field(
            description="Hoe het ermee staat. `due`: de laatste dag is binnen een week."
        ),
    ]
    made: Annotated[Moment, Field(description="Wanneer zij is gemaakt.")]
    last_day: Annotated[date | None, Field(description="De laatste dag.")] = None
    due: Annotated[Moment | None, Field(description="Het eind van de laatste dag.")] = (
        None
    )
    watched_by: Annotated[str | None, Field(description="De rol die erop toeziet.")] = (
        None
    )
    repeats: Annotated[
        int | None,
        Field(description="Na hoeveel dagen zij telkens terugkomt."),
    ] = None
    step: Annotated[str | None, Field(description="De stap waar zij bij hoort.")] = None
    settled: Annotated[
        SettledShown | None, Field(description="Wat ervan werd, als dat bekend is.")
    ] = None
    what: Annotated[str | None, Field(description="Wat er wordt gedaan. Privé.")] = None
    how: Annotated[str | None, Field(description="Hoe. Privé.")] = None
    reason: Annotated[str | None, Field(description="Waarom het zo liep. Privé.")] = (
        None
    )
    withheld: Withheld = None
