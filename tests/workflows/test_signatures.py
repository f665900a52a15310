"""Checking a signature is pure, and costs next to nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from domain.facts import Cause
from domain.signed import BadSignature
from evidence.actor import make_key, sign
from workflows.intake import Envelope, body_digest, read_envelope
from workflows.signatures import believed

STREAM = "gemeente-waterdam:parkzicht"
KIND = "complete_items"
KEY, OTHER = make_key(b"\x01" * 32), make_key(b"\x02" * 32)
KEYS = {KEY.id: KEY.public}
MOST_MS = 0.3


def message(key: Any = KEY, via: str | None = "http", items: int = 5) -> Envelope:  # noqa: ANN401 (a key, or None)
    """Read a message as it arrives, signed by a key or by none."""
    actor = {"id": "p-1", "role": "process_director"} | ({"via": via} if via else {})
    names = [f"opdracht.item-{number}" for number in range(items)]
    told: dict[str, Any] = {"id": "c-1", "actor": actor, "command": {"items": names}}
    if key is not None:
        told["sig"] = sign(key, STREAM, KIND, told)
    return read_envelope(told)


def heard(envelope: Envelope, keys: dict[str, str]) -> Cause:
    """Give the cause that a message has by the keys of a dialogue."""
    by = Cause(
        stream=STREAM,
        id=envelope.id,
        actor=envelope.actor,
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return believed(by, "update", KIND, envelope, keys)


@pytest.mark.parametrize(
    ("key", "via", "keys", "signed", "said"),
    [
        (KEY, "http", KEYS, KEY.id, "http"),
        (KEY, None, KEYS, KEY.id, "desk"),
        (None, "http", KEYS, None, "update"),
        (None, None, KEYS, None, "update"),
        (None, "http", {}, None, "http"),
        (OTHER, "http", {}, None, "http"),
    ],
)
def test_only_what_is_signed_says_how_it_came(
    key: Any,  # noqa: ANN401 (a key, or None)
    via: str | None,
    keys: dict[str, str],
    signed: str | None,
    said: str,
) -> None:
    """Where keys are trusted; elsewhere it is taken at its word."""
    by = heard(message(key, via), keys)
    assert (by.signed, by.actor.via) == (signed, said)


def test_a_signature_by_another_key_is_refused() -> None:
    """And not taken as if it were none."""
    with pytest.raises(BadSignature):
        heard(message(OTHER), KEYS)


def test_to_read_a_command_again_is_to_read_the_same_one() -> None:
    """What a desk puts in anew makes no other command of it, keys included."""
    told = {"method": "m", "title": "t"}
    more = {"desk_keys": [KEY.public], "unsigned": [], "compiled": None}
    assert body_digest("start_dialogue", told) == body_digest(
        "start_dialogue", told | more
    )


def test_a_signature_is_checked_in_a_fraction_of_a_millisecond() -> None:
    """The best of a few rounds: what the machine does besides is not counted."""
    envelope = message(items=40)
    heard(envelope, KEYS)

    def once() -> float:
        begin = perf_counter()
        heard(envelope, KEYS)
        return (perf_counter() - begin) * 1_000

    assert min(median(once() for _ in range(50)) for _ in range(5)) < MOST_MS
