"""How long the workflow waits and how often it tries: named, in one place."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy

APPEND_TIMEOUT: Final = timedelta(seconds=20)
APPEND_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
)
"""The record is tried for ever: what was accepted will be recorded."""

COMPILE_TIMEOUT: Final = timedelta(seconds=30)
COMPILE_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    maximum_interval=timedelta(seconds=30),
)

NOTIFY_TIMEOUT: Final = timedelta(minutes=5)
NOTIFY_HEARTBEAT: Final = timedelta(seconds=10)
"""A worker that died is noticed after this; one that has to stop within four fifths."""

NOTIFY_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=5),
)
PATIENCE: Final = timedelta(hours=1)
"""Dialogue time during which a message is tried before a person has to decide."""

LEAST_PATIENCE: Final = timedelta(seconds=15)
"""Real time that a message is given even under a fast demo clock: longer than it takes
to miss a worker that died, so that another can send it."""

SEAL_TIMEOUT: Final = timedelta(hours=2)
SEAL_HEARTBEAT: Final = timedelta(seconds=10)
"""A sealer that died is noticed after this, and another goes on."""

SEAL_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
)
"""Sealing is tried for ever: what is on record will be in the log."""

SEAL_HISTORY: Final = 500
"""History events after which the sealer's workflow hands over to a new run."""

PUBLISH_TIMEOUT: Final = timedelta(minutes=5)
PUBLISH_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(seconds=2),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=15),
)
"""That a checkpoint was published is told until every target knows."""

ONCE: Final = RetryPolicy(maximum_attempts=1)
"""The workflow itself tries again, so that a signal can cut a pause short."""

_FIRST_PAUSE: Final = timedelta(seconds=2)
_LONGEST_PAUSE: Final = timedelta(minutes=15)


def publish_pause(failures: int) -> timedelta:
    """Give how long to leave a target alone that failed so often in a row.

    It is tried for ever: the operator sees that it lags behind.
    """
    return min(_FIRST_PAUSE * 2 ** min(failures - 1, 10), _LONGEST_PAUSE)


DELIVER_TIMEOUT: Final = timedelta(hours=2)
DELIVER_HEARTBEAT: Final = timedelta(seconds=10)
"""A worker that died is noticed after this, and another delivers."""

DELIVER_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
)
"""Tried for ever: it fails only while the record or the keys are away."""


ERASURES_TIMEOUT: Final = timedelta(seconds=20)
ERASURES_PATIENCE: Final = timedelta(minutes=1)
"""How long a run asks what was decided to be erased; then it waits to be told again."""

# The next three decide when a run hands over, so replays depend on them: a run that is
# under way must not meet other values (workflow.patched, or a pinned build).

HISTORY_BUDGET: Final = 2_000
"""History events after which a run hands over to the next one: half of what the server
suggests, so that a flood of signals finds it early, and a replay stays short."""

UPDATE_BUDGET: Final = 1_500
"""Updates after which a run hands over; the server refuses the 2,001st."""

UPDATE_MARGIN: Final = 200
"""Updates beyond the budget in which a run waits for a quiet moment to hand over."""

DRAIN_GRACE: Final = timedelta(seconds=5)
"""How long a run that has to hand over waits for a batch that is being recorded."""

PACK_TIMEOUT: Final = timedelta(seconds=100)
PACK_RETRY: Final = RetryPolicy(maximum_attempts=2)
