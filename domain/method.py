"""A method is data: phases, steps, items and windows that an organisation can write.

The models below are the shape of a method's YAML file and, once `compiled` has
written out every default, of its compiled form. The compiled form in canonical JSON
is what a method's hash is taken of, and what a running dialogue carries with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from domain.facts import Fact, PartId
from domain.method_gates import Gate
from domain.method_parts import (
    BUILT_IN_ROLES,
    CLOCK,
    LIST,
    PUBLIC,
    SYSTEM,
    Choice,
    CompensationRule,
    Element,
    Flag,
    Item,
    Language,
    Part,
    Pitfall,
    Revisit,
    Right,
    Role,
    SelfAssessment,
    Source,
    StepCompletion,
    SubItem,
    Text,
    Title,
    Tool,
)
from domain.method_windows import Audience, Opens, Window

__all__ = [
    "BUILT_IN_ROLES",
    "CLOCK",
    "LIST",
    "PUBLIC",
    "SYSTEM",
    "Audience",
    "Choice",
    "CompensationRule",
    "Completion",
    "Element",
    "Gate",
    "Item",
    "Language",
    "Method",
    "Opens",
    "Part",
    "Phase",
    "Pitfall",
    "Revisit",
    "Right",
    "Role",
    "SelfAssessment",
    "Source",
    "Step",
    "StepCompletion",
    "SubItem",
    "Text",
    "Tool",
    "Window",
    "compiled",
]


class Step(Fact):
    """A step holds items and windows. ``undescribed``: the source only numbers it."""

    id: PartId
    number: Annotated[str, Field(description="The step's number in the source.")]
    title: Title
    goal: Annotated[Text | None, Field(description="What the step is for.")] = None
    needs: Annotated[
        tuple[PartId, ...] | None,
        Field(description="Steps this one builds on; default: the step before it."),
    ] = None
    owner: Annotated[
        PartId | None, Field(description="The role that answers for the step.")
    ] = None
    undescribed: Annotated[
        Flag,
        Field(description="true: numbered only; the organisation fills it in."),
    ] = False
    advice: Annotated[
        tuple[Text, ...], Field(description="Advice that is no item to complete.")
    ] = ()
    tools: tuple[Tool, ...] = ()
    pitfalls: tuple[Pitfall, ...] = ()
    parts: tuple[Part, ...] = ()
    items: tuple[Item, ...] = ()
    windows: tuple[Window, ...] = ()
    gates: Annotated[
        tuple[Gate, ...],
        Field(
            description="What the step has to pass before it completes.",
            exclude_if=lambda gates: not gates,
        ),
    ] = ()
    revisit: Revisit = Revisit()
    completion: StepCompletion = StepCompletion()


class Phase(Fact):
    """A phase holds steps. With ``may_overlap`` it may start before the last ends."""

    id: PartId
    title: Title
    may_overlap: Annotated[
        Flag,
        Field(description="true: may start before the phase before it is complete."),
    ] = False
    steps: tuple[Step, ...] = Field(min_length=1)


class Completion(Fact):
    """Which steps must be complete or skipped before the dialogue can complete."""

    steps: Annotated[
        Literal["all"] | tuple[PartId, ...],
        Field(description="all, or a list of the ids of steps."),
    ] = "all"


class Method(Fact):
    """A published process. See `compiled` for the form that is hashed."""

    id: PartId
    version: Annotated[
        str,
        StringConstraints(pattern=r"^\d{1,6}\.\d{1,6}(\.\d{1,6})?$"),
        Field(description="Raise it with every change, for example 1.1."),
    ]
    title: Title
    summary: Annotated[
        Text | None, Field(description="What the method is for, in a few sentences.")
    ] = None
    source: Source
    languages: Annotated[
        tuple[Language, ...],
        Field(min_length=1, description="Every text is given in each of these."),
    ]
    roles: tuple[Role, ...] = Field(min_length=1)
    stakeholder_kinds: tuple[Choice, ...] = ()
    engagement_levels: tuple[Choice, ...] = ()
    self_assessment: SelfAssessment | None = None
    phases: tuple[Phase, ...] = Field(min_length=1)
    completion: Completion = Completion()

    def model_copy(
        self, *, update: Mapping[str, object] | None = None, deep: bool = False
    ) -> Self:
        """Copy, with changes, but without the cached properties of before."""
        copy = super().model_copy(update=update, deep=deep)
        for name in vars(copy).keys() - Method.model_fields.keys():
            vars(copy).pop(name)
        return copy

    def all_steps(self) -> Iterator[Step]:
        """Give every step in the order of the method."""
        for phase in self.phases:
            yield from phase.steps

    @cached_property
    def steps(self) -> dict[str, Step]:
        """Every step by its id."""
        return {step.id: step for step in self.all_steps()}

    @cached_property
    def phase_of(self) -> dict[str, Phase]:
        """The phase that holds a step, by the step's id."""
        return {step.id: phase for phase in self.phases for step in phase.steps}

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item by its full id, ``step.item``."""
        return {f"{s.id}.{i.id}": i for s in self.all_steps() for i in s.items}

    @cached_property
    def sub_items(self) -> dict[str, SubItem]:
        """Every sub-item by its full id, ``step.item.sub``."""
        return {
            f"{s.id}.{i.id}.{sub.id}": sub
            for s in self.all_steps()
            for i in s.items
            for sub in i.sub
        }

    @cached_property
    def windows(self) -> dict[str, Window]:
        """Every window by its full id, ``step.window``, and its further audiences.

        Each of those is a window under its own full id, ``step.window.audience``.
        """
        return {
            name: asked
            for step in self.all_steps()
            for window in step.windows
            for name, asked in window.asked(f"{step.id}.{window.id}")
        }

    def window(self, name: str) -> Window | None:
        """Give a window by its full id, also a list that somebody made as it went."""
        known = self.windows.get(name)
        whole, _, audience = name.rpartition(".")
        if known is None and whole.count(".") == 1 and whole in self.windows:
            return self.windows[whole].listed(audience)
        return known

    @cached_property
    def gates(self) -> dict[str, Gate]:
        """Every gate by its full id, ``step.gate``."""
        return {f"{s.id}.{g.id}": g for s in self.all_steps() for g in s.gates}

    @cached_property
    def rights(self) -> dict[str, frozenset[str]]:
        """What each role may do; a system may do what the process director may."""
        own = {role.id: frozenset(role.may) for role in self.roles}
        every = frozenset({"steer", "complete", "respond"})
        return {**own, SYSTEM: every, CLOCK: every}

    @cached_property
    def built_on(self) -> dict[str, frozenset[str]]:
        """The steps that need a step, directly or not, by its id.

        A need that names no step leads nowhere.
        """
        needed_by: dict[str, set[str]] = {step: set() for step in self.steps}
        for step in self.all_steps():
            for need in needed_by.keys() & set(step.needs or ()):
                needed_by[need].add(step.id)
        return _reached(needed_by)


def _reached(edges: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    """Give all that each step leads to; from the far end, where there is one."""
    try:
        order = tuple(TopologicalSorter(edges).static_order())
    except CycleError:
        return {step: frozenset(_reach(edges, step)) for step in edges}
    found: dict[str, frozenset[str]] = {}
    for step in order:
        found[step] = frozenset(edges[step]).union(*(found[s] for s in edges[step]))
    return found


def _reach(edges: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = set(edges[start])
    while ahead:
        here = ahead.pop()
        found.add(here)
        ahead |= edges[here] - found
    return found


def compiled(method: Method) -> Method:
    """Write out what a method leaves to defaults: each step's needs.

    A step that names no needs builds on the step before it.
    """
    before: str | None = None
    phases: list[Phase] = []
    for phase in method.phases:
        steps: list[Step] = []
        for step in phase.steps:
            needs = step.needs
            if needs is None:
                needs = (before,) if before else ()
            steps.append(step.model_copy(update={"needs": needs}))
            before = step.id
        phases.append(phase.model_copy(update={"steps": tuple(steps)}))
    return method.model_copy(update={"phases": tuple(phases)})
