"""Whoever acted under a mandate is held to it, from the events alone.

What is outside a mandate was done all the same, and the record of it is sound: it is a
remark for whoever has to judge the act. Not sound is only an act that names an event
which is not there.

An act is judged by its own ``at``. A dialogue with a demo clock has simulated instants
and mandates run on real time, so there the real moment counts that the clock's stated
parameters give for it; where the clock stands still at its end the moment is unknown
and the period is not judged. A clock may start up to a day off, and its acts are then
judged as much off.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import dict_row
from pydantic import ValidationError

from domain.attribution import command_of, leading, steps_in, told_type
from domain.clock import THE_END, Clock, to_real
from domain.mandates import Act, Mandates, outside
from evidence.event import parse_instant
from storage.mandates import hash_at, mandates
from storage.pool import Connection
from storage.statements import statement

MISSING: Final = "missing"
"""The reason of a remark on a mandate that is not on record."""

_REFUSED: Final = "command_refused"
_PAGE: Final = 500


class Remark(NamedTuple):
    """An act that its mandate does not cover: the first event of its command.

    ``reason`` is one of ``domain.mandates.Reason``, or ``MISSING``; ``mandate`` is the
    stream and the seq that the act names, ``command`` the kind of the act's command.
    """

    stream: str
    seq: int
    at: datetime
    actor: str
    command: str
    mandate: tuple[str, int]
    reason: str

    @property
    def unsound(self) -> bool:
        """Whether the record itself is at fault."""
        return self.reason == MISSING


class _Deed(NamedTuple):
    """A command that named a mandate: its first event, all its types, its steps."""

    stream: str
    seq: int
    cause: str
    at: datetime
    actor: str
    pin: Mapping[str, Any]
    types: tuple[str, ...]
    steps: Mapping[str, frozenset[str]]

    @property
    def place(self) -> tuple[str, int]:
        """The event that it names."""
        return self.pin["stream"], self.pin["seq"]


async def check_mandates(
    conn: Connection, *, organisation: str | None = None, stream: str | None = None
) -> list[Remark]:
    """Judge every act that names a mandate: all of them, or those of one place.

    In order of stream and event. Nothing is written. The number of acts is counted
    over all dialogues, so that within one dialogue alone no bound on it is judged.
    """
    check = _Check(conn)
    async with conn.transaction():
        remarks = [
            remark
            async for deed in _deeds(conn, organisation, stream)
            for remark in await check.judge(deed)
        ]
        if stream is None:
            remarks += check.too_often()
            remarks += await _flawed(conn, check, organisation)
    return sorted(remarks, key=lambda remark: (remark.stream, remark.seq))


class _Check:
    """The judgement of one act after another; mandates are read once for each place."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._mandates: dict[str, Mandates] = {}
        self._clock: tuple[str, Clock | None] = ("", None)
        self._bounded: list[tuple[_Deed, Act]] = []

    async def judge(self, deed: _Deed) -> list[Remark]:
        """Judge one act; those with a bound on their number are kept for later."""
        pinned, seq = deed.place
        first, _colon, name = pinned.partition(":")
        held = await self.of(name) if first == "org" else Mandates("", {})
        own = held.held.get(seq)
        if own is None or own.hash != deed.pin["hash"]:
            there = await hash_at(self._conn, pinned, seq) == deed.pin["hash"]
            return [_remark(deed, "not_a_mandate" if there else MISSING)]
        act = await self._act(deed)
        wrong = outside(held, act)
        if wrong is not None:
            return [_remark(deed, wrong)]
        if any(each.scope.at_most is not None for each in held.chain(seq)):
            self._bounded.append((deed, act))
        return []

    def too_often(self) -> Iterator[Remark]:
        """Judge the number of acts, in the order in which they were done."""
        done: dict[str, Counter[int]] = {}
        for deed, act in sorted(
            self._bounded, key=lambda each: (each[1].at or THE_END, each[0][:2])
        ):
            held = self._mandates[deed.place[0].partition(":")[2]]
            counts = done.setdefault(held.organisation, Counter())
            wrong = outside(held, act._replace(earlier=counts))
            if wrong is None:
                counts.update(each.seq for each in held.chain(act.seq))
            else:
                yield _remark(deed, wrong)

    async def of(self, organisation: str) -> Mandates:
        """Give the mandates of an organisation."""
        if organisation not in self._mandates:
            self._mandates[organisation] = await mandates(self._conn, organisation)
        return self._mandates[organisation]

    async def _act(self, deed: _Deed) -> Act:
        return Act(
            seq=deed.pin["seq"],
            stream=deed.stream,
            kind=command_of(deed.types),
            actor=deed.actor,
            at=await self._real(deed),
            steps=deed.steps[leading(deed.types)],
        )

    async def _real(self, deed: _Deed) -> datetime | None:
        if self._clock[0] != deed.stream:
            self._clock = (deed.stream, await clock_of(self._conn, deed.stream))
        clock = self._clock[1]
        if clock is None:
            return deed.at
        return None if deed.at >= THE_END else to_real(clock, deed.at)


async def clock_of(conn: Connection, stream: str) -> Clock | None:
    """Return the clock that a dialogue runs by; None where a stream has no such."""
    where = {"stream": stream}
    cursor = await conn.execute(statement("mandates", "beginning"), where)
    row = await cursor.fetchone()
    if row is None:
        return None
    try:
        return Clock.model_validate(json.loads(row[0])["data"]["clock"])
    except (ValidationError, LookupError, TypeError):
        return None


async def _deeds(
    conn: Connection, organisation: str | None, stream: str | None
) -> AsyncIterator[_Deed]:
    """Give the commands that named a mandate, one by one; refused ones did nothing."""
    where = {"organisation": organisation, "stream": stream}
    current: _Deed | None = None
    async with conn.cursor("verify_mandates", row_factory=dict_row) as cursor:
        cursor.itersize = _PAGE
        await cursor.execute(statement("mandates", "acts"), where)
        async for row in cursor:
            members = json.loads(row["body"])
            if members["mandate"] is None or members["type"] == _REFUSED:
                continue
            one = _deed(members)
            if current is not None and one[:3:2] == current[:3:2]:
                current = _together(current, one)
                continue
            if current is not None:
                yield current
            current = one
    if current is not None:
        yield current


def _deed(members: Mapping[str, Any]) -> _Deed:
    kind = told_type(members["type"], members["data"])
    return _Deed(
        stream=members["stream"],
        seq=members["seq"],
        cause=members["cause"],
        at=parse_instant(members["at"]),
        actor=members["actor"]["id"],
        pin=members["mandate"],
        types=(kind,),
        steps={kind: steps_in(members["data"])},
    )


def _together(first: _Deed, more: _Deed) -> _Deed:
    steps = dict(first.steps)
    for kind, found in more.steps.items():
        steps[kind] = steps.get(kind, frozenset()) | found
    return first._replace(types=first.types + more.types, steps=steps)


async def _flawed(
    conn: Connection, check: _Check, organisation: str | None
) -> list[Remark]:
    """Find what was passed on in a way that gives nothing, whoever acts under it."""
    where = {"organisation": organisation}
    cursor = await conn.execute(statement("mandates", "organisations"), where)
    found: list[Remark] = []
    for (stream,) in await cursor.fetchall():
        held = await check.of(stream.partition(":")[2])
        found += [
            Remark(
                stream=stream,
                seq=each.seq,
                at=each.at,
                actor=each.giver,
                command="mandate_delegated",
                mandate=(stream, each.parent or each.seq),
                reason=each.flaw,
            )
            for each in held.held.values()
            if each.flaw is not None
        ]
    return found


def _remark(deed: _Deed, reason: str) -> Remark:
    return Remark(
        stream=deed.stream,
        seq=deed.seq,
        at=deed.at,
        actor=deed.actor,
        command=command_of(deed.types),
        mandate=deed.place,
        reason=reason,
    )
