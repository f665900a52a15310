"""In which role somebody acts, and by which mandate: said alike of every command."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field

from api.models import Body
from domain.facts import Hash, Mandate, StreamName

ROLE: Final[dict[str, Any]] = {
    "description": "De rol van de methode waarin u handelt; anders gekozen uit die u "
    "hebt.",
    "examples": ["process_director"],
}
MANDATE: Final[dict[str, Any]] = {"description": "Namens wie u handelt."}
"""What is said of these members, as `pydantic.Field` takes it."""


class MandateBody(Body):
    """De gebeurtenis waarop het gezag van een handeling rust."""

    stream: Annotated[StreamName, Field(examples=["org:gemeente-waterdam"])]
    seq: Annotated[int, Field(ge=1, le=2**53 - 1, examples=[3])]
    hash: Hash

    @property
    def fact(self) -> Mandate:
        """The same in the domain's words."""
        return Mandate(stream=self.stream, seq=self.seq, hash=self.hash)
