"""Gates of a method: what a step has to pass, besides its items and windows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.facts import Fact, PartId
from domain.method_parts import Help, Ours, Title
from domain.thresholds import ONE, GateKind, Threshold


class Gate(Fact):
    """Consent, signatures or an approval, without which the step does not complete."""

    id: PartId
    title: Title
    help: Help = None
    kind: Annotated[
        GateKind,
        Field(
            description="consent: do people agree; signatures: do enough sign;"
            " approval: does somebody say yes."
        ),
    ]
    threshold: Annotated[
        Threshold, Field(description="What it takes; default: one yes.")
    ] = ONE
    role: Annotated[
        PartId | None,
        Field(description="Only this role records it; default: those who steer."),
    ] = None
    ours: Ours = False
