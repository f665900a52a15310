"""Somebody asked to take part and was not let in: that is on record too, with why.

Who is invited is named by the invitation. Who was turned away would be named nowhere,
and nobody could ask why.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from domain.facts import Fact, OpaqueId, PartId, Private
from domain.messages import Command, TargetId


class DeclineParticipation(Command):
    """Turn down a request to take part: in a window, a meeting, or the dialogue.

    Nobody is sent word of it: who is turned away hears that in person. Private:
    ``reason``.
    """

    who: OpaqueId
    window: TargetId | None = None
    meeting: PartId | None = None
    reason: Private

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if self.window is not None and self.meeting is not None:
            message = "name a window or a meeting, not both"
            raise ValueError(message)
        return self


class ParticipationDeclined(Fact):
    """A request to take part was turned down. Private: ``reason``.

    Without a ``window`` or a ``meeting`` it was about the dialogue as a whole.
    """

    who: OpaqueId
    window: TargetId | None
    meeting: PartId | None
    reason: Private
