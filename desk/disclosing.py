"""What of an event may be shown to whom: as sealed, erased as erased, texts by right.

An event is hashed again before it is given out, and must be what was sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from desk.desk import Desk, Sender
from desk.history import private_words
from desk.past import not_as_sealed
from desk.questions import Question
from domain.facts import written
from evidence.event import event_hash
from exports.rows import Row
from storage.past import Checkpoint, Erasure, Filters, Scope, SealedEvent, erasures


class Opener:
    """Opens private texts for one reader, dialogue by dialogue."""

    def __init__(self, desk: Desk, reader: Sender) -> None:
        """Open nothing yet."""
        self._desk = desk
        self._reader = reader
        self._words: dict[str, dict[tuple[int, str], str]] = {}

    async def check(self, scope: Scope) -> None:
        """Raise `Refused` at once where the one dialogue asked for stays closed."""
        if scope.stream and not _is_own(scope.stream):
            await self.words(scope.stream)

    async def words(self, stream: str) -> dict[tuple[int, str], str]:
        """Give the texts of a dialogue. Raises `Refused`."""
        if stream not in self._words:
            state = await self._desk.dialogue(stream)
            found = await private_words(self._desk, stream, state, self._reader)
            self._words[stream] = found
        return self._words[stream]


def _is_own(stream: str) -> bool:
    """Whether a stream is an organisation's or the installation's, and no dialogue."""
    return stream.startswith(("org:", "polder:"))


class Disclosure(NamedTuple):
    """Makes rows of sealed events, knowing what was erased and what may be opened."""

    erased: dict[tuple[str, int], dict[str, int]]
    """By stream and seq: pointer → seq of the erasure."""
    filters: Filters
    opener: Opener | None

    @classmethod
    async def of(cls, desk: Desk, question: Question, at: Checkpoint) -> Disclosure:
        """Look up what was erased, within the checkpoint or, for texts, since."""
        known = _known(
            found
            for found in await erasures(desk.pool, question.scope)
            if question.opened or _within(found, at)
        )
        among = sorted(known) if question.erased else None
        opener = Opener(desk, question.by) if question.opened else None
        return cls(known, question.filters._replace(among=among), opener)

    async def row(self, event: SealedEvent) -> Row:
        """Make a row. Raises `Refused` where the event is not what was sealed."""
        if event_hash(event.body) != event.hash:
            raise not_as_sealed(event.stream, event.seq)
        members = event.members
        erased = self.erased.get((event.stream, event.seq), {})
        return Row(
            leaf_index=event.leaf_index,
            hash=event.hash,
            members=members,
            recorded_at=written(event.recorded_at),
            sealed_at=written(event.sealed_at),
            erased=dict(sorted(erased.items())),
            opened=await self._opened(event, members, erased),
        )

    async def _opened(
        self, event: SealedEvent, members: Mapping[str, Any], erased: Mapping[str, int]
    ) -> dict[str, str | None] | None:
        if self.opener is None:
            return None
        pointers = [name for name in sorted(members["private"]) if name not in erased]
        if not pointers or _is_own(event.stream):
            return {}
        words = await self.opener.words(event.stream)
        return {name: words.get((event.seq, name)) for name in pointers}


def _within(found: Erasure, at: Checkpoint) -> bool:
    return found.leaf_index is not None and found.leaf_index < at.size


def _known(found: Iterable[Erasure]) -> dict[tuple[str, int], dict[str, int]]:
    known: dict[tuple[str, int], dict[str, int]] = {}
    for erasure in found:
        for seq, pointer in erasure.fields:
            known.setdefault((erasure.stream, seq), {}).setdefault(pointer, erasure.seq)
    return known
