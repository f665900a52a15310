"""Parts of a method under the names that they have in a dialogue.

A part keeps, for the life of a dialogue, the id under which work on it began, so that
what is on record about it and what comes later are about the same thing. A method that
calls it otherwise is read with the dialogue's names in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.method import Method, Step, Window
from domain.method_parts import CompensationRule, Revisit
from domain.plan_changes import RenameParts


def renamed(plan: Method, told: RenameParts) -> Method:
    """Give the plan with these parts under other names."""
    names = _Names(told)
    changes: dict[str, object] = {
        "phases": tuple(
            phase.model_copy(
                update={"steps": tuple(names.step(step) for step in phase.steps)}
            )
            for phase in plan.phases
        ),
        "roles": tuple(
            role.model_copy(update={"id": names.role(role.id)}) for role in plan.roles
        ),
    }
    if plan.completion.steps != "all":
        wanted = names.steps(plan.completion.steps)
        changes["completion"] = plan.completion.model_copy(update={"steps": wanted})
    if plan.self_assessment is not None:
        elements = tuple(
            element.model_copy(update={"marks": names.steps(element.marks)})
            for element in plan.self_assessment.elements
        )
        changes["self_assessment"] = plan.self_assessment.model_copy(
            update={"elements": elements}
        )
    return plan.model_copy(update=changes)


class _Names:
    """What each part of a method is called in the dialogue."""

    def __init__(self, told: RenameParts) -> None:
        self._names: Mapping[str, str] = told.names
        self._roles: Mapping[str, str] = told.roles

    def role(self, role: str) -> str:
        return self._roles.get(role, role)

    def steps(self, steps: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._names.get(step, step) for step in steps)

    def inside(self, step: str, part: str) -> str:
        """Give the id, within its step, of an item or a window."""
        full = self._names.get(f"{step}.{part}")
        return part if full is None else full.split(".", 1)[1]

    def step(self, step: Step) -> Step:
        items = tuple(
            item.model_copy(
                update={
                    "id": self.inside(step.id, item.id),
                    "role": item.role and self.role(item.role),
                }
            )
            for item in step.items
        )
        return step.model_copy(
            update={
                "id": self._names.get(step.id, step.id),
                "needs": self.steps(step.needs or ()),
                "owner": step.owner and self.role(step.owner),
                "items": items,
                "gates": tuple(
                    gate.model_copy(update={"role": gate.role and self.role(gate.role)})
                    for gate in step.gates
                ),
                "windows": tuple(self._window(step.id, w) for w in step.windows),
                "revisit": self._revisit(step.id, step.revisit),
            }
        )

    def _window(self, step: str, window: Window) -> Window:
        opener = window.opens.step
        opens = window.opens.model_copy(
            update={"step": opener and self._names.get(opener, opener)}
        )
        changes: dict[str, object] = {
            "id": self.inside(step, window.id),
            "audience": self.role(window.audience),
            "opens": opens,
            "audiences": tuple(
                each.model_copy(update={"audience": self.role(each.audience)})
                for each in window.audiences
            ),
        }
        return window.model_copy(update=changes)

    def _revisit(self, step: str, told: Revisit) -> Revisit:
        voids = None if told.voids is None else self.steps(told.voids)
        rules = tuple(self._rule(step, rule) for rule in told.compensations)
        return told.model_copy(update={"voids": voids, "compensations": rules})

    def _rule(self, step: str, rule: CompensationRule) -> CompensationRule:
        undoes = self.inside(step, rule.undoes)
        to = tuple(self.role(role) for role in rule.to)
        return rule.model_copy(update={"undoes": undoes, "to": to})
