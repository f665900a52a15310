"""Refusals on their way out: as Temporal errors, and as names fit for the record."""

from __future__ import annotations

import re
from typing import Final

from temporalio.exceptions import ActivityError, ApplicationError

from domain.errors import DomainError

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def refusal(error: DomainError) -> ApplicationError:
    """Give the error that the sender of an update gets.

    Its type is the domain error's name, its message says what would help, and its
    details hold the facts, for a screen that says it in another language.
    """
    name = type(error).__name__
    return ApplicationError(str(error), error.facts, type=name, non_retryable=True)


def reason(error: ActivityError) -> ApplicationError:
    """Give what an activity failed with, as an error that is not tried again."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return ApplicationError(
            cause.message, *cause.details, type=cause.type, non_retryable=True
        )
    kind = type(cause or error).__name__
    return ApplicationError(str(cause or error), type=kind, non_retryable=True)


def nameable(name: str) -> str | None:
    """Give a signal's name if it is one a command could have, else None."""
    return name if _NAME.fullmatch(name) else None
