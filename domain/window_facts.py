"""What people wish about windows and responses beyond the first form, and what follows.

An audience of a window is named by an id: of a further audience in the method, or of a
list of people that somebody makes as it goes. Its full id is ``step.window.audience``,
and what happens to it happens under that name.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.facts import Fact, Instant, Line, OpaqueId, PartId, Private, absent
from domain.messages import Command, Day, TargetId
from domain.terms import Duration

MAX_GATHERED = 50
"""Responses in one `RecordResponses`: a batch of the record holds 100 events."""

Because = Literal[
    "faulty_publication",
    "missing_documents",
    "changed_documents",
    "not_reached",
    "court",
    "other",
]
"""Why a window opens again: what was wrong with it the first time."""

Channel = Literal["web", "mail", "post", "telephone", "in_person", "meeting", "other"]
"""How a response came: by a form, by e-mail or post, told by telephone, at the desk or
at somebody's home, in a meeting, or otherwise."""

Number = Annotated[int, Field(ge=1, le=10_000_000)]
"""The number of a response in its window."""


class InviteToWindow(Command):
    """Ask people, by name, in a window. Private: ``reason``.

    ``audience`` is a list of the method, or a new one. A list that is not open yet is
    opened; one that the method does not have needs a reason, and lasts ``duration``
    from the closing that those it names have now.
    """

    window: TargetId
    audience: PartId
    who: Annotated[tuple[OpaqueId, ...], Field(min_length=1, max_length=200)]
    duration: Duration | None = None
    reason: Private | None = None


class ReopenWindow(Command):
    """Open a window again that has closed. Private: ``reason``.

    What was received stays valid: who responded is not asked again.
    """

    window: TargetId
    audience: PartId | None = None
    duration: Duration | None = None
    because: Because
    reason: Private


class UseLateResponse(Command):
    """Use a late response of the authority's own motion. Private: two fields.

    Either ``number``, of a response that was accepted and marked as late, or the data
    of one that was refused: ``respondent``, ``response``, ``reference``, by which
    ``channel`` it came and when it was received. Private are ``response`` and
    ``reason``.
    """

    window: TargetId
    number: Number | None = None
    respondent: OpaqueId | None = None
    response: Private | None = None
    reference: Line | None = None
    received_at: Instant | None = None
    channel: Channel | None = Field(default=None, exclude_if=absent)
    reason: Private


class GatheredResponse(Fact):
    """One of many responses. ``submission`` is what it came under, once for ever.

    Private: ``response`` and ``address``, which lie in the vault under the submission's
    own id.
    """

    submission: OpaqueId
    respondent: OpaqueId
    response: Private | None = None
    reference: Line | None = None
    received_at: Instant | None = None
    posted_on: Day | None = None
    supplements: Number | None = None
    channel: Channel | None = Field(default=None, exclude_if=absent)
    address: Private | None = None


class RecordResponses(Command):
    """Record many responses in one window, as the desk gathered them."""

    window: TargetId
    responses: Annotated[
        tuple[GatheredResponse, ...], Field(min_length=1, max_length=MAX_GATHERED)
    ]


class AudienceInvited(Fact):
    """People were asked by name in an opening that runs. Private: ``reason``."""

    window: TargetId
    run: int
    who: tuple[OpaqueId, ...]
    reason: Private | None


class LateResponseUsed(Fact):
    """A late response counts, of the authority's own motion. Private: ``reason``."""

    window: TargetId
    run: int
    number: int
    reason: Private


class RefusedResponse(Fact):
    """One of many responses that the rules did not let in, and the rule's name."""

    submission: OpaqueId
    error: str


class ResponsesGathered(Fact):
    """Responses were recorded together: ``count`` events follow. Nothing private."""

    window: TargetId
    count: int
    refused: tuple[RefusedResponse, ...]


WindowCommand = InviteToWindow | ReopenWindow | UseLateResponse | RecordResponses
WindowEvent = AudienceInvited | LateResponseUsed | ResponsesGathered
