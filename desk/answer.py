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
