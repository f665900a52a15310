"""Confidential steps: what is said about them, and what is on record.

That a step is confidential, and which roles read it, is public; what was said in it is
not. Milestones of such a step stay public: what happened, when, and by whom.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.facts import Fact, PartId, Private
from domain.messages import Command

Readers = Annotated[tuple[PartId, ...], Field(min_length=1, max_length=20)]


class MarkConfidential(Command):
    """Keep the private texts of a step to these roles. Private: ``reason``.

    Also what was said in it before. Again, with other roles, it changes who reads.
    """

    step: PartId
    readers: Readers
    reason: Private


class LiftConfidential(Command):
    """Let private texts of a step be read as those of any other. Private: ``reason``.

    That it was confidential stays visible.
    """

    step: PartId
    reason: Private


class StepMarkedConfidential(Fact):
    """Private texts of a step are for ``readers`` only. Private: ``reason``."""

    step: str
    readers: tuple[str, ...]
    reason: Private


class ConfidentialityLifted(Fact):
    """A step is no longer confidential. Private: ``reason``."""

    step: str
    reason: Private


ConfidentialCommand = MarkConfidential | LiftConfidential
ConfidentialEvent = StepMarkedConfidential | ConfidentialityLifted
