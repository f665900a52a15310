"""An operator names places out of reach, and an auditor believes those, not the owner.

On a real `polder up`: a witness and a timestamp authority by others, a directory and a
webhook. What the auditor has comes from there; the database may say what it likes.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGTERM
from typing import Any
from zipfile import ZipFile

from aiohttp import web

from servers import Home
from storage.logkey import LogKey, create
from tests.activities.authority import (
    TimestampAuthority,
    authority_serving,
    make_authority,
    openssl,
)
from tests.activities.checkpoints import serving
from tests.activities.witnesses import OUR_WITNESS, witness_running
from tests.cli.running import ROOT, Said, polder, settings

STREAM = "gemeente-waterdam:parkzicht"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LATEST = 60.0


@asynccontextmanager
async def up(environment: dict[str, str]) -> AsyncGenerator[None]:
    """Run `polder up` until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "up", "--json", "--headless"),
        env=environment,
        cwd=ROOT,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 90)
        yield
    finally:
        process.send_signal(SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


async def do(environment: dict[str, str], *words: str, code: int = 0) -> Said:
    """Run a command; it must end with this code."""
    said = await asyncio.to_thread(polder, *words, environment=environment)
    assert said.code == code, f"{words}: {said}"
    return said


async def everywhere(environment: dict[str, str], size: int) -> dict[str, Any]:
    """Wait until every target has a checkpoint of this size."""
    deadline = time.monotonic() + LATEST
    while True:
        told = (await do(environment, "audit", "publications", "--json")).document
        there = [each["size"] or 0 for each in told["publications"]]
        if len(there) == 4 and min(there) >= size:
            return told
        assert time.monotonic() < deadline, told
        await asyncio.sleep(0.5)


def judged(*words: str) -> dict[str, Any]:
    """Judge a pack by the program in it, with nothing but Python; give its report."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", *words, "--json"], capture_output=True, check=False
    )
    return {"code": done.returncode, **json.loads(done.stdout)}


async def test_what_lies_out_of_reach_is_what_an_auditor_goes_by(
    home: Home, tmp_path: Path
) -> None:
    """A pack with a cosignature, a stamped checkpoint, and a copy that arrived."""
    openssl()
    key = create(home.path / "keys" / "log.key", "proef")
    tsa = make_authority(tmp_path / "tsa")
    got: list[dict[str, Any]] = []

    async def receive(request: web.Request) -> web.Response:
        got.append(await request.json())
        return web.Response(status=204)

    out = tmp_path / "out"
    async with (
        witness_running(tmp_path / "witness", key.vkey) as witness,
        authority_serving(tsa) as tsa_url,
        serving(receive) as hook,
    ):
        environment = settings(
            POLDER_HOME=str(home.path),
            POLDER_CHECKPOINT_DIR=str(out),
            POLDER_CHECKPOINT_WEBHOOK=hook,
            POLDER_CHECKPOINT_WEBHOOK_SECRET=SECRET,
            POLDER_WITNESSES=f"{witness.key} {witness.url}",
            POLDER_TIMESTAMP_URLS=tsa_url,
            POLDER_TIMESTAMP_CERTIFICATES=str(tsa.roots),
            POLDER_ALLOW_PRIVATE_TARGETS="127.0.0.1",
        )
        async with up(environment):
            start = ("dialogue", "start", STREAM, "--method", "stakeholderdialoog")
            await do(environment, *start, "--title", "Parkzicht")
            pack = str(tmp_path / "pack.zip")
            made = ("audit", "pack", STREAM, "--out", pack, "--witnesses", "1")
            await do(environment, *made)
            told = (await do(environment, "audit", "checkpoint", "--json")).document
            size = told["size"]
            status = await everywhere(environment, size)
            page = (await do(environment, "audit", "publications", "--lang", "en")).out
    assert not any(each["contradicts"] for each in status["publications"])
    assert f"cosigned by   {witness.key.name}" in page
    the_pack_is_cosigned(tmp_path, key, str(witness.key))
    assert got[-1]["data"]["size"] >= size
    the_directory_is_stamped(out, tsa, size)


def the_pack_is_cosigned(place: Path, key: LogKey, witness: str) -> None:
    """The reader's condition is met by this witness, and by no other."""
    pack = str(place / "pack.zip")
    with ZipFile(pack) as archive:
        archive.extract("verify.py", place)
    ask = (str(place / "verify.py"), pack, "--key", str(key.vkey), "--witness")
    assert judged(*ask, witness, "--quorum", "1")["code"] == 0
    assert judged(*ask, str(OUR_WITNESS))["code"] == 1


def the_directory_is_stamped(out: Path, tsa: TimestampAuthority, size: int) -> None:
    """The copy holds the very bytes that the authority stamped, by OpenSSL's word."""
    judge = [openssl(), "ts", "-verify", "-data", str(out / f"{size}.checkpoint")]
    judge += ["-in", str(out / f"{size}.tsr"), "-CAfile", str(tsa.roots)]
    assert subprocess.run(judge, capture_output=True, check=False).returncode == 0
