"""What a dialogue answers, and how long a caller waits for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

PATIENCE: Final = timedelta(seconds=20)
"""How long a caller waits for an answer before being told to ask again."""


class Answer(NamedTuple):
    """What a dialogue answers: see "Temporal" in docs/integrators.md."""

    version: int
    recorded: bool
    events: list[dict[str, Any]]
    repeated: bool = False


class Accepted(NamedTuple):
    """A command that was taken in, by its id and that of its body (`update_id`).

    Not ``sure``: it may have arrived, and nobody knows. Who sends the same once more
    does so without risk, and is told.
    """

    id: str
    digest: str
    sure: bool = True
