"""A witness of our own for one line, and one by others that keeps to the protocol."""

from __future__ import annotations

import asyncio
import subprocess
import time
from base64 import b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.note import (
    COSIGNATURE,
    SIGNATURE,
    Signature,
    VerifierKey,
    parse_note,
    verifier_key,
)
from servers.ports import LOOPBACK, free_port
from tests.independent.building import built

_SEED = b"w" * 32
_PRIVATE = Ed25519PrivateKey.from_private_bytes(_SEED)
OUR_WITNESS = verifier_key("witness.example/w1", _PRIVATE, COSIGNATURE)


def cosignature(note: bytes, at: int | None = None) -> str:
    """Return the line by which ``OUR_WITNESS`` cosigns a note."""
    seconds = int(time.time()) if at is None else at
    text = parse_note(note).text.encode()
    signed = _PRIVATE.sign(b"cosignature/v1\ntime %d\n" % seconds + text)
    raw = seconds.to_bytes(8) + signed
    return Signature(OUR_WITNESS.name, OUR_WITNESS.id, raw).line()


@dataclass(frozen=True)
class Independent:
    """A witness by others: its program is omniwitness, of transparency-dev."""

    url: str
    key: VerifierKey


@asynccontextmanager
async def witness_running(
    folder: Path, *logs: VerifierKey
) -> AsyncGenerator[Independent]:
    """Run a witness that knows these logs; skips where it can't be built."""
    program = await asyncio.to_thread(built, "omniwitness")
    folder.mkdir()
    name = "witness.example/others"
    signer = verifier_key(name, _PRIVATE, SIGNATURE)
    secret = b64encode(bytes([SIGNATURE]) + _SEED).decode()
    key_file, logs_file = folder / "key", folder / "logs.yaml"
    key_file.write_text(f"PRIVATE+KEY+{name}+{signer.id.hex()}+{secret}")
    logs_file.write_text("Logs:\n" + "".join(_known(log) for log in logs))
    port = free_port()
    arguments = [
        f"--listen={LOOPBACK}:{port}",
        "--metrics_listen=",
        f"--private_key_path={key_file}",
        f"--additional_logs={logs_file}",
    ]
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://{LOOPBACK}:{port}"
            await _ready(url, process, folder / "log")
            yield Independent(url, verifier_key(name, _PRIVATE, COSIGNATURE))
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def _known(log: VerifierKey) -> str:
    return f"  - Origin: {log.name}\n    PublicKey: {log}\n"


async def _ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            if process.returncode is not None:
                pytest.fail(f"the witness ended: {log.read_text()[-2000:]}")
            try:
                async with session.post(f"{url}/add-checkpoint", data=b"x") as answer:
                    if answer.status == 400:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)
    pytest.fail(f"the witness does not answer: {log.read_text()[-2000:]}")
