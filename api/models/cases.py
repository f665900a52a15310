"""Cases of other systems, and what those systems report of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.models import Body, Moment, Shown
from desk.cases import LONGEST
from domain.facts import ShortLine

_CASE = "https://zaken.example.org/zaken/api/v1/zaken/6f1c7e1e"

Address = Annotated[str, Field(max_length=LONGEST, pattern=r"^https?://[\x21-\x7e]+$")]
Word = Annotated[ShortLine, Field(max_length=100)]


class CaseBody(Body):
    """Een zaak waar een dialoog over gaat."""

    url: Annotated[
        Address,
        Field(
            description="Het adres dat de zaak in haar eigen systeem heeft.",
            examples=[_CASE],
        ),
    ]


class CaseShown(Shown):
    """Een zaak waar een dialoog over gaat."""

    id: Annotated[
        str,
        Field(
            description="De koppeling.",
            examples=["0b7e8e5c-3f4e-4d0c-9a55-3b5d0f5b8a10"],
        ),
    ]
    url: Annotated[str, Field(description="Het adres van de zaak.", examples=[_CASE])]
    linked_at: Annotated[Moment, Field(description="Wanneer zij is gekoppeld.")]
    linked_by: Annotated[
        str, Field(description="Door wie, met een aanduiding.", examples=["p-1"])
    ]


class NotificationBody(Body):
    """Een bericht zoals de Notificaties API van de ZGW-standaard het verstuurt.

    Leden die hier niet staan tellen niet mee.
    """

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore")

    kanaal: Annotated[Word, Field(description="Het kanaal.", examples=["zaken"])]
    hoofd_object: Annotated[
        Address, Field(description="Het adres van de zaak.", examples=[_CASE])
    ]
    resource: Annotated[
        Word, Field(description="Wat er veranderde.", examples=["status"])
    ]
    resource_url: Annotated[
        Address,
        Field(
            description="Het adres daarvan.",
            examples=["https://zaken.example.org/zaken/api/v1/statussen/1d2e"],
        ),
    ]
    actie: Annotated[
        Word, Field(description="Wat ermee gebeurde.", examples=["create"])
    ]
    aanmaakdatum: Annotated[
        ShortLine,
        Field(
            description="Wanneer.",
            max_length=40,
            json_schema_extra={"format": "date-time"},
            examples=["2026-11-22T09:15:00Z"],
        ),
    ]
    kenmerken: Annotated[
        dict[str, Any],
        Field(
            description="Kenmerken waarop is gefilterd; zij blijven buiten de dialoog.",
            examples=[{"bron": "082096752011"}],
        ),
    ] = {}
