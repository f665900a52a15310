"""Confidential steps: who marks them, and what is then closed to whom.

Which event belongs to which step is read off the events, so that the same answer comes
whoever asks: a screen, a pack or an export. An event names its steps itself, or by what
it is about: minutes belong to the step of their meeting.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, cast

from domain.attribution import steps_in
from domain.confidential_facts import (
    ConfidentialCommand,
    ConfidentialityLifted,
    LiftConfidential,
    MarkConfidential,
    StepMarkedConfidential,
)
from domain.draft import Draft
from domain.errors import DomainError, NothingToDo, UnknownRole
from domain.facts import Place
from domain.messages import kind_of
from domain.plan_copies import BETWEEN
from domain.state import Dialogue
from domain.steps import known_step

# ruff: noqa: E501 (a docstring of a refusal is its message, whole and on one line)

_ABOUT: Final = (
    *("meeting", "report", "supersedes", "conclusion", "agreement", "decision"),
    *("communication", "compensation", "group", "gate", "track", "suspension"),
)
"""Members by which an event names what it is about, and so the step of that."""

_EFFECT: Final = re.compile(r"e([1-9]\d*)(-\d+)?")
_MARKED: Final = kind_of(StepMarkedConfidential)
_LIFTED: Final = kind_of(ConfidentialityLifted)
_CORRECTED: Final = "fact_corrected"
_PLANNING: Final = frozenset({"plan_amended", "track_opened"})


class NobodyCouldRead(DomainError):
    """Nobody holds the roles that would read step {step}: {readers}. Give somebody such a role first, or name another one."""


class NotConfidential(DomainError):
    """Step {step} is not confidential. Confidential are: {known}."""


def obey(draft: Draft, command: ConfidentialCommand) -> None:
    """Mark a step as confidential, or lift that."""
    match command:
        case MarkConfidential():
            _mark(draft, command)
        case LiftConfidential():
            _lift(draft, command)


def _mark(draft: Draft, command: MarkConfidential) -> None:
    state = draft.state
    known_step(state, command.step)
    readers = tuple(dict.fromkeys(command.readers))
    roles = [role.id for role in state.plan.roles]
    for role in readers:
        if role not in roles:
            raise UnknownRole(role=role, known=", ".join(roles))
    if not any(state.holders(role) for role in readers):
        raise NobodyCouldRead(step=command.step, readers=", ".join(readers))
    if {*state.confidential.get(command.step, ())} == {*readers}:
        raise NothingToDo(because="these roles and no others read it already")
    draft.happen(
        StepMarkedConfidential(
            step=command.step, readers=readers, reason=command.reason
        )
    )


def _lift(draft: Draft, command: LiftConfidential) -> None:
    marked = draft.state.confidential
    if command.step not in marked:
        known = ", ".join(marked) or "none"
        raise NotConfidential(step=command.step, known=known)
    draft.happen(ConfidentialityLifted(step=command.step, reason=command.reason))


def readers_of(state: Dialogue, step: str) -> tuple[str, ...]:
    """Give the roles that read a step which is confidential, or a copy of such a step."""
    own = state.confidential.get(step)
    return own or state.confidential.get(step.partition(BETWEEN)[0], ())


def roles_of(state: Dialogue, reader: str) -> frozenset[str]:
    """Give the roles that a reader holds: claiming one is not enough here."""
    return frozenset(role for role, who in state.roles.items() if reader in who)


def reads_any(state: Dialogue, roles: Collection[str]) -> bool:
    """Whether these roles read a confidential step."""
    return any(not {*who}.isdisjoint(roles) for who in state.confidential.values())


class Readable:
    """Follows the events of a dialogue, and knows which private texts are whose.

    It takes events as recorded: their number, type, data and pointers of what is
    private.
    """

    def __init__(self) -> None:
        """Begin before the first event."""
        self._readers: dict[str, frozenset[str]] = {}
        self._named: dict[tuple[str, str], frozenset[str]] = {}
        self._steps: dict[int, frozenset[str]] = {}
        self._places: dict[Place, frozenset[str]] = {}
        self._kinds: dict[int, str] = {}

    def sees(
        self, seq: int, kind: str, data: Mapping[str, Any], pointers: Iterable[str]
    ) -> None:
        """Take one event into account; they come in order.

        What an event lacks that it should have is not made up: whoever verifies the
        record finds that.
        """
        steps = self._steps_of(kind, data)
        if steps:
            self._steps[seq] = steps
            for name in _names(data):
                # What is of a step stays so, whatever comes in its place elsewhere.
                self._named.setdefault(name, steps)
        self._kinds[seq] = kind
        for pointer in pointers:
            self._places[seq, pointer] = steps
        step = data.get("step")
        if kind == _MARKED and isinstance(step, str):
            self._readers[step] = frozenset(map(str, data.get("readers") or ()))
        elif kind == _LIFTED and isinstance(step, str):
            self._readers.pop(step, None)

    def _steps_of(self, kind: str, data: Mapping[str, Any]) -> frozenset[str]:
        steps = steps_in(data)
        if not steps and kind in _PLANNING:
            steps = _steps_planned(data)
        if steps:
            return steps
        if kind == _CORRECTED:
            return self._steps.get(data.get("seq", 0), steps)
        effect = data.get("effect")
        if isinstance(effect, str) and (found := _EFFECT.fullmatch(effect)):
            return self._steps.get(int(found[1]), steps)
        named = (self._named[name] for name in _names(data) if name in self._named)
        return steps.union(*named)

    def confidential(self, place: Place) -> frozenset[str]:
        """Give the confidential steps that a private text belongs to."""
        steps = self._places.get(place, frozenset())
        return frozenset(s for s in map(self._marked, steps) if s is not None)

    def _marked(self, step: str) -> str | None:
        """Give the step by whose mark a step is confidential: its own, or, of a copy
        in a track, that of the step it is a copy of.
        """
        original = step.partition(BETWEEN)[0]
        return next((s for s in (step, original) if s in self._readers), None)

    def closed(
        self, roles: Collection[str], *, steers: bool, kinds: Collection[str] = ()
    ) -> dict[Place, str]:
        """Give the places closed to a reader, with the step because of which they are.

        ``roles`` are those that the reader holds; ``steers`` says whether they read
        what is not confidential, ``kinds`` of which events they read that anyhow. A
        place that is closed for that reason has no step.
        """
        found: dict[Place, str] = {}
        for place in self._places:
            kept = self.confidential(place)
            barred = [s for s in sorted(kept) if self._readers[s].isdisjoint(roles)]
            if barred:
                found[place] = barred[0]
            elif not kept and not steers and self._kinds[place[0]] not in kinds:
                found[place] = ""
        return found


def _steps_planned(data: Mapping[str, Any]) -> frozenset[str]:
    """Give the steps that a track copies, or that a change of the plan is about."""
    told = _list(data.get("steps"))
    for change in _list(data.get("changes")):
        if isinstance(change, Mapping):
            members = cast("Mapping[str, Any]", change)
            told += [members.get(part) for part in ("step", "item", "window")]
            told += _list(members.get("steps"))
    return frozenset(name.partition(".")[0] for name in told if isinstance(name, str))


def _list(value: object) -> list[Any]:
    """Give a list as it is; an event that was tampered with may hold anything."""
    return [*cast("list[Any]", value)] if isinstance(value, list | tuple) else []


def _names(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name what an event is about, a report and the one it supersedes alike."""
    found = ((name, data.get(name)) for name in _ABOUT)
    return [
        ("report" if name == "supersedes" else name, value)
        for name, value in found
        if isinstance(value, str)
    ]
