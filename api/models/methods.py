"""Methods as callers see them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from api.models import Body, Shown
from desk.methods import LoadedMethod, titles_of
from domain.facts import Hash, PartId


class MethodQuery(Body):
    """Welke versie."""

    hash: Annotated[
        Hash | None, Field(description="De versie met deze hash; anders de nieuwste.")
    ] = None


class MethodSummary(Shown):
    """Een methode in een lijst."""

    id: Annotated[PartId, Field(examples=["stakeholderdialoog"])]
    version: Annotated[str, Field(examples=["1.0.0"])]
    title: Annotated[str, Field(examples=["Stakeholderdialoog"])]
    hash: Annotated[Hash, Field(description="SHA-256 van de gecompileerde vorm.")]
    languages: Annotated[
        list[str], Field(description="Talen van de teksten.", examples=[["nl", "en"]])
    ]
    phases: Annotated[int, Field(description="Hoeveel fasen.", examples=[3])]
    steps: Annotated[int, Field(description="Hoeveel stappen.", examples=[12])]
    items: Annotated[int, Field(description="Hoeveel aandachtspunten.", examples=[60])]

    @classmethod
    def of(cls, found: LoadedMethod, lang: str) -> Self:
        """Make it of a method."""
        plan = found.method
        return cls(
            id=plan.id,
            version=plan.version,
            title=titles_of(plan, lang).text(plan.title),
            hash=found.hash,
            languages=list(plan.languages),
            phases=len(plan.phases),
            steps=len(plan.steps),
            items=len(plan.items),
        )


class MethodPublished(Shown):
    """Een methode die is gepubliceerd."""

    id: Annotated[PartId, Field(examples=["onze-aanpak"])]
    version: Annotated[str, Field(examples=["1.0.0"])]
    hash: Hash
    new: Annotated[
        bool, Field(description="Of dit iets nieuws is; anders was zij er al zo.")
    ]
