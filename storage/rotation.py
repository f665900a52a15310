"""A log changes keys in the open: the old key signs for the event that names the new.

Whoever trusts the old key learns the new one from a checkpoint that the old key signed.
A rotation that was cut short is finished by the next one: the new key is made once and
kept until it signs.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from domain.logkeys import KEY_CHANGED, LogKeyChanged
from evidence.census import LOG_STREAM
from storage import logkey
from storage.logkey import LogKey
from storage.ownlog import append
from storage.pool import Source
from storage.sealing import Sealed, key_cause, seal


async def rotate(source: Source, path: Path | str) -> tuple[LogKey, Sealed]:
    """Announce a new key, publish by the old, and then by the new.

    Returns the new key and the first checkpoint that it signed. ``source`` may append
    and seal. Raises what ``storage.sealing.seal`` and ``storage.logkey`` raise.
    """
    old = logkey.read(path)
    signer = logkey.propose(path)
    told = LogKeyChanged(old=str(old.vkey), new=str(signer.vkey))
    data = told.model_dump(mode="json")
    cause = key_cause(signer.vkey)
    await append(source, LOG_STREAM, KEY_CHANGED, data, cause=cause)
    await seal(source, old, publish=True)
    # If we crash here, the next rotation finds the same new key and goes on.
    new = await asyncio.to_thread(logkey.take, path, signer)
    sealed = await seal(source, new, publish=True)
    assert sealed is not None  # noqa: S101 - what is published is there
    return new, sealed
