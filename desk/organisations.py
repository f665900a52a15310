"""An organisation suspends its windows and resumes them, with a reason, on record.

The act stands in the organisation's own stream before any dialogue is told, so that
whatever happens afterwards it reaches them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from desk.desk import Desk, Sender
from desk.errors import NotFound, Refused
from desk.house import COMMITTED_LATER, Private, checked, note
from desk.stopping import Reached, reach
from domain.errors import MalformedCommand, NothingToDo
from domain.facts import Actor, Mandate
from domain.suspensions import OrganisationResumed, OrganisationSuspended, Suspension
from language import mark
from storage.suspensions import Reach, suspensions
from storage.suspensions import reach as in_reach

NO_SUSPENSION: Final = mark(
    "There is no suspension {suspension} of {organisation}. See polder organisation "
    "suspensions {organisation}."
)
_NOTHING_STANDS: Final = mark("No suspension of {organisation} stands.")
SEVERAL: Final = mark(
    "More than one suspension of {organisation} stands: {known}. Say which one with "
    "--id."
)


__all__ = ["Reach", "Suspension", "Told", "listed", "preview", "resume", "suspend"]


class Told(NamedTuple):
    """A suspension, and what became of each dialogue that it concerns now."""

    suspension: Suspension
    reached: tuple[Reached, ...]


async def suspend(
    desk: Desk,
    organisation: str,
    sender: Sender,
    *,
    suspension: str,
    reason: str,
    authority: str | None = None,
    mandate: Mandate | None = None,
) -> Told:
    """Stop the windows of all dialogues of an organisation, and let none open.

    The same id again is the same suspension: what it did not reach then it reaches now.
    Raises `Refused`, and `Unreachable` where Temporal does not answer: then it is on
    record, and a worker carries it out.
    """
    actor = checked(organisation, sender, "suspend", name=suspension)
    fact = _suspended(suspension, authority)
    cause = f"polder:suspension:{suspension}:begun"
    kept = {"reason": Private(sender.id, reason)}
    await note(
        desk, organisation, fact, actor, cause=cause, private=kept, mandate=mandate
    )
    return await _carry_out(desk, organisation, suspension)


def _suspended(suspension: str, authority: str | None) -> OrganisationSuspended:
    told = {
        "suspension": suspension,
        "authority": authority,
        "reason": COMMITTED_LATER,
    }
    try:
        return OrganisationSuspended.model_validate(told)
    except ValueError as error:
        raise _malformed("organisation_suspended", error) from error


def _malformed(kind: str, error: ValueError) -> Refused:
    problem = str(error).splitlines()[-1].strip()
    return Refused.of(MalformedCommand(kind=kind, problem=problem))


async def resume(
    desk: Desk,
    organisation: str,
    sender: Sender,
    *,
    suspension: str | None = None,
    dialogues: Sequence[str] = (),
    reason: str | None = None,
    mandate: Mandate | None = None,
) -> Told:
    """Let the windows go on: of these dialogues, or of all. Each has the time it had.

    Without ``suspension`` the one that stands. Raises `NotFound` and `Refused`.
    """
    actor = checked(organisation, sender, "suspend", name=suspension or "resume")
    standing = await _standing(desk, organisation, suspension)
    slugs = tuple(dict.fromkeys(each.rpartition(":")[2] for each in dialogues))
    new = tuple(slug for slug in slugs if slug not in standing.released)
    if slugs and not new:
        raise Refused.of(NothingToDo(because="these dialogues went on already"))
    await _note_resumed(desk, organisation, actor, standing, new, reason, mandate)
    return await _carry_out(desk, organisation, standing.id)


async def _note_resumed(  # noqa: PLR0917  (who lets whom go on, and why)
    desk: Desk,
    organisation: str,
    actor: Actor,
    standing: Suspension,
    slugs: tuple[str, ...],
    reason: str | None,
    mandate: Mandate | None,
) -> None:
    told = {
        "suspension": standing.id,
        "dialogues": slugs,
        "reason": COMMITTED_LATER if reason else None,
    }
    try:
        fact = OrganisationResumed.model_validate(told)
    except ValueError as error:
        raise _malformed("organisation_resumed", error) from error
    which = "all" if not slugs else f"some.{len(standing.released)}"
    await note(
        desk,
        organisation,
        fact,
        actor,
        cause=f"polder:suspension:{standing.id}:{which}",
        private={"reason": Private(actor.id, reason)} if reason else None,
        mandate=mandate,
    )


async def preview(desk: Desk, organisation: str, most: int = 50) -> Reach:
    """Say what a suspension would stop now: counts, and at most so many dialogues."""
    return await in_reach(desk.pool, organisation, most)


async def listed(desk: Desk, organisation: str) -> tuple[Suspension, ...]:
    """Give every suspension of an organisation, lifted ones too, in order."""
    return tuple((await suspensions(desk.pool, organisation)).values())


async def _standing(
    desk: Desk, organisation: str, suspension: str | None
) -> Suspension:
    known = await suspensions(desk.pool, organisation)
    standing = {name: one for name, one in known.items() if one.lifted is None}
    if suspension is not None and suspension not in known:
        raise NotFound(NO_SUSPENSION, suspension=suspension, organisation=organisation)
    if suspension is None and len(standing) > 1:
        told = ", ".join(standing)
        raise NotFound(SEVERAL, organisation=organisation, known=told)
    name = suspension or next(iter(standing), None)
    if name is None or name not in standing:
        raise NotFound(_NOTHING_STANDS, organisation=organisation)
    return standing[name]


async def _carry_out(desk: Desk, organisation: str, suspension: str) -> Told:
    # At this point it is on record. If we crash here, a worker reaches the dialogues.
    client = await desk.client()
    reached = await reach(desk, client, organisation)
    known = await suspensions(desk.pool, organisation)
    return Told(known[suspension], reached)
