"""Streams of real events, made the way a workflow makes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from evidence.canonical import JsonValue
from evidence.event import ZERO_HASH, Sealed, seal
from storage.batch import Batch

STREAM = "gemeente-waterdam:parkzicht"
START = datetime(2026, 11, 21, 9, tzinfo=UTC)


def events(
    count: int,
    *,
    stream: str = STREAM,
    after: Sequence[Sealed] = (),
    mark: str = "c",
    data: dict[str, JsonValue] | None = None,
) -> list[Sealed]:
    """Return ``count`` events after those of ``after``; ``mark`` sets apart causes."""
    made = list(after)
    for _ in range(count):
        seq = len(made) + 1
        made.append(
            seal(
                stream=stream,
                seq=seq,
                prev=made[-1].hash if made else ZERO_HASH,
                cause=f"{mark}-{seq}",
                position=0,
                type="step_started",
                at=START + timedelta(minutes=seq),
                actor={"id": "p-1", "role": "process_director", "via": "update"},
                mandate=None,
                data=data or {"step": f"stap-{seq}", "round": 1},
                private={},
            )
        )
    return made[len(after) :]


def batch(
    new: Sequence[Sealed],
    after: Sealed | None = None,
    epoch: int = 0,
    token: str | None = None,
) -> Batch:
    """Return a batch of these events, that follow ``after``."""
    return Batch(
        stream=stream_of(new[0]),
        epoch=epoch,
        after_seq=after.seq if after else 0,
        after_hash=after.hash if after else ZERO_HASH,
        events=tuple(event.body for event in new),
        token=token,
    )


def stream_of(event: Sealed) -> str:
    """Return the stream that an event names."""
    text = event.body.decode()
    return text.split('"stream":"', 1)[1].split('"', 1)[0]
