"""The record as a document reads it: facts in order, and private texts where allowed.

Everything comes in as arguments: events, the state that they fold to, and the texts
that were opened for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

from domain.correction_facts import FactCorrected
from domain.events import AnyEvent, PersonalDataErased, from_body
from domain.facts import Fact, Mandate
from domain.state import Dialogue

F = TypeVar("F", bound=Fact)

Place = tuple[int, str]

_UNSEEN: Final = re.compile(
    "[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]"
)
"""Signs that do something, or that turn the order in which what follows is read: in a
text of somebody's they could make the document say another thing."""


@dataclass(frozen=True)
class Known(Generic[F]):
    """An event on record: its place, its hash, and what it says."""

    seq: int
    hash: str
    at: datetime
    by: str
    type: str
    mandate: Mandate | None
    fact: F


def known(members: Mapping[str, Any], digest: str) -> Known[AnyEvent]:
    """Read an event from its members as recorded, and its hash."""
    event = from_body(members)
    return Known(
        event.seq,
        digest,
        event.at,
        event.actor.id,
        event.type,
        event.mandate,
        event.data,
    )


class Words(NamedTuple):
    """A private text, or why it is not here, with the event that says so."""

    standing: Literal["given", "none", "not_asked", "erased", "kept", "missing"]
    text: str = ""
    said_by: int | None = None


@dataclass(frozen=True)
class Record:
    """A dialogue up to and including one event.

    ``texts`` are private texts by event and pointer; ``kept`` are those kept from this
    reader, ``gone`` what was erased after the last event. With ``asked`` false nobody
    asked for any.
    """

    stream: str
    state: Dialogue
    events: tuple[Known[AnyEvent], ...]
    asked: bool = False
    texts: Mapping[Place, str] = field(default_factory=dict[Place, str])
    kept: Mapping[Place, str] = field(default_factory=dict[Place, str])
    gone: frozenset[Place] = frozenset()

    @property
    def head(self) -> Known[AnyEvent]:
        """The last event."""
        return self.events[-1]

    def all(self, *kinds: type[F]) -> list[Known[F]]:
        """Give the events of these kinds, in order."""
        found: list[Any] = [each for each in self.events if type(each.fact) in kinds]
        return found

    @cached_property
    def erased(self) -> dict[Place, int]:
        """The private fields that are gone, with the event that says so."""
        return {
            (place[0], place[1]): each.seq
            for each in self.all(PersonalDataErased)
            for place in each.fact.paths
        }

    @cached_property
    def corrections(self) -> dict[Place, list[Known[FactCorrected]]]:
        """Corrections by the place of the value that they correct."""
        found: dict[Place, list[Known[FactCorrected]]] = {}
        for each in self.all(FactCorrected):
            found.setdefault((each.fact.seq, each.fact.pointer), []).append(each)
        return found

    def words(self, event: Known[Any], name: str) -> Words:
        """Give the private text of an event's field, or why it is not here."""
        place = (event.seq, f"/{name}")
        if getattr(event.fact, name) is None:
            return Words("none")
        if place in self.erased:
            return Words("erased", said_by=self.erased[place])
        if place in self.gone:
            return Words("erased")
        if not self.asked:
            return Words("not_asked")
        if place in self.kept:
            return Words("kept")
        text = self.texts.get(place)
        plain = _UNSEEN.sub("\ufffd", text or "")
        return Words("missing") if text is None else Words("given", plain)
