"""What is counted while Polder runs: few figures, each for a question that is asked.

Labels are names in our code, never ids: no organisation, dialogue or person can be told
from them, and their number stays small whatever is sent.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY: Final = CollectorRegistry(auto_describe=True)
"""All figures of this process."""

UNKNOWN: Final = "unknown"
"""The label of whatever has a name that is not ours."""

_recorded = Counter(
    "polder_recorded",
    "Events on record, by their type.",
    ["kind"],
    registry=REGISTRY,
)
_refused = Counter(
    "polder_refused",
    "Commands that a dialogue refused, by kind and error.",
    ["kind", "error"],
    registry=REGISTRY,
)
_deliveries = Counter(
    "polder_deliveries",
    "Attempts to deliver events to subscribers, by what came of them.",
    ["status"],
    registry=REGISTRY,
)
_requests = Histogram(
    "polder_request_seconds",
    "How long HTTP requests took, by route and status.",
    ["method", "route", "status"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
_canary = Histogram(
    "polder_canary_seconds",
    "How long a command of health took through Temporal, a worker and the record.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4),
    registry=REGISTRY,
)
_canary_failed = Counter(
    "polder_canary_failed",
    "Commands of health that did not come through in time.",
    registry=REGISTRY,
)


def recorded(kind: str) -> None:
    """Count an event that is on record."""
    _recorded.labels(kind).inc()


def refused(kind: str, error: str) -> None:
    """Count a refusal; ``kind`` is one of ours, or `UNKNOWN`."""
    _refused.labels(kind, error).inc()


def delivered(status: str) -> None:
    """Count an attempt to deliver: ``taken``, ``refused``, ``away`` or ``gone``; and
    ``dead`` for an event that was given up.
    """
    _deliveries.labels(status).inc()


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request; ``route`` is its template, without values."""
    _requests.labels(method, route, str(status)).observe(seconds)


def canary(seconds: float | None) -> None:
    """Count a command of health that came through, or did not (None)."""
    if seconds is None:
        _canary_failed.inc()
    else:
        _canary.observe(seconds)
