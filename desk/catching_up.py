"""A record that is behind gets back what Temporal still holds, and then goes on.

For each dialogue, in one transaction: the events that the record lacks, as they were;
what was erased since, destroyed again; and an event of `polder:log` that says so. Then
the dialogue itself goes on: one that runs tries the record again, and only where that
does not help, or none runs, it is restored. Nothing is made up: where an event can't be
had any more, what comes after it stays out, and is told as missing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from temporalio.client import Client
from temporalio.exceptions import TemporalError

from desk.desk import Desk
from desk.errors import DeskError, Refused, Unreachable
from desk.going_on import WentOn, go_on, say_lost, say_what_is_left, unsaid
from desk.histories import Held, Told, ask, held
from desk.reachable import one_line
from desk.reconciling import Compared, compare, tell
from desk.restoring import SILENT
from domain.facts import OWN_PREFIX
from domain.reconciliations import Difference
from domain.returns import CAUGHT_UP, DialogueCaughtUp
from evidence.canonical import JsonValue
from evidence.census import LOG_STREAM
from evidence.event import ZERO_HASH
from language import mark
from storage.errors import SchemaMismatch, StorageError, Unavailable
from storage.open_incidents import close_all
from storage.ownlog import append
from storage.pool import Connection, connect, connection
from storage.record import Head, head
from storage.returning import (
    Found,
    add,
    destroy_again,
    look_into_vault,
    put_epoch,
)

_BEHIND: Final = frozenset({"not_on_record", "record_behind"})
_STANDING: Final = frozenset({"waits", "not_in_temporal"})
FORKED: Final = "HeadDiffers"
"""What is said of a record that is no earlier moment of what Temporal holds."""

_ANOTHER: Final = mark(
    "{stream}: event {seq} on record is another than Temporal holds. Find out which is "
    "true before you choose: polder dialogue restore {stream} --supersede keeps the "
    "record."
)
_NOT_OWNER: Final = mark(
    "To catch up, give a DATABASE_URL that may act as the record's owner: {problem}."
)
_DAMAGED: Final = mark(
    "{stream}: what is held of it can't be read ({problem}). Find out what was "
    "changed: polder audit verify --all."
)
_LONG: Final = 3_600
_SHORT: Final = 200


class Outcome(NamedTuple):
    """What became of one dialogue that differed.

    ``added`` events came back and ``missing`` did not; ``lost`` private values can't be
    opened any more. ``went_on`` says how: ``by_itself``, ``restored``, not at
    all (``stays``; ``trouble`` may tell why), or ``ended`` where it is archived.
    """

    stream: str
    kind: str
    added: int = 0
    missing: int = 0
    lost: int = 0
    erased_again: int = 0
    went_on: WentOn = "stays"
    trouble: DeskError | None = None


class Done(NamedTuple):
    """How it was, what became of each dialogue that differed, and how it is."""

    before: Compared
    outcomes: tuple[Outcome, ...]
    after: Compared


async def bring_up_to_date(
    desk: Desk,
    database: str,
    since: Sequence[Path],
    keys: Sequence[str],
    actor: Mapping[str, JsonValue],
) -> Done:
    """Compare, catch up, and compare again; each step is on record.

    Arguments as in `compare` and `catch_up`. Raises `Unreachable`, and ``Unavailable``
    where the record can't be reached: done again, it goes on from there.
    """
    before = await compare(desk, since, keys)
    await tell(desk, before, actor)
    found = [each async for each in catch_up(desk, database, before, actor)]
    found += [each async for each in _say_what_is_left(desk)]
    after = _in_the_know(await compare(desk, since, keys), found)
    added = sum(1 for each in found if each.added)
    await tell(desk, after, actor, caught_up=added)
    return Done(before, tuple(found), after)


def _in_the_know(compared: Compared, outcomes: Sequence[Outcome]) -> Compared:
    """Give a comparison that tells what could not be caught up from what was not."""
    kinds = {each.stream: "events_lost" for each in outcomes if each.missing}
    kinds |= {
        each.stream: "head_differs"
        for each in outcomes
        if isinstance(each.trouble, Refused) and each.trouble.name == FORKED
    }
    differences = tuple(
        Difference.of(
            one.stream, kinds[one.stream], recorded=one.recorded, held=one.held
        )
        if one.kind in _BEHIND and one.stream in kinds
        else one
        for one in compared.differences
    )
    return compared._replace(differences=differences)


async def catch_up(
    desk: Desk,
    database: str,
    compared: Compared,
    actor: Mapping[str, JsonValue],
) -> AsyncIterator[Outcome]:
    """Bring each dialogue that the record lacks events of up to date; go on with it.

    ``database`` is the record's address for a user who may act as its owner. One that
    gives trouble keeps no other from it; a record that can't be reached keeps all from
    it (``Unavailable``). Forks are left for an operator to decide on.
    """
    client = await desk.client()
    for difference in compared.differences:
        if difference.kind not in _BEHIND | _STANDING:
            continue
        blank = Outcome(difference.stream, difference.kind)
        yield await tried(_one(desk, client, database, blank, actor), blank)


async def _say_what_is_left(desk: Desk) -> AsyncIterator[Outcome]:
    """Let dialogues say what was left unsaid; give the trouble that some have."""
    client = await desk.client()
    for stream in await unsaid(desk.pool):
        blank = Outcome(stream, "texts_unsaid")
        outcome = await tried(_say_one(desk, client, blank), blank)
        if outcome.trouble is not None:
            yield outcome


async def _say_one(desk: Desk, client: Client, blank: Outcome) -> Outcome:
    return blank._replace(lost=await say_what_is_left(desk.pool, client, blank.stream))


async def tried(work: Awaitable[Outcome], blank: Outcome) -> Outcome:
    """Give what became of a dialogue: its own trouble is told, and stops no other.

    Raises ``Unavailable``: without the record there is no use in going on.
    """
    try:
        return await work
    except Unavailable:
        raise
    except DeskError as error:
        trouble = error
    except StorageError as error:
        trouble = Refused(type(error).__name__, str(error))
    except TemporalError as error:
        trouble = Unreachable(SILENT, problem=one_line(error))
    except (LookupError, TypeError, ValueError) as error:
        # What is on record, or what Temporal holds, is not what it must be.
        problem = f"{type(error).__name__}: {one_line(error)}"[:_SHORT]
        facts = {"stream": blank.stream, "problem": problem}
        message = _DAMAGED.format_map(facts)
        trouble = Refused("Damaged", message, facts, template=_DAMAGED)
    return blank._replace(trouble=trouble)


async def _one(
    desk: Desk,
    client: Client,
    database: str,
    outcome: Outcome,
    actor: Mapping[str, JsonValue],
) -> Outcome:
    stream = outcome.stream
    told = await ask(client, stream)
    async with await _as_owner(database) as conn, connection(conn):
        if told.life != "silent":
            found = await held(client, stream)
            async with conn.transaction():
                outcome = await _add(conn, outcome, told, found, actor)
        # At this point the events are on record, and an event that says so. If we crash
        # here, doing it again finds nothing to add, and goes on from here.
        if outcome.missing:
            return outcome
        went_on = await go_on(desk, client, stream, told)
        outcome = outcome._replace(went_on=went_on)
        lost = await say_lost(conn, client, stream, went_on)
        outcome = outcome._replace(lost=lost)
        if went_on != "stays":
            how = "restored" if went_on == "restored" else "caught_up"
            await close_all(conn, stream, how, actor)
    return outcome


async def _as_owner(database: str) -> Connection:
    """Connect as who may destroy what is on record in the vault."""
    try:
        return await connect(database, role="polder_owner", statement_seconds=_LONG)
    except SchemaMismatch as error:
        facts = {"problem": one_line(error)}
        message = _NOT_OWNER.format_map(facts)
        raise Refused("NotOwner", message, facts, template=_NOT_OWNER) from error


async def _add(
    conn: Connection,
    outcome: Outcome,
    told: Told,
    found: Held,
    actor: Mapping[str, JsonValue],
) -> Outcome:
    """Add what the record lacks, destroy what was erased, say so: all or nothing."""
    stream = outcome.stream
    before = await head(conn, stream)
    events, missing = lacking(before, told, found)
    await add(conn, events, found.contents)
    now = await head(conn, stream)
    if told.ledger and told.ledger.token and now and now.epoch < told.ledger.epoch:
        await put_epoch(conn, now, told.ledger.epoch, told.ledger.token)
    vault = await look_into_vault(conn, stream)
    gone = await destroy_again(conn, stream, vault.undead)
    outcome = outcome._replace(added=len(events), missing=missing, erased_again=gone)
    if now is not None and (events or missing or gone):
        first = (before.seq if before else 0) + 1
        fact = DialogueCaughtUp(
            stream=stream,
            first=first,
            last=now.seq,
            head=now.head,
            missing=missing,
            erased_again=gone,
            lost=len(vault.lost),
        )
        cause = f"{OWN_PREFIX}caught-up:{stream}:{first}:{now.head[:16]}"
        data = fact.model_dump(mode="json")
        await append(conn, LOG_STREAM, CAUGHT_UP, data, cause=cause, actor=actor)
    return outcome


def lacking(before: Head | None, told: Told, found: Held) -> tuple[list[Found], int]:
    """Give the events that follow the record's head, and how many can't be had.

    Followed back by their hashes from the head that Temporal holds: so there is one
    answer, whatever else the histories hold. Raises `Refused` where the record does not
    lie on that chain.
    """
    seq, digest = (before.seq, before.head) if before else (0, ZERO_HASH)
    last, last_hash = found.last
    if told.life in {"running", "ended"}:
        last, last_hash = told.recorded_seq, told.recorded_hash
    if last <= seq:
        return [], 0
    chain = found.back_from(last, last_hash, to=seq)
    if chain and chain[0].seq == seq + 1:
        if chain[0].prev != digest:
            facts = {"stream": before.stream if before else "", "seq": seq}
            message = _ANOTHER.format_map(facts)
            raise Refused(FORKED, message, facts, template=_ANOTHER)
        return chain, 0
    begin = [one for one in found.on_from(digest) if one.seq <= last]
    return begin, last - seq - len(begin)
