"""A dialogue stands still while it is paused, or its organisation suspended it."""

from __future__ import annotations

from domain.errors import DialoguePaused, DomainError
from domain.state import Dialogue


class WindowsSuspended(DomainError):
    """The organisation has suspended the windows of its dialogues. They go on with polder organisation resume."""  # noqa: E501 (the docstring is the message)


def is_suspended(state: Dialogue) -> bool:
    """Whether a suspension alone holds the windows: the dialogue is not paused too."""
    return bool(state.suspended) and not state.paused_too


def check_moving(state: Dialogue) -> None:
    """Raise where the dialogue stands still, with what would let it go on."""
    if is_suspended(state):
        raise WindowsSuspended
    if state.status == "paused":
        raise DialoguePaused
