"""A subscription, its deliveries and its dead letters as JSON: without any secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk.remarks_deliveries import why
from domain.facts import written
from language import DEFAULT
from storage.subscription_log import Attempt, Dead
from storage.subscriptions import Subscription


def subscription_told(each: Subscription, lang: str = DEFAULT) -> dict[str, Any]:
    """Give a subscription; what there is nothing to say of is left out.

    ``behind`` is how many places of the log there are, of whomever, from the first on
    that still has to be delivered.
    """
    return _said(
        {
            "id": each.id,
            "organisation": each.organisation,
            "target": each.target,
            "format": each.format,
            "authorisation": each.authorisation,
            "types": each.types,
            "dialogues": each.dialogues,
            "handshake": each.handshake,
            "status": each.status,
            "problem": _why(each.problem, lang),
            "rate": each.rate,
            "cursor": each.cursor,
            "behind": max(each.log_size - each.undone_from, 0),
            "heldDialogues": each.held,
            "deadLetters": each.dead,
            "failures": each.failures,
            "failingSince": _moment(each.failing_since),
            "retryAt": _moment(each.retry_at),
            "deliveredAt": _moment(each.delivered_at),
            "previousSecretUntil": _moment(each.previous_until),
            "createdAt": _moment(each.created_at),
            "createdBy": each.created_by,
        }
    )


def attempt_told(each: Attempt, lang: str = DEFAULT) -> dict[str, Any]:
    """Give one attempt at a delivery; of a test there is no event."""
    return _said(
        {
            "id": str(each.id),
            "event": each.message,
            "type": each.type,
            "dialogue": each.stream,
            "seq": each.seq,
            "leafIndex": each.leaf_index,
            "at": _moment(each.at),
            "milliseconds": each.milliseconds,
            "outcome": each.outcome,
            "status": each.status,
            "problem": _why(each.problem, lang),
        }
    )


def dead_told(each: Dead, lang: str = DEFAULT) -> dict[str, Any]:
    """Give an event that was given up."""
    return {
        "leafIndex": each.leaf_index,
        "dialogue": each.stream,
        "seq": each.seq,
        "type": each.type,
        "at": _moment(each.at),
        "problem": _why(each.problem, lang),
    }


def _why(problem: str | None, lang: str) -> str | None:
    return None if problem is None else why(problem, lang)


def _moment(at: datetime | None) -> str | None:
    return written(at) if at else None


def _said(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
