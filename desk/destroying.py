"""A dossier is kept as long as was decided, and then destroyed whole, on record.

What goes: its events, the texts behind them, its projections, what was noted about its
messages, and its closed runs in Temporal. What stays: its name, the hash of its last
event in the organisation's stream, and the hashes of all events in the log, so that
every checkpoint still verifies, and a pack that somebody has can be held to it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from desk.desk import Desk, Sender
from desk.erasing import on_hold
from desk.errors import NotFound, Refused, Unreachable
from desk.gone import NO_DIALOGUE
from desk.histories import runs_of
from desk.house import checked, note, read
from desk.telling import runs
from domain.erasure_facts import DossierDestroyed, RetentionSet
from domain.erasures import House, Recorded, due
from domain.facts import Actor, Mandate, written
from language import mark
from storage import destroying, erasing
from storage.house import house
from storage.pool import connection
from storage.record import head

_NOT_ARCHIVED: Final = mark(
    "{stream} is {status}. A dialogue is destroyed at the end of its term, which "
    "begins when it is archived (polder dialogue archive)."
)
_NO_TERM: Final = mark(
    "Nobody said how long {stream} is kept. Say so first: polder audit retention "
    "{organisation} --years N --authority TEXT."
)
_NOT_DUE: Final = mark("{stream} is kept until {until}: its term is not over.")
_NOT_SEALED: Final = mark(
    "{count} events of {stream} are not in the log yet. Their hashes have to stay: "
    "wait for the sealer, or start a worker that has the log's key."
)
_STILL_RUNS: Final = mark("The workflow of {stream} has not ended yet. Try again.")


class Gone(NamedTuple):
    """A dossier that was destroyed, by what, and how many values went with it."""

    stream: str
    told: Recorded
    fact: DossierDestroyed
    term: RetentionSet
    runs_left: bool


async def keep(
    desk: Desk,
    organisation: str,
    sender: Sender,
    *,
    name: str,
    years: int,
    authority: str,
    dialogue: str | None = None,
    mandate: Mandate | None = None,
) -> RetentionSet:
    """Say how many years an archived dialogue is kept, or each that has no own term.

    ``name`` is the command's id. Raises `Refused`.
    """
    actor = checked(organisation, sender, "destroy", name=name)
    told = {"dialogue": dialogue, "years": years, "authority": authority}
    fact = read(RetentionSet, told)
    async with erasing.alone(desk.pool, organisation):
        cause = f"polder:retention:{name}"
        await note(desk, organisation, fact, actor, cause=cause, mandate=mandate)
    assert isinstance(fact, RetentionSet)  # noqa: S101  (what was read)
    return fact


async def destroy(
    desk: Desk,
    stream: str,
    sender: Sender,
    *,
    name: str,
    authority: str,
    mandate: Mandate | None = None,
) -> Gone:
    """Destroy a dossier whose term is over; again, it does what is left of that.

    Raises `NotFound`, `Unreachable`, and `Refused` where it may not go (yet).
    """
    organisation = stream.partition(":")[0]
    actor = checked(organisation, sender, "destroy", name=name)
    client = await desk.client()
    async with erasing.alone(desk.pool, organisation):
        found = await house(desk.pool, organisation)
        if stream not in found.destroyed:
            term = await _check(desk, client, found, stream)
            await _take_away(desk, stream, actor, mandate, term, authority)
            found = await house(desk.pool, organisation)
    # At this point it is gone, and on record to be. Closed runs in Temporal hold no
    # personal data; should we crash before they go, a worker's sweep takes them.
    left = not await forget_runs(desk, client, stream)
    return _gone(found, stream, left=left)


async def gone(desk: Desk, stream: str) -> Gone | None:
    """Give what is left to say of a dossier that was destroyed; None if it was not."""
    found = await house(desk.pool, stream.partition(":")[0])
    return _gone(found, stream, left=False) if stream in found.destroyed else None


def _gone(found: House, stream: str, *, left: bool) -> Gone:
    told = found.destroyed[stream]
    assert isinstance(told.fact, DossierDestroyed)  # noqa: S101  (the fold's own)
    term = next(
        (each.fact for each in found.every_term if each.seq == told.fact.term),
        None,
    )
    assert isinstance(term, RetentionSet)  # noqa: S101  (the database checked it)
    return Gone(stream, told, told.fact, term, left)


async def _check(desk: Desk, client: Client, found: House, stream: str) -> Recorded:
    """Give the event that set the term; raises what is in the way."""
    organisation, _, slug = stream.partition(":")
    state = await desk.dialogue(stream)
    archived = await destroying.archived_at(desk.pool, stream)
    if state.status != "archived" or archived is None:
        raise _refused("NotArchived", _NOT_ARCHIVED, stream=stream, status=state.status)
    term = found.term(slug)
    if term is None or not isinstance(term.fact, RetentionSet):
        raise _refused("NoTerm", _NO_TERM, stream=stream, organisation=organisation)
    until = due(archived, term.fact.years)
    if until > datetime.now(UTC):
        raise _refused("NotDue", _NOT_DUE, stream=stream, until=written(until))
    await _check_holds(desk, stream)
    unsealed = await destroying.unsealed(desk.pool, stream)
    if unsealed:
        raise _refused("NotSealed", _NOT_SEALED, stream=stream, count=unsealed)
    if await runs(client.get_workflow_handle(stream)):
        raise Unreachable(_STILL_RUNS, stream=stream)
    return term


async def _check_holds(desk: Desk, stream: str) -> None:
    organisation, _, slug = stream.partition(":")
    held = {*await erasing.holds(desk.pool, organisation, dialogue=slug)}
    for subject in await destroying.subjects(desk.pool, stream):
        held |= {*await erasing.holds(desk.pool, organisation, subject=subject)}
    if held:
        raise await on_hold(desk, organisation, held)


def _refused(name: str, template: str, **facts: str | int) -> Refused:
    return Refused(name, template.format(**facts), facts, template=template)


async def _take_away(  # noqa: PLR0917  (who takes what away, and on what ground)
    desk: Desk,
    stream: str,
    actor: Actor,
    mandate: Mandate | None,
    term: Recorded,
    authority: str,
) -> None:
    """Note that it is destroyed and destroy it, in one transaction."""
    organisation = stream.partition(":")[0]
    texts = sum((await destroying.subjects(desk.pool, stream)).values())
    async with connection(desk.pool) as conn, conn.transaction():
        last = await head(conn, stream)
        if last is None:
            raise NotFound(NO_DIALOGUE, stream=stream)
        told = {
            "stream": stream,
            "seq": last.seq,
            "hash": last.head,
            "term": term.seq,
            "authority": authority,
            "texts": texts,
        }
        await note(
            desk,
            organisation,
            read(DossierDestroyed, told),
            actor,
            cause=f"polder:destroyed:{stream}",
            mandate=mandate,
            within=conn,
        )
        # The database holds it to that very head, to the term and to what is held.
        await destroying.destroy(conn, stream)


async def forget_runs(desk: Desk, client: Client, stream: str) -> bool:
    """Have Temporal delete the closed runs of a dossier; False where it can't be asked.

    It does so by itself within a minute or so. Until a later look finds none, the
    dossier stays among those that a worker's sweep asks for again.
    """
    try:
        left = await runs_of(client, stream)
        for run_id in left:
            await _delete(client, stream, run_id)
    except RPCError:
        return False
    if not left:
        await destroying.finish(desk.pool, stream)
    return True


async def _delete(client: Client, stream: str, run_id: str) -> None:
    wanted = WorkflowExecution(workflow_id=stream, run_id=run_id)
    request = DeleteWorkflowExecutionRequest(
        namespace=client.namespace, workflow_execution=wanted
    )
    try:
        await client.workflow_service.delete_workflow_execution(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
