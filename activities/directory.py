"""A directory takes every published checkpoint once, and none is ever replaced.

On a disk, a share or an object store that the database's owner can't write to. There,
``<size>.checkpoint`` is the note as the log signed it, ``<size>.tsr`` what the first
timestamp authority answered about exactly those bytes, and ``<size>.<authority>.tsr``
what others did. ``latest.checkpoint`` is the newest with the lines of witnesses; it
alone is replaced, by one that is larger or says more.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from activities.target import Contradiction, Newest, NotPublished
from storage.pool import Pool
from storage.proofs import checkpoint_note
from storage.publications import (
    published_notes,
    published_sizes,
    stamped,
    timestamps,
)

LATEST: Final = "latest.checkpoint"

_CHECKPOINT: Final = re.compile(r"([1-9][0-9]*)\.checkpoint", re.ASCII)
_AT_ONCE: Final = 200


class Directory:
    """A directory that checkpoints are added to."""

    id = "directory"

    def __init__(self, path: Path, authorities: Iterable[str] = ()) -> None:
        """``authorities`` are the timestamp authorities asked, the first one first."""
        self._path = path
        self._first = next(iter(authorities), None)

    async def publish(self, pool: Pool, newest: Newest) -> bool:
        """Add what is missing; raises `NotPublished` and `Contradiction`."""
        try:
            there = await asyncio.to_thread(self._open, newest.origin)
            _is_ours(there, newest, await published_sizes(pool))
            await self._add(there, await self._wanted(pool, there, newest))
            await self._latest(pool, newest)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise NotPublished(f"the directory can't be written: {why}") from None
        return False

    def _open(self, origin: str) -> frozenset[str]:
        # Not its parents: a share that is not mounted must be noticed.
        self._path.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            first, _, _ = (self._path / LATEST).read_bytes().partition(b"\n")
            if first != origin.encode():
                raise NotPublished(
                    f"the directory holds checkpoints of another log than {origin}"
                )
        return frozenset(entry.name for entry in self._path.iterdir())

    async def _wanted(
        self, pool: Pool, there: frozenset[str], newest: Newest
    ) -> dict[str, bytes]:
        """Give every file that is lacking, and the newest one to compare."""
        sizes = [
            size
            for size in await published_sizes(pool)
            if f"{size}.checkpoint" not in there or size == newest.size
        ]
        wanted: dict[str, bytes] = {}
        for some in _in_parts(sizes):
            for size, note in (await published_notes(pool, some)).items():
                wanted[f"{size}.checkpoint"] = note
        for size, authority in await stamped(pool):
            if self._stamp_name(size, authority) in there:
                continue
            for stamp in await timestamps(pool, size):
                wanted[self._stamp_name(size, stamp.authority)] = stamp.token
        return wanted

    async def _add(self, there: frozenset[str], wanted: Mapping[str, bytes]) -> None:
        for name, content in sorted(wanted.items()):
            path = self._path / name
            if name not in there:
                await asyncio.to_thread(add_once, path, content)
            elif await asyncio.to_thread(path.read_bytes) != content:
                raise Contradiction(f"{name} holds another checkpoint than the record")

    async def _latest(self, pool: Pool, newest: Newest) -> None:
        async with pool.connection() as conn:
            note = await checkpoint_note(conn, newest.size)
        await asyncio.to_thread(replace, self._path / LATEST, note)

    def _stamp_name(self, size: int, authority: str) -> str:
        if authority == self._first:
            return f"{size}.tsr"
        return f"{size}.{re.sub(r'[^a-zA-Z0-9.-]', '_', authority)}.tsr"


def _is_ours(there: frozenset[str], newest: Newest, published: Iterable[int]) -> None:
    sizes = {int(found[1]) for name in there if (found := _CHECKPOINT.fullmatch(name))}
    largest = max(sizes, default=0)
    if largest > newest.size:
        raise Contradiction(
            f"the directory holds a checkpoint of size {largest}, and the newest on "
            f"record is of size {newest.size}: was an older record put back?"
        )
    # A record that was put back grows past what it forgot; that stays to be seen.
    if forgotten := sizes.difference(published):
        raise Contradiction(
            f"the directory holds a checkpoint of size {max(forgotten)} that is not on "
            "record: was an older record put back?"
        )


def _in_parts(sizes: list[int]) -> Iterable[list[int]]:
    return [sizes[at : at + _AT_ONCE] for at in range(0, len(sizes), _AT_ONCE)]


def add_once(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, whole or not at all.

    Raises ``Contradiction`` when a file of this name has other content.
    """
    beside = _beside(path, content)
    try:
        _give_name(beside, path)
    except FileExistsError:
        if path.read_bytes() != content:
            raise Contradiction(f"{path.name} holds another checkpoint") from None
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    _sync(path.parent)
    # At this point the file has its name on disk: a power cut does not take it.


def _give_name(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links; only one of us writes here.
        if path.exists():
            raise FileExistsError(path) from None
        beside.replace(path)


def replace(path: Path, content: bytes) -> None:
    """Put ``content`` in place of what is there; nobody ever reads half of it."""
    _beside(path, content).replace(path)
    _sync(path.parent)


def _beside(path: Path, content: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with beside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
