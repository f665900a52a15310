"""An incident is something that contradicts the record; each kind has its remedy.

The table `TODO` says for each kind what an operator must do; docs/operations.md and
the screen say the same in words. Incidents come from appends that were refused, from
the sealer, and from comparing the record with Temporal or with a checkpoint. In
`polder:log` an incident is found once and closed once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from domain.facts import OWN_PREFIX, Fact, PartId

Todo = Literal["catch_up", "restore", "supersede", "start_worker", "verify", "compare"]
"""What an operator must do.

``catch_up``: `polder audit reconcile --catch-up`. ``restore``: `polder dialogue
restore`. ``supersede``: the same with `--supersede`, once it is known why two tell
another story. ``start_worker``: start a worker and reconcile again. ``verify``:
`polder audit verify --all`; what was changed comes back from a backup. ``compare``:
find out which backup was put back, and hold the log against the checkpoint's source.
"""

How = Literal["caught_up", "restored", "superseded", "put_back", "explained"]
"""What an operator did, after which an incident is closed."""

LogStream = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+:[a-z0-9-]+$")]

TODO: Final[Mapping[str, Todo]] = {
    # Appends that the record refused (storage.record).
    "forked": "supersede",
    "gap": "catch_up",
    "unknown_epoch": "catch_up",
    # What the sealer finds wrong with a stream (storage.sealing).
    "not_sealed": "verify",
    # What a comparison with Temporal finds (desk.reconciling).
    "not_on_record": "catch_up",
    "record_behind": "catch_up",
    "waits": "catch_up",
    "record_ahead": "supersede",
    "head_differs": "supersede",
    "events_lost": "supersede",
    "blocked": "supersede",
    "older_epoch": "supersede",
    "not_in_temporal": "restore",
    "no_answer": "start_worker",
    # What a comparison with a checkpoint finds.
    "log_shorter": "compare",
    "log_differs": "compare",
    "checkpoint_unreadable": "compare",
}
"""What an operator must do for each kind; for any other ``verify``."""

OF_APPENDS: Final = frozenset({"forked", "gap", "unknown_epoch"})
"""What an append finds, and a restore or a catch-up sets right."""

FOUND: Final = "incident_found"
CLOSED: Final = "incident_closed"


def todo(kind: str) -> Todo:
    """Give what an operator must do about an incident of this kind."""
    return TODO.get(kind, "verify")


class IncidentFound(Fact):
    """Something contradicts the record: where, of which kind, and what to do.

    ``incident`` is the id under which the record keeps the facts.
    """

    stream: LogStream
    kind: PartId
    incident: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:-]{1,200}$")]
    todo: Todo

    @classmethod
    def of(cls, stream: str, kind: str, incident: str) -> IncidentFound:
        """Make one, with what must be done about its kind."""
        return cls(stream=stream, kind=kind, incident=incident, todo=todo(kind))


class IncidentClosed(Fact):
    """An operator acted on an incident, and how."""

    incident: str
    how: How


def cause_of(incident: str, *, closed: bool = False) -> str:
    """Give the cause by which an incident is noted, or closed, once only."""
    return f"{OWN_PREFIX}{'closed' if closed else 'incident'}:{incident}"
