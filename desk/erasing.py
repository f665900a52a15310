"""Erasing a person is asked for, and decided on with a ground; a refusal as well.

Each act is an event in the organisation's own stream, and may be sent again under the
same erasure id. Carrying it out is `desk.executing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, get_args

from pydantic import ValidationError

from desk.desk import Desk, Sender, fresh_id
from desk.errors import NotFound, Refused
from desk.house import COMMITTED_LATER, Private, checked, note, read
from domain.erasure_facts import (
    ARTICLES,
    ErasureDecided,
    ErasureRequested,
    Grant,
    Refusal,
)
from domain.erasures import ROLE, Case, House
from domain.errors import MalformedCommand
from domain.facts import Actor, Mandate
from domain.messages import kind_of
from language import mark
from storage import erasing
from storage.house import house, stream_of
from storage.vault import openings_about, openings_of

_GRANTS: Final = frozenset(get_args(Grant))
_REFUSALS: Final = frozenset(get_args(Refusal))

NO_ERASURE: Final = mark(
    "There is no erasure {erasure} of {organisation}. See polder audit erasures "
    "{organisation}."
)
NOTHING_KEPT: Final = mark(
    "{organisation} keeps nothing about {subject}. Look at the id: the history of a "
    "dialogue shows it (polder dialogue history). If it is right, refuse the request "
    "on the ground not_identified or no_ground."
)
_DECIDED: Final = mark(
    "Erasure {erasure} was decided already: {status}. Make a new request to have it "
    "decided again."
)
_UNFIT: Final = mark("The ground {ground} is not one for this. Choose from: {known}.")
HELD: Final = mark(
    "This can't go now: {holds} holds it. Lift that first (polder audit hold lift), "
    "or refuse the request on the ground legal_hold."
)
HELD_BY_ALL: Final = mark(
    "This can't go now: {holds} holds it. Nobody can tell any more whom {lost} is "
    "about, for its text in the vault is gone: so it holds everything of "
    "{organisation}. Look up its decision (polder audit hold list), lift it and place "
    "it again."
)


class Ruling(NamedTuple):
    """A decision: granted or not, on which ground, and where it can be looked up.

    ``explanation`` is private; ``authority`` is a public reference.
    """

    granted: bool
    ground: str
    authority: str
    explanation: str | None = None


async def asked(
    desk: Desk,
    organisation: str,
    subject: str,
    sender: Sender,
    *,
    erasure: str | None = None,
    ruling: Ruling | None = None,
    mandate: Mandate | None = None,
    fresh: str | None = None,
) -> Case:
    """Give the request that is meant: as named, the one that is open, or a new one.

    ``fresh`` is what a new one is called: sent twice it is asked once. Nothing is noted
    of what can't be decided so (`Refused`), nor of somebody about whom nothing is kept
    (`NotFound`), which a refusal may be about.
    """
    if ruling is not None:
        checked(organisation, sender, "decide", name=erasure or fresh_id())
        _check_ground(ruling)
    async with erasing.asking(desk.pool, organisation):
        cases = (await house(desk.pool, organisation)).cases
        if erasure is None:
            erasure = await _open_about(desk, organisation, subject, cases.values())
        if erasure is not None and erasure in cases:
            return cases[erasure]
        refused = ruling is not None and not ruling.granted
        if not refused and not await erasing.left(desk.pool, organisation, subject):
            raise NotFound(NOTHING_KEPT, organisation=organisation, subject=subject)
        name = erasure or fresh or fresh_id()
        return await request(
            desk, organisation, subject, sender, erasure=name, mandate=mandate
        )


async def _open_about(
    desk: Desk, organisation: str, subject: str, cases: Iterable[Case]
) -> str | None:
    """Give the oldest request about somebody that is not done with.

    However many requests wait, of each no more is read than whom it is about.
    """
    found = await openings_about(desk.pool, desk.keys, stream_of(organisation), subject)
    asked = {each.seq for each in found if each.path == "/subject"}
    still = [one for one in cases if one.status in {"requested", "granted"}]
    theirs = (one.id for one in still if one.requested.seq in asked)
    if (named := next(theirs, None)) is not None:
        return named
    if all(one.status == "requested" for one in still):
        return None
    # Of what is being erased this very moment the text may be gone already.
    jobs = await erasing.jobs(desk.pool, organisation)
    return next((one.erasure for one in jobs if one.subject == subject), None)


async def request(
    desk: Desk,
    organisation: str,
    subject: str,
    sender: Sender,
    *,
    erasure: str,
    mandate: Mandate | None = None,
) -> Case:
    """Note that it was asked to erase what is kept about ``subject``.

    Everybody asks for themselves; for others it takes a role. The same id again is the
    same request. Raises `Refused`.
    """
    _check_opaque(subject)
    actor = checked(organisation, sender, "request", name=erasure, subject=subject)
    told = {"erasure": erasure, "subject": COMMITTED_LATER}
    await note(
        desk,
        organisation,
        read(ErasureRequested, told),
        actor,
        cause=cause_of(erasure),
        private={"subject": Private(subject, subject)},
        mandate=mandate,
    )
    return await case(desk, organisation, erasure)


def cause_of(erasure: str) -> str:
    """Give what puts a request on record, under which lies whom it is about."""
    return f"polder:erasure:{erasure}:requested"


def _check_opaque(subject: str) -> None:
    try:
        Actor(id=subject, role=ROLE)
    except ValidationError as error:
        problem = "a person is named by an opaque id, without personal data"
        known = kind_of(ErasureRequested)
        raise Refused.of(MalformedCommand(kind=known, problem=problem)) from error


async def case(desk: Desk, organisation: str, erasure: str) -> Case:
    """Give an erasure as it is on record. Raises `NotFound`."""
    return _case(await house(desk.pool, organisation), organisation, erasure)


def _case(found: House, organisation: str, erasure: str) -> Case:
    known = found.cases.get(erasure)
    if known is None:
        raise NotFound(NO_ERASURE, organisation=organisation, erasure=erasure)
    return known


async def decide(  # noqa: PLR0917  (who decides on what, and what)
    desk: Desk,
    organisation: str,
    erasure: str,
    sender: Sender,
    ruling: Ruling,
    mandate: Mandate | None = None,
) -> Case:
    """Grant or refuse what was asked.

    Raises `NotFound`, and `Refused` for who may not decide, for a ground of the other
    kind, for another decision than the one that stands, and, where it is granted,
    while a hold stands.
    """
    actor = checked(organisation, sender, "decide", name=erasure)
    _check_ground(ruling)
    async with erasing.alone(desk.pool, organisation):
        known = await case(desk, organisation, erasure)
        subject = await subject_of(desk, organisation, known)
        told = {
            "erasure": erasure,
            "request": known.requested.seq,
            **ruling._asdict(),
            "explanation": COMMITTED_LATER if ruling.explanation else None,
        }
        fact = read(ErasureDecided, told)
        if known.decision is not None:
            _check_same(known, fact)
            return known
        if ruling.granted:
            await _check_holds(desk, organisation, subject)
        about = Private(subject or actor.id, ruling.explanation or "")
        await note(
            desk,
            organisation,
            fact,
            actor,
            cause=f"polder:erasure:{erasure}:decided",
            private={"explanation": about} if ruling.explanation else None,
            mandate=mandate,
        )
        # At this point it is decided, and nothing has gone. If we crash here, whoever
        # carries out what was granted begins with it (`execute`, `resume`).
        return await case(desk, organisation, erasure)


def _check_ground(ruling: Ruling) -> None:
    known = _GRANTS if ruling.granted else _REFUSALS
    if ruling.ground not in known:
        listed = ", ".join(code for code in ARTICLES if code in known)
        facts = {"ground": ruling.ground, "known": listed}
        raise Refused("GroundUnfit", _UNFIT.format(**facts), facts, template=_UNFIT)


def _check_same(known: Case, fact: object) -> None:
    decision = known.decision
    bare = {"explanation": None}
    if (
        isinstance(fact, ErasureDecided)
        and decision is not None
        and fact.model_copy(update=bare) == decision.model_copy(update=bare)
    ):
        return
    facts = {"erasure": known.id, "status": known.status}
    raise Refused("DecidedAlready", _DECIDED.format(**facts), facts, template=_DECIDED)


async def _check_holds(desk: Desk, organisation: str, subject: str | None) -> None:
    held: set[str] = set()
    for stream in await erasing.dialogues(desk.pool, organisation, subject or ""):
        slug = stream.partition(":")[2] if not stream.startswith("org:") else None
        held |= {
            *await erasing.holds(
                desk.pool, organisation, dialogue=slug, subject=subject
            )
        }
    if held:
        raise await on_hold(desk, organisation, held)


async def on_hold(desk: Desk, organisation: str, held: set[str]) -> Refused:
    """Give the refusal of what these holds hold."""
    facts = {"holds": ", ".join(sorted(held))}
    lost = held & {*await erasing.without_person(desk.pool, organisation)}
    if not lost:
        return Refused("OnHold", HELD.format(**facts), facts, template=HELD)
    facts |= {"lost": ", ".join(sorted(lost)), "organisation": organisation}
    return Refused("OnHold", HELD_BY_ALL.format(**facts), facts, template=HELD_BY_ALL)


async def subject_of(desk: Desk, organisation: str, known: Case) -> str | None:
    """Give whom a request was about; None once that was erased with the rest."""
    stream = stream_of(organisation)
    for job in await erasing.jobs(desk.pool, organisation, known.id):
        return job.subject
    asked_by = [cause_of(known.id)]
    found = await openings_of(desk.pool, desk.keys, stream, asked_by)
    at = known.requested.seq
    return next((o.subject for o in found if (o.seq, o.path) == (at, "/subject")), None)
