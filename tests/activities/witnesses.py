"""A witness of our own for one line, and two by others that keep to the protocol."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.note import (
    COSIGNATURE,
    SIGNATURE,
    Signature,
    VerifierKey,
    parse_key,
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
    """A witness by others that runs."""

    url: str
    key: VerifierKey


class _Prepared(NamedTuple):
    """How to start a witness, and the key it will cosign with."""

    command: list[str]
    key: VerifierKey


PROGRAMS = ("omniwitness", "aics-witness")
"""That of transparency-dev, in Go, and one in Python; neither knows of the other."""


@asynccontextmanager
async def witness_running(
    folder: Path, *logs: VerifierKey, program: str = PROGRAMS[0]
) -> AsyncGenerator[Independent]:
    """Run a witness that knows these logs; skips where its program can't be had."""
    folder.mkdir()
    port = free_port()
    if program == "omniwitness":
        ready = await asyncio.to_thread(_omniwitness, folder, logs, port)
    else:
        ready = await asyncio.to_thread(_aics_witness, folder, logs, port)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *ready.command, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://{LOOPBACK}:{port}"
            await _answers(url, process, folder / "log")
            yield Independent(url, ready.key)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def _omniwitness(folder: Path, logs: Iterable[VerifierKey], port: int) -> _Prepared:
    path = built("omniwitness")
    name = "witness.example/others"
    signer = verifier_key(name, _PRIVATE, SIGNATURE)
    secret = b64encode(bytes([SIGNATURE]) + _SEED).decode()
    key_file, logs_file = folder / "key", folder / "logs.yaml"
    key_file.write_text(f"PRIVATE+KEY+{name}+{signer.id.hex()}+{secret}")
    known = "".join(f"  - Origin: {log.name}\n    PublicKey: {log}\n" for log in logs)
    logs_file.write_text(f"Logs:\n{known}")
    command = [path, f"--listen={LOOPBACK}:{port}", "--metrics_listen="]
    command += [f"--private_key_path={key_file}", f"--additional_logs={logs_file}"]
    return _Prepared(command, verifier_key(name, _PRIVATE, COSIGNATURE))


def _aics_witness(folder: Path, logs: Iterable[VerifierKey], port: int) -> _Prepared:
    beside = Path(sys.executable).parent
    path = shutil.which(
        "aics-witness", path=f"{beside}{os.pathsep}{os.environ['PATH']}"
    )
    if path is None:
        pytest.skip("needs aics-witness, which asks for Python 3.12 or later")
    config = ("--config", str(folder / "witness.json"))

    def run(*words: str) -> str:
        made = subprocess.run(
            [path, *words, *config], capture_output=True, text=True, check=True
        )
        return made.stdout.strip()

    listen = f"{LOOPBACK}:{port}"
    key = run("init", "--name", "witness.example/aics", "--listen", listen)
    for log in logs:
        run("add-log", "--origin", log.name, "--vkey", str(log))
    return _Prepared([path, "serve", *config], parse_key(key))


async def _answers(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
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
