"""A pack of every dialogue, checked as a stranger would: by its own program alone.

The verifier that lies in the pack is run as a process of its own, on the standard
library, with the log's public key. Then one letter is changed, and it must say so.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZipFile, ZipInfo

from desk.desk import Desk
from desk.packs import make_pack
from examples.found import Check, Found
from examples.stage import Stage
from servers.files import private_directory

AUDITOR: Final = "auditor"

_SOUND: Final = 0
_NOT_SOUND: Final = 1


async def packs(desk: Desk, stage: Stage, found: Sequence[Found]) -> Check:
    """Each dialogue can be taken home and verified there; a changed one can't."""
    check = Check("packs", {"packs": 0, "events": 0, "changed": 0})
    place = private_directory(stage.running.home.path / "packs")
    for one in found:
        file = place / pack_name(one.played.stream)
        await _one(check, desk, stage, one, file)
    return check


def pack_name(stream: str) -> str:
    """Give the name of the file with a dialogue's pack."""
    return f"{stream.replace(':', '-')}.zip"


async def _one(
    check: Check, desk: Desk, stage: Stage, found: Found, file: Path
) -> None:
    database = stage.addresses.database or ""
    stream = found.played.stream
    made = await make_pack(desk, database, stage.log_key, stream, created_by=AUDITOR)
    check.expect(f"events of {stream}", len(found.events), made.document["events"])
    key = str(made.document["key"])
    forged = _forged(made.content, found.played.scenario.title.nl)
    beside = file.with_suffix(".forged")
    (verdict, told), (other, _) = await asyncio.gather(
        _judged(file, made.content, key), _judged(beside, forged, key)
    )
    beside.unlink()
    check.expect(f"the verdict on {stream} ({told})", _SOUND, verdict)
    check.expect(f"the verdict on {stream} with a letter changed", _NOT_SOUND, other)
    check.facts["packs"] += 1
    check.facts["events"] += len(found.events)
    check.facts["changed"] += 1


def _forged(pack: bytes, title: str) -> bytes:
    """Change one letter of a title in the events, and make the fingerprints fit."""
    with ZipFile(BytesIO(pack)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    events = files["events.jsonl"].replace(title.encode(), f"{title[:-1]}#".encode())
    manifest = json.loads(files["pack.json"])
    manifest["files"]["events.jsonl"] = sha256(events).hexdigest()
    told = json.dumps(
        manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    files |= {"events.jsonl": events, "pack.json": told.encode()}
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content)
    return out.getvalue()


async def _judged(file: Path, pack: bytes, key: str) -> tuple[int, str]:
    """Give the verdict of the pack's own verifier, and what it says last."""
    await asyncio.to_thread(file.write_bytes, pack)
    verifier = file.with_name("verify.py")
    with ZipFile(BytesIO(pack)) as archive:
        await asyncio.to_thread(verifier.write_bytes, archive.read(verifier.name))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", verifier, file, "--key", key),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    told, problem = await process.communicate()
    words = (problem or told).decode(errors="replace").split("\n")
    return process.returncode or 0, next((line for line in words if line), "")
