"""What an organisation's stream says about erasing, holding and destroying.

Grounds are those of the General Data Protection Regulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import Field, StringConstraints

from domain.facts import Fact, Hash, Line, Private, Slug, StreamName
from domain.messages import kind_of

CaseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
"""Id of an erasure or a hold: opaque, without personal data."""


Grant = Literal[
    "no_longer_needed",
    "consent_withdrawn",
    "objection",
    "unlawful",
    "legal_obligation",
    "child",
]
"""Why data are erased: GDPR art. 17(1), a to f."""


Refusal = Literal[
    "expression",
    "public_task",
    "public_health",
    "archiving",
    "legal_claims",
    "no_ground",
    "not_identified",
    "excessive",
    "legal_hold",
]
"""Why they are not: art. 17(3) a to e; 17(1) not met; 11 or 12(2); 12(5); a hold."""


ARTICLES: Final[Mapping[Grant | Refusal, str]] = MappingProxyType(
    {
        "no_longer_needed": "17(1)(a)",
        "consent_withdrawn": "17(1)(b)",
        "objection": "17(1)(c)",
        "unlawful": "17(1)(d)",
        "legal_obligation": "17(1)(e)",
        "child": "17(1)(f)",
        "expression": "17(3)(a)",
        "public_task": "17(3)(b)",
        "public_health": "17(3)(c)",
        "archiving": "17(3)(d)",
        "legal_claims": "17(3)(e)",
        "no_ground": "17(1)",
        "not_identified": "11, 12(2)",
        "excessive": "12(5)(b)",
        "legal_hold": "17(3)(e)",
    }
)
"""Article of the GDPR for each ground."""


HoldGround = Literal[
    "litigation", "supervision", "information_request", "audit", "other"
]
"""Why nothing may go: a court case, an inspectorate, a Woo request, others."""


class ErasureRequested(Fact):
    """Somebody asked to erase what is kept about a person. Private: ``subject``."""

    erasure: CaseId
    subject: Private


class ErasureDecided(Fact):
    """It was decided; ``authority`` refers to the decision. Private: ``explanation``.

    ``request`` is the number of the request's event.
    """

    erasure: CaseId
    request: Annotated[int, Field(ge=1)]
    granted: bool
    ground: Grant | Refusal
    authority: Line
    explanation: Private | None


class ErasureHeld(Fact):
    """What was granted can't be carried out while these holds stand."""

    erasure: CaseId
    holds: tuple[CaseId, ...]


class ErasureExecuted(Fact):
    """What was granted was carried out: rows, then the key. Nothing private.

    ``fields`` were named in so many ``events``, of so many ``dialogues`` (the
    organisation's own stream not counted); ``events_hash`` is the SHA-256 of the
    canonical JSON of ``[[stream, seq, hash], …]`` of those events, in order.
    ``waiting`` values were destroyed before any event committed to them.
    """

    erasure: CaseId
    decision: Annotated[int, Field(ge=1)]
    dialogues: int
    events: int
    fields: int
    waiting: int
    events_hash: Hash


class HoldPlaced(Fact):
    """Nothing may be erased or destroyed. Private: ``subject``.

    In one dialogue, about one person, or, with neither, in the whole organisation.
    """

    hold: CaseId
    dialogue: Slug | None
    subject: Private | None
    ground: HoldGround
    authority: Line


class HoldLifted(Fact):
    """A hold no longer stands; what waited for it goes on."""

    hold: CaseId
    authority: Line


class RetentionSet(Fact):
    """How many years a dialogue is kept after it was archived, on whose authority.

    Without ``dialogue`` for each of the organisation that has no term of its own.
    """

    dialogue: Slug | None
    years: Annotated[int, Field(ge=0, le=200)]
    authority: Line


class DossierDestroyed(Fact):
    """A dialogue was destroyed at the end of its term: texts, events, projections.

    What is left of it: its name, the number and hash of its last event, and the hashes
    in the log. ``term`` is the number of the event that set it.
    """

    stream: StreamName
    seq: Annotated[int, Field(ge=1)]
    hash: Hash
    term: Annotated[int, Field(ge=1)]
    authority: Line
    texts: int


HouseFact: TypeAlias = (
    ErasureRequested
    | ErasureDecided
    | ErasureHeld
    | ErasureExecuted
    | HoldPlaced
    | HoldLifted
    | RetentionSet
    | DossierDestroyed
)


HOUSE_EVENTS: Final[Mapping[str, type[HouseFact]]] = MappingProxyType(
    {kind_of(fact): fact for fact in get_args(HouseFact)}
)
"""Every event of an organisation about erasing and destroying, by its type."""
