"""Carrying out what was granted: field by field, then the key, then the proof.

The value goes in the transaction that records the event which names it
(`storage.erasing`), so that a crash at any point leaves a sound record; carrying out
again does what is left. The key goes after the values: from then on no copy of them,
in whatever backup, can be read either.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from desk import proving
from desk.desk import Desk, Sender
from desk.erasing import case, subject_of
from desk.errors import Refused
from desk.house import checked, note
from desk.telling import Untold, tell
from domain.erasure_facts import ErasureExecuted, ErasureHeld
from domain.erasures import ERASED, ERASED_BY, Case
from domain.facts import Actor, Mandate
from evidence.canonical import canonical
from language import mark
from storage import erasing
from storage.erasing import Job, Made, Part
from storage.house import house, stream_of
from storage.ownlog import MACHINE, events
from storage.pool import connection

_ROUNDS: Final = 20
"""How often we look for what came in meanwhile, before we say that it does not end."""

_NOT_GRANTED: Final = mark("Erasure {erasure} is {status}: there is nothing to do.")
_NOBODY: Final = mark(
    "Nobody can tell any more whom erasure {erasure} is about: its text in the vault "
    "is gone. Make a new request."
)
_NO_END: Final = mark(
    "Texts about this person keep coming in. Carry out erasure {erasure} again once "
    "that has stopped."
)


class Outcome(NamedTuple):
    """How far an erasure is.

    ``untold`` are the dialogues that could not say it yet, with what is in the way;
    ``held`` the holds that stand in the way. ``proof`` is there once it is executed by
    this very call.
    """

    case: Case
    made: tuple[Made, ...] = ()
    untold: tuple[Untold, ...] = ()
    held: tuple[str, ...] = ()
    subject: str | None = None
    proof: proving.Proof | None = None


class _Work(NamedTuple):
    """What is carried out, and in whose name."""

    desk: Desk
    known: Case
    job: Job
    actor: Actor
    mandate: Mandate | None


async def execute(
    desk: Desk,
    organisation: str,
    erasure: str,
    sender: Sender | None,
    *,
    mandate: Mandate | None = None,
) -> Outcome:
    """Carry out what was granted, or what is left of it; ``sender`` None is the clock.

    May be called at any time, also after a crash, and again once it is done. Raises
    `NotFound`, `Refused` for who may not and for what was not granted, and
    `Unreachable` where the record can't be reached.
    """
    actor = Actor.model_validate(MACHINE)
    if sender is not None:
        actor = checked(organisation, sender, "execute", name=erasure)
    async with erasing.alone(desk.pool, organisation):
        known = await case(desk, organisation, erasure)
        if known.status == "executed":
            return await outcome(desk, organisation, known)
        if known.status != "granted":
            facts = {"erasure": erasure, "status": known.status}
            message = _NOT_GRANTED.format(**facts)
            raise Refused("NotGranted", message, facts, template=_NOT_GRANTED)
        subject = await subject_of(desk, organisation, known)
        if subject is None:
            return await _went_along(desk, organisation, known, actor, mandate)
        job = await _begun(desk, organisation, known, subject)
        return await _carry_out(_Work(desk, known, job, actor, mandate))


async def _went_along(
    desk: Desk, organisation: str, known: Case, actor: Actor, mandate: Mandate | None
) -> Outcome:
    """Say that it is done, where the request itself went with another erasure.

    That was of the same person, and left nothing. Raises `Refused` where nobody can
    tell whom this one is about.
    """
    field = [known.requested.seq, "/subject"]
    erased = await events(desk.pool, stream_of(organisation), [ERASED])
    if not any(
        one.cause.startswith(ERASED_BY) and field in one.data["paths"] for one in erased
    ):
        facts = {"erasure": known.id}
        raise Refused("NobodyNamed", _NOBODY.format(**facts), facts, template=_NOBODY)
    assert known.decided is not None  # noqa: S101  (it is granted)
    fact = ErasureExecuted(
        erasure=known.id,
        decision=known.decided.seq,
        dialogues=0,
        events=0,
        fields=0,
        waiting=0,
        events_hash=digest_of(()),
    )
    cause = f"polder:erasure:{known.id}:executed"
    await note(desk, organisation, fact, actor, cause=cause, mandate=mandate)
    return await outcome(desk, organisation, known)


async def _begun(desk: Desk, organisation: str, known: Case, subject: str) -> Job:
    if not await erasing.jobs(desk.pool, organisation, known.id):
        # The database begins only what was granted for this very person.
        await erasing.begin(desk.pool, organisation, known.id, subject)
    (job,) = await erasing.jobs(desk.pool, organisation, known.id)
    return job


async def _carry_out(work: _Work) -> Outcome:
    desk, _, job, _, _ = work
    needles = await proving.before(desk, job)
    for _ in range(_ROUNDS):
        await erasing.prepare(desk.pool, job)
        # At this point it is noted what goes. If we crash here or anywhere below, the
        # values that no event named yet are there, and the next one goes on with them.
        untold, held = await _tell_all(desk, job)
        if untold or held:
            await _note_held(work, held)
            found = await outcome(desk, job.organisation, work.known)
            return found._replace(untold=untold, held=held)
        # At this point every field has its event, and no value is there any more. Who
        # puts one in at this moment has the key until it is in; then we find it.
        await desk.keys.destroy(job.organisation, job.subject)
        if not await erasing.left(desk.pool, job.organisation, job.subject):
            return await _finish(work, needles)
    facts = {"erasure": job.erasure}
    raise Refused("NoEnd", _NO_END.format(**facts), facts, template=_NO_END)


async def _tell_all(desk: Desk, job: Job) -> tuple[tuple[Untold, ...], tuple[str, ...]]:
    """Let each stream say what was erased; give what could not, and what holds it.

    What stands in the way of one does not keep another from it.
    """
    untold: list[Untold] = []
    held: set[str] = set()
    by_stream: dict[str, list[Part]] = {}
    for part in await erasing.parts(desk.pool, job=job):
        by_stream.setdefault(part.stream, []).append(part)
    for stream, parts in sorted(by_stream.items(), key=lambda one: _own(one[0])):
        slug = None if _own(stream) else stream.partition(":")[2]
        # Nobody places a hold between this look and what follows (`erasing.alone`).
        standing = await erasing.holds(
            desk.pool, job.organisation, dialogue=slug, subject=job.subject
        )
        if standing:
            held |= {*standing}
            continue
        problem = await tell(desk, stream, parts)
        if problem is not None:
            untold.append(problem)
    return tuple(untold), tuple(sorted(held))


def _own(stream: str) -> bool:
    """Tell an organisation's own stream: it comes last, with the request itself."""
    return stream.startswith("org:")


async def _note_held(work: _Work, held: tuple[str, ...]) -> None:
    if not held or held == work.known.held_by:
        return
    erasure = work.job.erasure
    digest = sha256(canonical(list(held))).hexdigest()[:16]
    cause = f"polder:erasure:{erasure}:held:{digest}"
    fact = ErasureHeld(erasure=erasure, holds=held)
    await note(work.desk, work.job.organisation, fact, work.actor, cause=cause)


async def _finish(work: _Work, needles: proving.Needles) -> Outcome:
    desk, known, job, actor, mandate = work
    found = await erasing.made(desk.pool, job.organisation, _causes(job.erasure))
    (now,) = await erasing.jobs(desk.pool, job.organisation, job.erasure)
    assert known.decided is not None  # noqa: S101  (it is granted)
    fact = ErasureExecuted(
        erasure=job.erasure,
        decision=known.decided.seq,
        dialogues=len({one.stream for one in found if not _own(one.stream)}),
        events=len(found),
        fields=sum(one.fields for one in found),
        waiting=now.waiting,
        events_hash=digest_of(found),
    )
    cause = f"polder:erasure:{job.erasure}:executed"
    async with connection(desk.pool) as conn, conn.transaction():
        await note(
            desk,
            job.organisation,
            fact,
            actor,
            cause=cause,
            mandate=mandate,
            within=conn,
        )
        await erasing.finish(conn, job.organisation, job.erasure)
    # At this point nothing of ours names the person any more, but who asked us.
    done = await case(desk, job.organisation, job.erasure)
    proof = await proving.after(desk, job, found, needles)
    return Outcome(done, found, subject=job.subject, proof=proof)


def _causes(erasure: str) -> str:
    return f"{ERASED_BY}{erasure}:"


def digest_of(found: Sequence[Made]) -> str:
    """Give the hash of the events of an erasure, as `ErasureExecuted` has it."""
    events = sorted([one.stream, one.seq, one.hash] for one in found)
    return sha256(canonical(events)).hexdigest()


async def outcome(desk: Desk, organisation: str, known: Case) -> Outcome:
    """Give how far an erasure is."""
    found = await erasing.made(desk.pool, organisation, _causes(known.id))
    now = await case(desk, organisation, known.id)
    subject = await subject_of(desk, organisation, now)
    return Outcome(now, found, subject=subject)


async def listed(desk: Desk, organisation: str) -> list[Outcome]:
    """Give every erasure of an organisation, in the order in which they were asked."""
    cases = (await house(desk.pool, organisation)).cases.values()
    return [await outcome(desk, organisation, known) for known in cases]
