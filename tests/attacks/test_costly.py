"""What anybody can send is read or refused in little time: others wait meanwhile.

A workflow task that computes for two seconds is broken off by Temporal and begun again,
for as long as what it heard is there. So a message that costs much stops a dialogue.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from contextlib import suppress
from time import process_time
from typing import Any, Final

import pytest
from temporalio.api.common.v1 import Payload

from domain.errors import DomainError, MalformedCommand
from workflows.intake import most_bytes, read_command, read_envelope, read_json

SECONDS: Final = 0.12
"""As long as one message may take here, where other tests run at the same time."""

TRIES: Final = 3
"""The least of them is what it costs: more was spent on what else goes on here."""

COSTLY: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "many items": ("complete_items", {"items": [1] * 29_000}),
    "many members": ("complete_items", {f"k{n}": n for n in range(5_000)}),
    "many responses": ("record_responses", {"responses": [{}] * 20_000}),
    "many lists": ("schedule_meeting", {"guests": [[]] * 20_000}),
    "many phases": (
        "migrate_method",
        {"compiled": {"method": {"phases": [{"x": 1}] * 100_000}}},
    ),
    "many numbers": (
        "migrate_method",
        {"compiled": {"method": {"phases": [1] * 400_000}}},
    ),
    "many names": (
        "migrate_method",
        {"mapping": {f"K{n}": "A" for n in range(70_000)}},
    ),
    "many strangers": ("migrate_method", {f"k{n}": n for n in range(70_000)}),
}


def payload(command: dict[str, Any]) -> Payload:
    """Give a message as it comes in."""
    envelope = {"id": "x", "actor": {"id": "x", "role": "public"}, "command": command}
    data = json.dumps(envelope, separators=(",", ":")).encode()
    return Payload(metadata={"encoding": b"json/plain"}, data=data)


def hear(kind: str, message: Payload) -> DomainError | None:
    """Read a message as a dialogue does; give the refusal."""
    try:
        read_command(kind, read_envelope(read_json(message, most_bytes(kind))))
    except DomainError as error:
        return error
    return None


def cost(heard: Callable[[], object]) -> float:
    """Give the processor's seconds that it takes.

    Without a collection in between, which would go through all that the tests before
    this one left.
    """
    tries: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(TRIES):
            began = process_time()
            heard()
            tries.append(process_time() - began)
    finally:
        gc.enable()
    return min(tries)


@pytest.mark.parametrize("name", COSTLY)
def test_a_message_that_is_no_command_costs_little(name: str) -> None:
    """It is refused before all that is wrong with it was written down."""
    kind, command = COSTLY[name]
    message = payload(command)
    assert cost(lambda: hear(kind, message)) < SECONDS
    refusal = hear(kind, message)
    assert refusal is not None
    assert len(str(refusal)) < 1_000


def test_a_few_things_that_are_off_are_all_named() -> None:
    """Who sends something that is nearly right is told what to mend."""
    refusal = hear("complete_items", payload({"items": [1, 2], "colour": "red"}))
    assert isinstance(refusal, MalformedCommand)
    assert "items.0" in str(refusal)
    assert "items.1" in str(refusal)
    assert "a member" in str(refusal)


def test_commas_in_texts_are_no_parts() -> None:
    """Fifty people whose references are nothing but commas are heard all the same."""
    each = {"reference": "," * 499 + '"', "response": {"commitment": "5a" * 32}}
    many = [{"submission": f"s-{n}", "respondent": f"r-{n}", **each} for n in range(50)]
    message = payload({"window": "a.b", "responses": many})
    assert hear("record_responses", message) is None


def test_a_message_of_quotes_and_strokes_costs_little() -> None:
    """Telling texts from parts takes no longer the odder they are."""
    for data in (b'"' + b"\\" * 60_000, b'"\\' * 30_000, b'",' * 30_000, b"," * 60_000):
        message = Payload(metadata={"encoding": b"json/plain"}, data=data)
        assert cost(lambda message=message: unread(message)) < SECONDS


def unread(message: Payload) -> None:
    """Read a message that may well be none."""
    with suppress(DomainError):
        read_json(message, 64 * 1024)
