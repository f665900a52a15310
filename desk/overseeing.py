"""All dialogues of an organisation, or those that fit: counted, and a page of them.

What is counted and what is listed come of the same question, so that they agree. Titles
are in the language that is asked for, as far as a method has it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from desk.desk import Desk
from desk.overseen import Seen, seen
from desk.reading import method_of
from desk.titles import Titles
from domain.asks import urgency
from storage.pool import connection
from storage.portfolio import ANY_ROLE, Asked, Order, Standing, page, roles
from storage.portfolio import standing as stand

__all__ = [
    "ANY_ROLE",
    "LATE",
    "Choice",
    "Found",
    "Order",
    "Reader",
    "Selection",
    "Standing",
    "every",
    "holds_a_role",
    "oversee",
]

LATE: Final = ("agreement_overdue", "deadline_passed", "window_overdue")
"""Kinds of what is overdue, as today has them."""

AT_ONCE: Final = 500
"""How many dialogues are taken from the record at a time, where all are."""


class Selection(NamedTuple):
    """Which dialogues, and in which order; None leaves all.

    ``role`` is one that the reader holds, or `ANY_ROLE`.
    """

    text: str | None = None
    status: str | None = None
    method: str | None = None
    phase: str | None = None
    role: str | None = None
    attention: bool = False
    overdue: bool = False
    order: Order = "deadline"
    down: bool = False


class Choice(NamedTuple):
    """What can be chosen to filter by, and how many dialogues that would give."""

    value: str
    title: str
    dialogues: int


class Found(NamedTuple):
    """A page of what fits, and how many there are.

    ``statuses``, ``methods`` and ``phases`` count what each would give where all else
    is asked as it is; ``roles`` are those that the reader holds anywhere.
    """

    lines: tuple[Seen, ...]
    standing: tuple[Standing, ...]
    """Of all that fits."""
    statuses: Mapping[str, int]
    methods: tuple[Choice, ...]
    phases: tuple[Choice, ...]
    roles: tuple[tuple[str, str], ...]
    """Each with its title."""

    def total(self, of: Callable[[Standing], int]) -> int:
        """Add something up over all that fits."""
        return sum(of(each) for each in self.standing)

    @property
    def dialogues(self) -> int:
        """How many dialogues fit."""
        return self.total(lambda each: each.dialogues)


class Reader(NamedTuple):
    """Who looks: at all of an organisation, or at ``only`` one dialogue."""

    organisation: str
    actor: str
    lang: str
    only: str | None = None


async def oversee(
    desk: Desk,
    reader: Reader,
    wanted: Selection,
    *,
    limit: int,
    offset: int = 0,
    now: datetime | None = None,
) -> Found:
    """Give a page of the dialogues that fit, and the counts of all of them.

    ``now`` is a real moment, by default this one.
    """
    now = now or datetime.now(UTC)
    asked = _asked(reader, wanted, now)
    # Side by side, each over a connection of its own: both look at all there are.
    every, rows, held = await asyncio.gather(
        stand(desk.pool, asked),
        page(
            desk.pool,
            asked,
            wanted.order,
            down=wanted.down,
            limit=limit,
            offset=offset,
        ),
        roles(desk.pool, reader.organisation, reader.actor, reader.only),
    )
    async with connection(desk.pool) as conn:
        lines = [await seen(conn, row, reader.lang, now) for row in rows]
        plans = {one.method_hash: one for one in every} | {
            one.method_hash: one for one in held
        }
        titles = {
            digest: Titles(await method_of(conn, digest), reader.lang)
            for digest in plans
        }
    return Found(
        tuple(lines),
        tuple(each for each in every if _fits(each, wanted)),
        _statuses(every, wanted),
        _methods(every, wanted, titles),
        _phases(every, wanted, titles),
        tuple((one.role, titles[one.method_hash].role(one.role)) for one in held),
    )


async def holds_a_role(desk: Desk, reader: Reader) -> bool:
    """Whether somebody holds a role in any dialogue that they may look at."""
    held = await roles(desk.pool, reader.organisation, reader.actor, reader.only)
    return bool(held)


async def every(
    desk: Desk, reader: Reader, wanted: Selection
) -> AsyncIterator[tuple[Seen, ...]]:
    """Give all dialogues that fit, some hundreds at a time."""
    now = datetime.now(UTC)
    asked, offset = _asked(reader, wanted, now), 0
    while True:
        async with connection(desk.pool) as conn:
            rows = await page(
                conn,
                asked,
                wanted.order,
                down=wanted.down,
                limit=AT_ONCE,
                offset=offset,
            )
            yield tuple([await seen(conn, row, reader.lang, now) for row in rows])
        if len(rows) < AT_ONCE:
            return
        offset += AT_ONCE


def _asked(reader: Reader, wanted: Selection, now: datetime) -> Asked:
    fields = wanted._asdict()
    del fields["order"], fields["down"]
    late = tuple(urgency(kind) for kind in LATE)
    return Asked(reader.organisation, now, late, reader.actor, reader.only, **fields)


def _fits(each: Standing, wanted: Selection, *, but: str = "") -> bool:
    """Whether a count is of what is asked for, one filter left out."""
    return all(
        name == but or getattr(wanted, name) in {None, getattr(each, name)}
        for name in ("status", "method", "phase")
    )


def _statuses(every: Iterable[Standing], wanted: Selection) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for each in every:
        if _fits(each, wanted, but="status"):
            found[each.status] += each.dialogues
    return found


def _methods(
    every: Sequence[Standing], wanted: Selection, titles: Mapping[str, Titles]
) -> tuple[Choice, ...]:
    # Phases are those of one method, so another one is chosen without them.
    named = {e.method: titles[e.method_hash] for e in every}
    counted: Counter[str] = Counter()
    for each in every:
        if _fits(each, wanted._replace(phase=None), but="method"):
            counted[each.method] += each.dialogues
    told = (Choice(m, t.text(t.plan.title), counted[m]) for m, t in named.items())
    return tuple(sorted(told, key=lambda one: one.title.casefold()))


def _phases(
    every: Sequence[Standing], wanted: Selection, titles: Mapping[str, Titles]
) -> tuple[Choice, ...]:
    """Give the phases of the one method that is looked at; none for several."""
    looked = [each for each in every if wanted.method in {None, each.method}]
    if len({each.method for each in looked}) != 1:
        return ()
    counted: Counter[str] = Counter()
    named: dict[str, str] = {}
    for each in looked:
        plan = titles[each.method_hash]
        named |= {phase.id: plan.text(phase.title) for phase in plan.plan.phases}
        named.setdefault(each.phase, each.phase)
        if _fits(each, wanted, but="phase"):
            counted[each.phase] += each.dialogues
    return tuple(Choice(p, title, counted[p]) for p, title in named.items())
