"""Whatever is sent, the API answers as its description says, and never with a fault.

schemathesis makes the requests: the examples of the description, what the schemas allow
at their edges, and what they forbid. Of its checks these gate: no 5xx, no status, media
type or body that is not described. Which requests ought to be refused it can't know:
what ids exist, and what a dialogue lets happen now.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from api.settings import Settings
from tests.api.conftest import Api
from tests.api.serving import wired

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
SHORT = ("--phases", "examples,fuzzing", "--max-examples=2")
LONG = ("--phases", "examples,coverage,fuzzing", "--max-examples=100")
PROGRAM = Path(sys.executable).parent / "schemathesis"


async def fuzzed(
    api: Api, settings: Settings, room: Path, role: str, *budget: str
) -> tuple[int, str]:
    """Send what schemathesis makes up, as a caller with this role, to a real port.

    Where a dialogue is asked for it names one that exists, so that requests get past
    the door. Packs are left out: here is nobody who makes them. Gives its exit code
    and what it found.
    """
    dialogue = await api.hall.dialogue()
    config = room / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.dialogue" = "{dialogue}"\n', "utf-8")
    who = (await api.bearer(role))["Authorization"]
    async with wired(settings) as client:
        description = f"{client.base_url}".rstrip("/") + "/v1/openapi.json"
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            *("--config-file", config, "run", description),
            *("--header", f"Authorization: {who}", "--checks", ",".join(CHECKS)),
            *("--exclude-path-regex", "audit/pack$", "--request-timeout", "60"),
            *("--continue-on-failure", "--warnings", "off", "--seed", "20261122"),
            *budget,
            cwd=room,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_a_short_fuzz_finds_nothing(
    api: Api, settings: Settings, tmp_path: Path
) -> None:
    """A few requests of each kind to each route, as a process director."""
    code, said = await fuzzed(api, settings, tmp_path, "director", *SHORT)
    assert code == 0, said


@pytest.mark.slow
@pytest.mark.parametrize("role", ["director", "integrator", "operator", "participant"])
async def test_a_long_fuzz_finds_nothing(
    api: Api, settings: Settings, tmp_path: Path, role: str
) -> None:
    """Hundreds of requests to each route, as callers with different rights."""
    code, said = await fuzzed(api, settings, tmp_path, role, *LONG)
    assert code == 0, said
