"""What each party wants comes to the table: openly, apart, and in each other's sight.

An interest is its stakeholder's. Two of them can clash or strengthen each other; a
party that leaves takes nothing along that was said.
"""

from __future__ import annotations

from typing import Final, assert_never

from domain.draft import Draft
from domain.errors import DomainError, NothingToDo
from domain.interest_facts import (
    InterestChanged,
    InterestCommand,
    InterestRecorded,
    InterestsRelated,
    InterestsUnrelated,
    InterestWithdrawn,
    RecordInterest,
    RelateInterests,
    UnrelateInterests,
    WithdrawInterest,
    pair,
    paired,
)
from domain.nearest import nearest
from domain.people_register import known_stakeholder
from domain.state import Dialogue

MOST_RELATIONS: Final = 100
"""How many interests one can bear on: the event that withdraws it names them all."""


class UnknownInterest(DomainError):
    """There is no such interest on the table. {hint}"""  # noqa: D415 (what would help comes last)


class InterestTaken(DomainError):
    """This interest is on record as that of stakeholder {stakeholder}. Choose another id for a new one."""  # noqa: E501 (the docstring is the message)


class TooManyRelations(DomainError):
    """Interest {interest} bears on {limit} others already. Split it into smaller ones, so that it says with what it clashes."""  # noqa: E501 (idem)


def obey(draft: Draft, command: InterestCommand) -> None:
    """Let happen what a command about interests asks for, or raise why not."""
    match command:
        case RecordInterest():
            record_interest(draft, command)
        case WithdrawInterest():
            withdraw_interest(draft, command)
        case RelateInterests():
            relate_interests(draft, command)
        case UnrelateInterests():
            unrelate_interests(draft, command)
        case _:
            assert_never(command)


def record_interest(draft: Draft, command: RecordInterest) -> None:
    """Record an interest, or what one is by now."""
    state = draft.state
    known_stakeholder(state, command.stakeholder)
    holder = state.interests.get(command.interest)
    if holder not in {None, command.stakeholder}:
        raise InterestTaken(stakeholder=str(holder))
    fact = InterestRecorded if holder is None else InterestChanged
    draft.happen(fact(**dict(command)))


def withdraw_interest(draft: Draft, command: WithdrawInterest) -> None:
    """Take an interest off the table, with what it had to do with others."""
    _known(draft.state, command.interest)
    others = related(draft.state, command.interest)
    draft.happen(
        InterestWithdrawn(
            interest=command.interest, unrelated=others, reason=command.reason
        )
    )


def relate_interests(draft: Draft, command: RelateInterests) -> None:
    """Let two interests clash or help each other; the last word on them stands."""
    state = draft.state
    one, other = paired(pair(command.one, command.other))
    _known(state, one)
    _known(state, other)
    if one == other:
        raise NothingToDo(because="an interest does not bear on itself")
    before = state.relations.get(pair(one, other))
    if before == command.kind:
        raise NothingToDo(because="these interests are related so already")
    for each in (one, other) if before is None else ():
        if len(related(state, each)) >= MOST_RELATIONS:
            raise TooManyRelations(interest=each, limit=MOST_RELATIONS)
    draft.happen(
        InterestsRelated(one=one, other=other, kind=command.kind, note=command.note)
    )


def unrelate_interests(draft: Draft, command: UnrelateInterests) -> None:
    """Let two interests have nothing to do with each other."""
    state = draft.state
    one, other = paired(pair(command.one, command.other))
    _known(state, one)
    _known(state, other)
    if pair(one, other) not in state.relations:
        raise NothingToDo(because="these interests are not related")
    draft.happen(InterestsUnrelated(one=one, other=other))


def related(state: Dialogue, interest: str) -> tuple[str, ...]:
    """Give the interests that one bears on, by their ids."""
    pairs = (paired(name) for name in state.relations)
    both = ((one, other) for one, other in pairs if interest in {one, other})
    return tuple(sorted(b if a == interest else a for a, b in both))


def _known(state: Dialogue, interest: str) -> None:
    if interest in state.interests:
        return
    near = nearest(interest, [*state.interests])
    hint = f"Did you mean {' or '.join(near)}?" if near else _FIRST
    raise UnknownInterest(hint=hint)


_FIRST: Final = "Record it first (record_interest)."
