"""Who may do what: a command takes a right, and a role of the method has rights.

Whoever steers may do everything. A method can give an area to a role: the register of
stakeholders, meetings and so on. Items and steps can name the role that answers for
them. A role that was given to somebody in this dialogue is theirs: nobody else acts
in it, also after it was taken from them. Where a role was never given to anybody the
claim is accepted and is on record. Everybody may act as the public: to respond, in
person, and nothing else. Who watches an agreement may remind of it and settle it.
What an organisation suspends only a system lets go, in the organisation's name: whoever
runs one of its dialogues does not go on before the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.agreement_facts import RemindAgreement, SettleAgreement
from domain.areas import AREAS, area_of
from domain.commands import (
    AnyCommand,
    CompleteItems,
    CompleteStep,
    ReconfirmItems,
    RecordResponse,
    StartStep,
)
from domain.errors import NotEntitled, NotHolder, UnknownRole
from domain.facts import Actor
from domain.gates_facts import RecordGate
from domain.meeting_facts import RecordAttendance, RecordMinutes
from domain.method import BUILT_IN_ROLES, PUBLIC, SYSTEM, Method
from domain.reflection_facts import US, RecordEvaluation
from domain.reporting_facts import NoteLateFeedback
from domain.state import Dialogue
from domain.suspension_facts import SuspensionCommand

_COMPLETING: Final = (
    CompleteItems,
    ReconfirmItems,
    StartStep,
    CompleteStep,
    RecordAttendance,
    RecordMinutes,
)
_RESPONDING: Final = (RecordResponse, NoteLateFeedback)
_AS_PUBLIC: Final = frozenset({"respond"})


def check_rights(state: Dialogue, command: AnyCommand, actor: Actor) -> None:
    """Raise if this actor, in this role, may not send this command."""
    check_role(state.plan, state.roles, actor)
    rights = _rights(state.plan, actor)
    if isinstance(command, SuspensionCommand) and actor.role != SYSTEM:
        raise NotEntitled(role=actor.role, entitled=SYSTEM)
    if "steer" in rights or isinstance(command, _RESPONDING):
        return
    if isinstance(command, RemindAgreement | SettleAgreement):
        agreement = state.harvest.agreements.get(command.agreement)
        if agreement is not None and agreement.watched_by == actor.role:
            return
    if "respond" in rights and _in_person(command, actor):
        return
    area = area_of(command)
    if area in rights:
        return
    owned = isinstance(command, _COMPLETING) or any(_gate_role(state.plan, command))
    needed = "complete" if owned else "steer"
    if needed not in rights:
        who = _roles_with(state.plan, needed, area)
        raise NotEntitled(role=actor.role, entitled=who)
    for owner in _owners(state, command):
        if owner is not None and owner != actor.role:
            raise NotEntitled(role=actor.role, entitled=owner)


def entitled(state: Dialogue, command: AnyCommand) -> frozenset[str]:
    """Give the roles of the method whose holders may send this command.

    As `check_rights` has it, for all at once, and apart from what people may do in
    person and in no role.
    """
    own = [(role.id, role.may) for role in state.plan.roles]
    if isinstance(command, SuspensionCommand):
        return frozenset()
    if isinstance(command, _RESPONDING):
        return frozenset(role for role, _ in own)
    area = area_of(command)
    may = {role for role, rights in own if "steer" in rights or area in rights}
    if isinstance(command, RemindAgreement | SettleAgreement):
        agreement = state.harvest.agreements.get(command.agreement)
        if agreement is not None and agreement.watched_by is not None:
            may.add(agreement.watched_by)
    if isinstance(command, _COMPLETING) or any(_gate_role(state.plan, command)):
        owners = {owner for owner in _owners(state, command) if owner is not None}
        completing = {role for role, rights in own if "complete" in rights}
        # Each of several owners would be refused what is another's.
        may |= {role for role in completing if owners <= {role}}
    return frozenset(may)


def check_starter(plan: Method, roles: dict[str, tuple[str, ...]], who: Actor) -> None:
    """Raise if this actor may not start a dialogue with these holders of roles."""
    check_role(plan, roles, who)
    if "steer" not in _rights(plan, who):
        raise NotEntitled(role=who.role, entitled=_roles_with(plan, "steer"))


def acting_role(plan: Method, roles: Mapping[str, tuple[str, ...]], actor: str) -> str:
    """Give the role in which somebody acts who names none.

    The first they hold, those that steer going first; else the first that steers and
    that nobody holds; else the first that steers, which is somebody else's.
    """
    held = (role for role in plan.roles if actor in roles.get(role.id, ()))
    steering = [role for role in plan.roles if "steer" in role.may]
    mine = sorted(held, key=lambda role: "steer" not in role.may)
    free = [role for role in steering if not roles.get(role.id)]
    return next(role.id for role in (*mine, *free, *steering))


def check_reader(state: Dialogue, reader: str, role: str | None = None) -> None:
    """Raise if this reader may not open private texts: those who steer may.

    Where no role that steers was ever given to anybody, anybody may claim one.
    """
    steering = [role for role in state.plan.roles if "steer" in role.may]
    holders = {who for each in steering for who in state.holders(each.id)}
    if holders and reader not in holders:
        raise NotEntitled(role=role or "-", entitled=_roles_with(state.plan, "steer"))


def check_role(plan: Method, roles: dict[str, tuple[str, ...]], actor: Actor) -> None:
    """Raise if the role is no role here, or is somebody else's."""
    if actor.role in BUILT_IN_ROLES or actor.role == PUBLIC:
        return
    if actor.role not in plan.rights:
        raise UnknownRole(role=actor.role, known=", ".join(r.id for r in plan.roles))
    if actor.role in roles and actor.id not in roles[actor.role]:
        raise NotHolder(role=actor.role)


def may_steer(state: Dialogue, actor: Actor) -> bool:
    """Whether this actor's role runs the process."""
    return "steer" in _rights(state.plan, actor)


def _rights(plan: Method, actor: Actor) -> frozenset[str]:
    return plan.rights.get(actor.role, _AS_PUBLIC)


def areas_of(state: Dialogue, who: str) -> frozenset[str]:
    """Give the areas that somebody keeps, by the roles that they hold."""
    held = (role for role in state.plan.roles if who in state.holders(role.id))
    return frozenset(right for role in held for right in role.may if right in AREAS)


def _roles_with(plan: Method, *rights: str | None) -> str:
    able = (role.id for role in plan.roles if not {*role.may}.isdisjoint(rights))
    return " or ".join(able)


def _in_person(command: AnyCommand, actor: Actor) -> bool:
    """Whether somebody evaluates for themselves, which nobody else can do for them."""
    return isinstance(command, RecordEvaluation) and US != command.by == actor.id


def _gate_role(plan: Method, command: AnyCommand) -> tuple[str | None, ...]:
    """Give the role that answers for a gate of the method, if it names one."""
    if not isinstance(command, RecordGate):
        return ()
    named = command.gate if command.step is None else f"{command.step}.{command.gate}"
    gate = plan.gates.get(command.gate) or plan.gates.get(named)
    return (gate.role if gate else None,)


def _owners(state: Dialogue, command: AnyCommand) -> tuple[str | None, ...]:
    plan = state.plan
    match command:
        case StartStep() | CompleteStep():
            step = plan.steps.get(command.step)
            return (step.owner if step else None,)
        case RecordGate():
            return _gate_role(plan, command)
        case CompleteItems():
            rest = state.open_items(command.step) if command.step else ()
            return tuple(_owner(plan, item) for item in (*command.items, *rest))
        case ReconfirmItems():
            current = state.round(command.step) if command.step else None
            waiting = current.to_reconfirm if current else ()
            return tuple(_owner(plan, item) for item in (*command.items, *waiting))
        case _:
            return ()


def _owner(plan: Method, target: str) -> str | None:
    """Give the role that sees to an item, or a sub-item's item; else its step's."""
    names = target.split(".")
    item = plan.items.get(".".join(names[:2]))
    step = plan.steps.get(names[0])
    return (item.role if item else None) or (step.owner if step else None)
