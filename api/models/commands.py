"""A command as callers send it, and what became of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from api.models import Body, JsonObject, Moment, Shown
from api.models.acting import MANDATE, ROLE, MandateBody
from desk.answer import Answer
from domain.facts import Hash, OpaqueId, PartId

_EXAMPLE = {"items": ["opdracht.aanleiding", "opdracht.scope"]}


class CommandBody(Body):
    """Een opdracht aan een dialoog.

    Wie handelt staat er niet in: dat is wie het token heeft.
    """

    kind: Annotated[
        PartId,
        Field(
            description="De soort opdracht, zoals in docs/integrators.md.",
            examples=["complete_items"],
        ),
    ]
    command: Annotated[
        JsonObject,
        Field(
            description="De leden van de opdracht, in camelCase of zoals Temporal ze "
            "kent. Wat privé is mag als tekst: die gaat naar de kluis.",
            examples=[_EXAMPLE],
        ),
    ] = {}
    id: Annotated[
        OpaqueId | None,
        Field(
            description="De naam van de opdracht, als die niet in de header "
            "`Idempotency-Key` staat. Nog eens gestuurd heeft zij geen tweede effect.",
            examples=["zaak-2026-0815-1"],
        ),
    ] = None
    role: Annotated[PartId | None, Field(**ROLE)] = None
    mandate: Annotated[MandateBody | None, Field(**MANDATE)] = None
    if_version: Annotated[
        int | None,
        Field(
            ge=1,
            le=2**53 - 1,
            description="Weiger als de dialoog verder is dan deze versie; liever met "
            "de header `If-Match`.",
            examples=[14],
        ),
    ] = None


class FactShown(Shown):
    """Een gebeurtenis, zoals een antwoord haar noemt."""

    seq: Annotated[int, Field(ge=1, examples=[14])]
    type: Annotated[str, Field(examples=["items_completed"])]
    hash: Hash


class CommandAnswer(Shown):
    """Wat een dialoog antwoordt."""

    id: Annotated[OpaqueId, Field(examples=["zaak-2026-0815-1"])]
    version: Annotated[
        int, Field(description="De versie van de dialoog.", ge=1, examples=[14])
    ]
    recorded: Annotated[
        bool,
        Field(
            description="Of de gebeurtenissen op schrift staan. Anders liggen ze vast "
            "en komen ze er nog op."
        ),
    ]
    events: list[FactShown]
    repeated: Annotated[
        bool | None,
        Field(description="Of deze opdracht al eens was uitgevoerd."),
    ] = None

    @classmethod
    def of(cls, name: str, answer: Answer) -> Self:
        """Make it of what the desk says."""
        members: dict[str, Any] = answer._asdict()
        repeated = True if answer.repeated else None
        return cls.model_validate({**members, "id": name, "repeated": repeated})


class CommandAccepted(Shown):
    """Een opdracht die is aangenomen; zij ligt vast, of zij ging zonder antwoord."""

    id: Annotated[OpaqueId, Field(examples=["zaak-2026-0815-1"])]
    status: Annotated[
        Literal["accepted", "unknown"],
        Field(
            description="`accepted`: zij ligt vast. `unknown`: zij ging zonder "
            "antwoord en of zij aankwam is niet bekend; stuur dezelfde nog eens met "
            "dezelfde `Idempotency-Key`: zij heeft één effect."
        ),
    ] = "accepted"


class CommandRefused(Shown):
    """Een opdracht die is geweigerd nadat zij was aangenomen."""

    id: Annotated[OpaqueId, Field(examples=["zaak-2026-0815-1"])]
    status: Literal["refused"] = "refused"
    problem: Annotated[
        JsonObject,
        Field(
            description="Waarom, in de vorm van RFC 9457.",
            examples=[{"type": "/problems/nothing-to-do", "status": 409}],
        ),
    ]


class ActorShown(Shown):
    """Wie handelde: een aanduiding zonder persoonsgegevens, en een rol."""

    id: Annotated[OpaqueId, Field(examples=["p-1"])]
    role: Annotated[str, Field(examples=["process_director"])]
    via: Annotated[str | None, Field(examples=["http"])] = None


class CommandDone(Shown):
    """Een opdracht die is uitgevoerd, met wat eruit kwam."""

    id: Annotated[str, Field(examples=["zaak-2026-0815-1"])]
    at: Moment
    actor: ActorShown
    events: list[FactShown]
