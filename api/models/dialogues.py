"""Dialogues as callers see them, and what starts one."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from api.models import EXAMPLE_STREAM, Body, Moment, Shown
from api.paging import Paged
from desk.at_a_glance import Card, Sorted
from domain.facts import Hash, Line, OpaqueId, PartId, Slug, StreamName

Status = Literal["running", "paused", "completed", "cancelled", "archived"]

Order = Literal[
    "id",
    "title",
    "startedAt",
    "updatedAt",
    "nextDeadline",
    "-id",
    "-title",
    "-startedAt",
    "-updatedAt",
    "-nextDeadline",
]


class DialogueFilters(Paged):
    """Welke dialogen, in welke volgorde."""

    status: Annotated[
        Status | None, Field(description="Alleen dialogen met deze status.")
    ] = None
    method: Annotated[
        PartId | None, Field(description="Alleen dialogen met deze methode.")
    ] = None
    attention: Annotated[
        bool, Field(description="Alleen waar iets op een mens wacht.")
    ] = False
    actor: Annotated[
        OpaqueId | None,
        Field(description="Alleen waarin deze handelende een rol heeft."),
    ] = None
    sort: Annotated[
        Order, Field(description="Volgorde; met een streepje ervoor aflopend.")
    ] = "id"


class MethodShown(Shown):
    """De methode van een dialoog, vastgelegd met haar hash."""

    id: Annotated[PartId, Field(examples=["stakeholderdialoog"])]
    version: Annotated[str, Field(examples=["1.0.0"])]
    hash: Annotated[Hash, Field(description="SHA-256 van de gecompileerde vorm.")]


class NeedShown(Shown):
    """Iets dat op een mens wacht."""

    kind: Annotated[str, Field(description="Wat er is.", examples=["unanswered"])]
    target: Annotated[str, Field(description="Waaraan.", examples=["verslag.concept"])]


class DialogueSummary(Shown):
    """Een dialoog in een lijst: waar zij staat."""

    id: Annotated[
        StreamName,
        Field(description="Organisatie en naam.", examples=[EXAMPLE_STREAM]),
    ]
    organisation: Annotated[Slug, Field(examples=["gemeente-waterdam"])]
    slug: Annotated[Slug, Field(examples=["parkzicht"])]
    title: Annotated[str, Field(examples=["Herinrichting Parkzicht"])]
    status: Status
    phase: Annotated[
        str, Field(description="De fase waarin zij is.", examples=["voorbereiding"])
    ]
    step: Annotated[
        str | None, Field(description="De stap die loopt.", examples=["opdracht"])
    ] = None
    method: MethodShown
    version: Annotated[
        int,
        Field(
            description="Het volgnummer van de laatste gebeurtenis; ook de ETag.",
            ge=1,
            examples=[14],
        ),
    ]
    head: Annotated[Hash, Field(description="De hash van de laatste gebeurtenis.")]
    next_deadline: Annotated[
        Moment | None, Field(description="Wanneer de eerstvolgende termijn sluit.")
    ] = None
    open_windows: Annotated[
        int, Field(description="Hoeveel reactietermijnen openstaan.", examples=[1])
    ]
    attention: Annotated[
        int, Field(description="Hoeveel er op een mens wacht.", examples=[0])
    ]
    needs: Annotated[list[NeedShown], Field(description="Wat er op een mens wacht.")]
    calendar_hash: Annotated[
        Hash | None,
        Field(description="De hash van de kalender; in een lijst van dialogen."),
    ] = None
    started_at: Moment
    updated_at: Moment
    zone: Annotated[
        str,
        Field(
            description="Tijdzone waarin de laatste dag van een termijn eindigt.",
            examples=["Europe/Amsterdam"],
        ),
    ]

    @classmethod
    def of(cls, row: Card | Sorted) -> Self:
        """Make it of a row."""
        return cls.model_validate(_members(row))


class DeadlineShown(Shown):
    """Een dag waarop iets klaar moet zijn."""

    title: Annotated[str, Field(examples=["Raadsvergadering"])]
    date: Annotated[
        str, Field(json_schema_extra={"format": "date"}, examples=["2027-03-01"])
    ]


class Dialogue(DialogueSummary):
    """Een dialoog: waar zij staat, wie er een rol in heeft en wat er wacht."""

    question: Annotated[
        str | None,
        Field(description="De vraag van de dialoog.", examples=["Wat doen we hier?"]),
    ] = None
    language: Annotated[
        str, Field(description="De taal van berichten.", examples=["nl"])
    ]
    roles: Annotated[
        dict[str, list[str]],
        Field(
            description="Wie welke rol heeft.",
            examples=[{"process_director": ["p-1"]}],
        ),
    ]
    deadlines: list[DeadlineShown]

    @classmethod
    def of(cls, row: Card | Sorted) -> Self:
        """Make it of a row."""
        members = _members(row)
        dates: list[dict[str, Any]] = members["deadlines"]
        days = [{"title": d["title"], "date": d["date"]} for d in dates]
        return cls.model_validate({**members, "deadlines": days})


def _members(row: Card | Sorted) -> dict[str, Any]:
    members = row._asdict()
    method = {
        "id": row.method_id,
        "version": row.method_version,
        "hash": row.method_hash,
    }
    return {**members, "id": row.stream, "method": method}


class DeadlineBody(Body):
    """Een dag waarop iets klaar moet zijn."""

    title: Annotated[str, Field(max_length=120, examples=["Raadsvergadering"])]
    date: Annotated[
        str, Field(json_schema_extra={"format": "date"}, examples=["2027-03-01"])
    ]


class StartBody(Body):
    """Wat een dialoog begint."""

    id: Annotated[
        StreamName,
        Field(
            description="Organisatie en naam van de nieuwe dialoog.",
            examples=[EXAMPLE_STREAM],
        ),
    ]
    method: Annotated[
        PartId, Field(description="De methode.", examples=["stakeholderdialoog"])
    ]
    method_hash: Annotated[
        Hash | None,
        Field(description="Weiger te beginnen als de methode een andere hash heeft."),
    ] = None
    title: Annotated[
        Line, Field(description="Openbaar.", examples=["Herinrichting Parkzicht"])
    ]
    question: Annotated[Line | None, Field(description="Openbaar.")] = None
    language: Annotated[
        Literal["nl", "en", "fr", "de"], Field(description="De taal van berichten.")
    ] = "nl"
    zone: Annotated[str, Field(max_length=64, description="De tijdzone.")] = (
        "Europe/Amsterdam"
    )
    calendar: Annotated[
        Literal["NL", "BE"], Field(description="Werkdagen en termijnen naar wiens wet.")
    ] = "NL"
    roles: Annotated[
        dict[PartId, list[OpaqueId]],
        Field(
            description="Wie welke rol krijgt, met een aanduiding zonder "
            "persoonsgegevens. Wie begint krijgt de rol waarin dat gebeurt.",
            examples=[{"sounding_board": ["k-1", "k-2"]}],
        ),
    ] = {}
    deadlines: Annotated[
        list[DeadlineBody], Field(max_length=20, description="Vaste dagen.")
    ] = []
    role: Annotated[
        PartId | None,
        Field(description="De rol van de methode waarin u begint; anders gekozen."),
    ] = None

    def command(self) -> dict[str, Any]:
        """Give the body of the command."""
        told = self.model_dump(mode="json", exclude_unset=True, by_alias=False)
        return {n: v for n, v in told.items() if n not in {"id", "role"}}
