"""What is out of the ordinary has a kind, a place, and something to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, get_args

MOST: Final = 1_000
"""How many of one kind are looked up; there may be more."""

Kind = Literal[
    "incident",
    "mandate_missing",
    "strange_key",
    "not_sealed",
    "text_missing",
    "outside_mandate",
    "unsigned",
    "shortened",
    "failed",
    "late",
    "sealed_late",
    "refused",
    "retried",
    "waived",
    "erasure",
    "incident_closed",
]
"""What can be out of the ordinary, the most serious first.

``failed`` is an effect or compensation that failed and waits for a person; ``retried``
and ``waived`` are what persons did about one. ``text_missing`` is a private text that
the vault never had; ``shortened`` a term of fewer years than a dossier had before.
``strange_key`` is a desk's key that a dialogue trusts and its organisation never did,
``unsigned`` what somebody did in a role of people that no desk signed.
"""

ORDER: Final[Mapping[str, int]] = {kind: n for n, kind in enumerate(get_args(Kind))}


class Exceptional(NamedTuple):
    """Something out of the ordinary, with its place and what to do about it.

    ``seq`` is None for what has no event. ``todo`` is a code: that of an incident's
    kind (`domain.incidents`), or for other kinds the kind itself.
    """

    kind: Kind
    stream: str
    seq: int | None
    at: datetime
    todo: str
    facts: Mapping[str, Any]


class Found(NamedTuple):
    """What was found, in order of seriousness; ``more`` names kinds cut short."""

    exceptions: tuple[Exceptional, ...]
    more: tuple[str, ...]


class Place(NamedTuple):
    """Where to look: everywhere, in one organisation, or in one stream."""

    organisation: str | None = None
    stream: str | None = None

    def holds(self, stream: str) -> bool:
        """Whether a stream lies here."""
        if self.stream is not None:
            return stream == self.stream
        first, _colon, rest = stream.partition(":")
        whose = rest if first == "org" else first
        return self.organisation in {None, whose}
