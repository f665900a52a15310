"""Private texts ahead of the command that carries them: for who sends by Temporal."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from api.conditions import IdempotencyKey
from api.models import EXAMPLE_STREAM, Body, Shown
from api.routing import router
from api.security import Visiting
from desk.at_a_glance import glance
from desk.desk import fresh_id
from desk.private import MAX_PRIVATE_CHARACTERS, deposit
from domain.facts import Hash, OpaqueId, PartId, StreamName

ROUTE = router("Opdrachten")


class PrivateBody(Body):
    """Een privétekst, voor de opdracht die haar zal dragen."""

    dialogue: Annotated[
        StreamName, Field(description="De dialoog.", examples=[EXAMPLE_STREAM])
    ]
    kind: Annotated[
        PartId, Field(description="De soort opdracht.", examples=["revisit_step"])
    ]
    member: Annotated[
        PartId, Field(description="Het lid van de opdracht.", examples=["reason"])
    ]
    text: Annotated[
        str,
        Field(
            description="De tekst.",
            max_length=MAX_PRIVATE_CHARACTERS,
            examples=["De zaal was te klein"],
        ),
    ]
    about: Annotated[
        OpaqueId | None,
        Field(
            description="Over wie zij gaat, als dat niet uzelf is.", examples=["k-1"]
        ),
    ] = None


class PrivateShown(Shown):
    """Wat in plaats van de tekst in de opdracht hoort."""

    id: Annotated[
        OpaqueId,
        Field(
            description="De naam die de opdracht moet hebben.",
            examples=["herneming-1"],
        ),
    ]
    member: Annotated[str, Field(examples=["reason"])]
    commitment: Annotated[Hash, Field(description="SHA-256, hexadecimaal.")]

    @classmethod
    def of(cls, name: str, member: str, commitment: str) -> Self:
        """Make it of what the vault says."""
        return cls(id=name, member=member, commitment=commitment)


@ROUTE.post(
    "/private",
    operation_id="putPrivate",
    summary="Een privétekst in de kluis leggen",
    status_code=201,
)
async def put_private(
    visit: Visiting, body: PrivateBody, idempotency_key: IdempotencyKey = None
) -> PrivateShown:
    """Legt een privétekst in de kluis voor een opdracht die u daarna stuurt.

    `Idempotency-Key` is de naam van die opdracht. Stuur in plaats van de tekst
    `{"commitment": "…"}`. Over HTTP hoeft dat niet: daar mag de tekst zelf.
    """
    visit.allow("act", body.dialogue)
    await glance(visit.desk, body.dialogue)
    name = idempotency_key or fresh_id()
    commitment = await deposit(
        visit.desk.pool,
        visit.desk.keys,
        body.dialogue,
        body.kind,
        body.member,
        text=body.text,
        command_id=name,
        subject=body.about or visit.caller.actor,
        sender=visit.caller.actor,
    )
    return PrivateShown.of(name, body.member, commitment)
