"""Temporal's own command line can drive a dialogue, from the contract alone."""

# ruff: noqa: ANN401  (JSON is anything)

from __future__ import annotations

import asyncio
import base64
import json
import sys
from pathlib import Path
from typing import Any

from servers import TemporalServer
from tests.services import until
from tests.workflows.playing import (
    FIRST,
    Engine,
    Play,
    envelope,
    start_command,
)

TEMPORAL = Path(sys.executable).parent / "temporal"


class Stranger:
    """Somebody with the `temporal` program, an address and the contract."""

    def __init__(self, server: TemporalServer, namespace: str, stream: str) -> None:
        """Talk to one dialogue."""
        self._where = ["--address", server.address, "--namespace", namespace]
        self._stream = stream

    async def says(self, *words: str, body: Any = None) -> tuple[int, str]:
        """Run the program; give its exit code and what it said."""
        what = [] if body is None else ["--input", json.dumps(body)]
        process = await asyncio.create_subprocess_exec(
            TEMPORAL,
            "workflow",
            *words,
            *("--workflow-id", self._stream, *what, *self._where),
            *("--disable-config-file", "--output", "json"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    async def json(self, *words: str, body: Any = None) -> Any:
        """Run the program; give the JSON that it prints."""
        code, said = await self.says(*words, body=body)
        assert code == 0, said
        return json.loads(said)


async def test_a_stranger_starts_and_drives_a_dialogue(
    engine: Engine, temporal_server: TemporalServer
) -> None:
    """Start, update, signal and query with JSON; a refusal says what would help."""
    stream = "gemeente-waterdam:vreemde"
    who = Stranger(temporal_server, engine.client.namespace, stream)
    start = ("--type", "Dialogue", "--task-queue", "polder")
    await who.json("start", *start, body=envelope(start_command()))
    play = Play(engine, engine.client.get_workflow_handle(stream), stream)
    await play.settled()

    update = ("update", "execute", "--name")
    answer = await who.json(
        *update, "complete_items", body=envelope({"items": FIRST[:1]})
    )
    assert answer["result"]["recorded"] is True
    assert [e["type"] for e in answer["result"]["events"]] == [
        "step_started",
        "items_completed",
    ]
    code, said = await who.says(
        *update, "complete_items", body=envelope({"items": ["kennismaken.tijd"]})
    )
    assert code != 0
    assert "Did you mean kennismaken.tijd-nemen" in said

    await signals_are_on_record(who, play)
    await queries_answer_as_sent(who, play)
    await play.is_sound()


async def signals_are_on_record(who: Stranger, play: Play) -> None:
    """One is obeyed; each of the others is there as refused, with its error."""
    signal = ("signal", "--name")
    await who.says(*signal, "complete_items", body=envelope({"items": FIRST[1:]}))
    await who.says(*signal, "complete_items", body=envelope({"items": ["x.y"]}))
    await who.says(*signal, "complete_items", body=["not", "an", "envelope"])
    await who.says(*signal, "complete_items")

    async def all_there() -> bool:
        return len(await play.events()) == 7

    await until(all_there)
    errors = [
        (e["data"]["name"], e["data"]["error"])
        for e in await play.events()
        if e["type"] == "command_refused"
    ]
    assert errors == [
        ("complete_items", "UnknownItem"),
        ("complete_items", "MalformedEnvelope"),
        ("complete_items", "MalformedEnvelope"),
    ]


async def queries_answer_as_sent(who: Stranger, play: Play) -> None:
    """What the program is told is what any other client is told."""
    for name in ("state", "progress", "head", "outbox"):
        # The program's own short form of JSON has null for an empty list; as it was
        # sent a list is always a list.
        told = await who.json("query", "--name", name, "--no-json-shorthand-payloads")
        (payload,) = told["queryResult"]["payloads"]
        sent = json.loads(base64.b64decode(payload["data"]))
        assert sent == await play.handle.query(name), name
        if name == "progress":
            assert (sent["needsAttention"], sent["steps"]["ready"]) == ([], [])
