"""Stakeholders join, are weighed, reached, engaged by plan, and leave.

Whoever joins after agreements were made is owed a briefing on them; until it was given,
or left out with a reason, the dialogue is not complete. Those who are affected and have
little influence come first in every list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, assert_never

from domain.commands import AssignRole
from domain.declining import decline_participation
from domain.declining_facts import DeclineParticipation
from domain.draft import Draft
from domain.errors import DomainError, NothingToDo
from domain.meetings_ahead import awaiting
from domain.method import Method
from domain.nearest import nearest
from domain.people import check_holders, check_invited, invitations, known_role
from domain.people_register_facts import (
    MUCH,
    BriefingWaived,
    BriefLatecomer,
    ChangeStakeholder,
    EngagementPlanned,
    HandOverRole,
    LatecomerBriefed,
    Levels,
    PeopleCommand,
    PlanEngagement,
    RegisterStakeholder,
    ReleaseStakeholder,
    RoleHandedOver,
    Stakeholder,
    StakeholderChanged,
    StakeholderRegistered,
    StakeholderReleased,
    WaiveBriefing,
    by_need,
)
from domain.sameness import once_for
from domain.state import Dialogue
from domain.steps import listed

_Asked = Callable[[Stakeholder], bool]

BUILT_IN_LEVELS: Final = ("inform", "consult", "involve", "collaborate")
"""Levels of engagement, the least first, where a method has none of its own."""


class StakeholderKnown(DomainError):
    """This stakeholder is on the register already. Use change_stakeholder to change what it says."""  # noqa: E501 (the docstring is the message)


class UnknownStakeholder(DomainError):
    """There is no such stakeholder on the register. {hint}"""  # noqa: D415 (what would help comes last)


class UnknownKindOfStakeholder(DomainError):
    """This method has no such kind of stakeholder. Its kinds are: {known}."""


class UnknownLevel(DomainError):
    """There is no such level of engagement here. The levels are: {known}."""


class UnknownPhase(DomainError):
    """There is no such phase here. The phases are: {known}. Name a phase of the project of your own with its title (phases, or --phase ID=TITLE)."""  # noqa: E501 (idem)


class LatecomersUnbriefed(DomainError):
    """These stakeholders joined after agreements were made and have not been briefed: {stakeholders}. Brief them (brief_latecomer), or leave it out with a reason (waive_briefing)."""  # noqa: E501 (idem)


def obey(draft: Draft, command: PeopleCommand) -> None:
    """Let happen what a command about people asks for, or raise why not."""
    match command:
        case RegisterStakeholder():
            register_stakeholder(draft, command)
        case ChangeStakeholder():
            change_stakeholder(draft, command)
        case ReleaseStakeholder():
            release_stakeholder(draft, command)
        case PlanEngagement():
            plan_engagement(draft, command)
        case BriefLatecomer():
            brief_latecomer(draft, command)
        case WaiveBriefing():
            waive_briefing(draft, command)
        case HandOverRole():
            hand_over_role(draft, command)
        case DeclineParticipation():
            decline_participation(draft, command)
        case _:
            assert_never(command)


def register_stakeholder(draft: Draft, command: RegisterStakeholder) -> None:
    """Put somebody on the register; who comes after agreements is owed a briefing."""
    state = draft.state
    if command.stakeholder in state.stakeholders:
        raise StakeholderKnown
    _check_kind(state.plan, command.kind)
    late = after_agreements(state)
    draft.happen(StakeholderRegistered(**_told(command), late=late))


def change_stakeholder(draft: Draft, command: ChangeStakeholder) -> None:
    """Change what is named; what only repeats the register changes nothing."""
    state = draft.state
    known = known_stakeholder(state, command.stakeholder)
    _check_kind(state.plan, command.kind)
    weights = ("impact", "influence", "reached")
    wished = {name: getattr(command, name) for name in weights}
    same = all(w is None or w == getattr(known, n) for n, w in wished.items())
    others = {"stakeholder", *weights}
    if same and all(v is None for name, v in command if name not in others):
        raise NothingToDo(because="the register says so already")
    draft.happen(StakeholderChanged(**_told(command)))


def _told(command: RegisterStakeholder | ChangeStakeholder) -> dict[str, Any]:
    return {name: getattr(command, name) for name in type(command).model_fields}


def release_stakeholder(draft: Draft, command: ReleaseStakeholder) -> None:
    """Let somebody leave; what they brought stays, and nothing is owed to them."""
    known_stakeholder(draft.state, command.stakeholder)
    draft.happen(
        StakeholderReleased(stakeholder=command.stakeholder, reason=command.reason)
    )


def plan_engagement(draft: Draft, command: PlanEngagement) -> None:
    """Plan levels for stakeholders and kinds, in phases that are known."""
    state = draft.state
    known = {*command.phases, *phases(state)}
    for levels in command.levels.values():
        _check_levels(state, levels, known)
    people = {w: of for w, of in command.levels.items() if w in state.stakeholders}
    kinds = {k: of for k, of in command.levels.items() if k not in people}
    for kind in kinds:
        _check_target(state, kind)
    draft.happen(
        EngagementPlanned(stakeholders=people, kinds=kinds, phases=command.phases)
    )


def _check_levels(state: Dialogue, levels: Levels, known: set[str]) -> None:
    if not levels.keys() <= known:
        raise UnknownPhase(known=", ".join(phases(state)))
    choices = engagement_levels(state.plan)
    if not {level for level in levels.values() if level} <= {*choices}:
        raise UnknownLevel(known=", ".join(choices))


def _check_target(state: Dialogue, kind: str) -> None:
    """Raise unless a kind is meant that the method or some stakeholder has."""
    kinds = (*(known.id for known in state.plan.stakeholder_kinds), *state.kinds)
    if kind not in kinds:
        raise UnknownStakeholder(hint=_hint(kind, (*state.stakeholders, *kinds)))


def phases(state: Dialogue) -> tuple[str, ...]:
    """Give the phases that engagement is planned in, those of the method first."""
    own = (phase.id for phase in state.plan.phases)
    return tuple(dict.fromkeys((*own, *state.project_phases)))


def engagement_levels(plan: Method) -> tuple[str, ...]:
    """Give the levels of engagement, the least first."""
    return tuple(level.id for level in plan.engagement_levels) or BUILT_IN_LEVELS


def brief_latecomer(draft: Draft, command: BriefLatecomer) -> None:
    """Note that a latecomer knows now what was agreed."""
    _check_owed(draft.state, command.stakeholder)
    draft.happen(LatecomerBriefed(stakeholder=command.stakeholder, note=command.note))


def waive_briefing(draft: Draft, command: WaiveBriefing) -> None:
    """Leave a briefing out, with a reason."""
    _check_owed(draft.state, command.stakeholder)
    draft.happen(BriefingWaived(stakeholder=command.stakeholder, reason=command.reason))


def _check_owed(state: Dialogue, stakeholder: str) -> None:
    if not known_stakeholder(state, stakeholder).unbriefed:
        raise NothingToDo(because="no briefing is owed to this stakeholder")


def hand_over_role(draft: Draft, command: HandOverRole) -> None:
    """Let a role pass from who holds it to somebody else, in one act."""
    state = draft.state
    known_role(draft, command.role)
    holders = state.holders(command.role)
    if command.actor not in holders:
        raise NothingToDo(because="this actor does not hold the role")
    if command.successor == command.actor:
        raise NothingToDo(because="this actor holds the role already")
    left = (who for who in holders if who != command.actor)
    after = tuple(dict.fromkeys((*left, command.successor)))
    check_holders(state.roles | {command.role: after})
    gets = AssignRole(
        role=command.role, actor=command.successor, address=command.address
    )
    check_invited(state, gets)
    invited_to = invitations(state, gets)
    again = command.address is not None
    ahead = awaiting(state, gets.role, gets.actor, draft.by.at, again=again)
    draft.happen(RoleHandedOver(**dict(command), invited_to=invited_to, meetings=ahead))


def known_stakeholder(state: Dialogue, stakeholder: str) -> Stakeholder:
    """Give what is known of somebody on the register. Raises `UnknownStakeholder`."""
    if stakeholder not in state.stakeholders:
        raise UnknownStakeholder(hint=_hint(stakeholder, state.stakeholders))
    return state.stakeholders[stakeholder]


def _hint(named: str, known: Iterable[str]) -> str:
    near = nearest(named, [*known])
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return "Register it first (register_stakeholder)."


def _check_kind(plan: Method, kind: str | None) -> None:
    known = [each.id for each in plan.stakeholder_kinds]
    if kind is not None and known and kind not in known:
        raise UnknownKindOfStakeholder(known=", ".join(known))


def after_agreements(state: Dialogue) -> bool:
    """Whether something was agreed or decided that a newcomer has to be told."""
    made = state.harvest
    agreed = made.agreements or made.decisions or made.reports or made.communicated
    return state.status == "completed" or bool(agreed)


def unreached(state: Dialogue) -> tuple[str, ...]:
    """Give all who were not reached yet, affected but weak first.

    Whoever books a meeting is told of them.
    """
    return _in_order(state, _is_unreached)


@once_for(lambda state: (state.stakeholders,))
def missed(state: Dialogue) -> tuple[str, ...]:
    """Give those not reached whom the matter touches, as far as anybody knows."""
    return _in_order(state, _is_missed)


@once_for(lambda state: (state.stakeholders,))
def unbriefed(state: Dialogue) -> tuple[str, ...]:
    """Give those who joined late and are owed a briefing, affected but weak first."""
    return _in_order(state, _is_unbriefed)


@once_for(lambda state: (state.stakeholders,))
def most_missed(state: Dialogue) -> str | None:
    """Give the first of those whom `missed` gives, at less cost; none without any."""
    return _first(state, _is_missed)


@once_for(lambda state: (state.stakeholders,))
def most_unbriefed(state: Dialogue) -> str | None:
    """Give the first of those whom `unbriefed` gives, at less cost."""
    return _first(state, _is_unbriefed)


def _in_order(state: Dialogue, wanted: _Asked) -> tuple[str, ...]:
    people = (pair for pair in state.stakeholders.items() if wanted(pair[1]))
    return tuple(who for who, _ in sorted(people, key=by_need))


def _first(state: Dialogue, wanted: _Asked) -> str | None:
    people = (pair for pair in state.stakeholders.items() if wanted(pair[1]))
    found = min(people, key=by_need, default=None)
    return found[0] if found else None


def _is_unreached(known: Stakeholder) -> bool:
    return not known.reached


def _is_missed(known: Stakeholder) -> bool:
    return not known.reached and (known.impact is None or known.impact >= MUCH)


def _is_unbriefed(known: Stakeholder) -> bool:
    return known.unbriefed


def check_briefed(state: Dialogue) -> None:
    """Raise `LatecomersUnbriefed` while somebody is owed a briefing."""
    owed = unbriefed(state)
    if owed:
        raise LatecomersUnbriefed(stakeholders=listed(owed))
