"""What goes along into another method: what was done, and what people added themselves.

A part that stays behind is shown as it was, and asks for nothing any more: not
required, no gate, nobody's to do. A part that an amendment added goes along whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.method import (
    BUILT_IN_ROLES,
    LIST,
    PUBLIC,
    Item,
    Language,
    Method,
    Opens,
    Role,
    Step,
    Window,
)
from domain.method_parts import Revisit, StepCompletion, SubItem, Text
from domain.state import Dialogue


class Along:
    """Parts of the present plan as they go along, in the new method's languages."""

    def __init__(self, state: Dialogue, new: Method, traced: frozenset[str]) -> None:
        """Take parts along from the plan of ``state`` to ``new``."""
        self._plan = state.plan
        self._languages: tuple[Language, ...] = new.languages
        self._traced = traced

    def text(self, text: Text) -> Text:
        """Give a text in each language of the new method, as far as there is one."""
        first = next(iter(text.values()))
        return {lang: text.get(lang) or first for lang in self._languages}

    def role(self, role: Role) -> Role:
        """Give a role that somebody has, or that a part needs."""
        return role.model_copy(update={"title": self.text(role.title)})

    def roles(self, plan: Method, wanted: Iterable[str] = ()) -> list[Role]:
        """Give the roles that another plan has not, and that it names or are wanted."""
        known = {role.id for role in plan.roles}
        needed = {*wanted, *asked_roles(plan)} - known
        return [self.role(role) for role in self._plan.roles if role.id in needed]

    def subs_left(self, name: str, now: Item) -> list[SubItem]:
        """Give the sub-items of an item that were worked on and that it has no more."""
        known = {sub.id for sub in now.sub}
        return [
            self.sub(sub)
            for sub in self._plan.items[name].sub
            if f"{name}.{sub.id}" in self._traced and sub.id not in known
        ]

    def behind(self, name: str) -> Step:
        """Give a step that stays behind, with what was done in it."""
        step = self._plan.steps[name]
        return Step(
            id=step.id,
            number=step.number,
            title=self.text(step.title),
            needs=(),
            undescribed=step.undescribed,
            items=tuple(
                self.item(f"{name}.{item.id}")
                for item in step.items
                if self.was_done(f"{name}.{item.id}")
            ),
            windows=tuple(
                self.window(f"{name}.{window.id}")
                for window in step.windows
                if f"{name}.{window.id}" in self._traced
            ),
            revisit=Revisit(),
            completion=StepCompletion(items="none"),
        )

    def was_done(self, item: str) -> bool:
        """Whether anything was done about an item or a sub-item of it."""
        return any(t == item or t.startswith(f"{item}.") for t in self._traced)

    def item(self, name: str) -> Item:
        """Give an item that stays behind."""
        item = self._plan.items[name]
        return Item(
            id=item.id,
            title=self.text(item.title),
            required=False,
            sub=tuple(self.sub(sub) for sub in item.sub),
        )

    def sub(self, sub: SubItem) -> SubItem:
        """Give a sub-item that stays behind."""
        return SubItem(id=sub.id, title=self.text(sub.title))

    def window(self, name: str) -> Window:
        """Give a window that stays behind."""
        window = self._plan.windows[name]
        audiences = tuple(
            each.model_copy(update={"title": self.text(each.title)})
            for each in window.audiences
        )
        return window.model_copy(
            update={
                "title": self.text(window.title),
                "opens": Opens(),
                "required": False,
                "audiences": audiences,
            }
        )

    def whole_item(self, name: str) -> Item:
        """Give an item that people added, to be done like any other."""
        item = self._plan.items[name]
        subs = tuple(
            sub.model_copy(
                update={"title": self.text(sub.title), "help": self.help(sub.help)}
            )
            for sub in item.sub
        )
        return item.model_copy(
            update={
                "title": self.text(item.title),
                "help": self.help(item.help),
                "part": None,
                "sub": subs,
            }
        )

    def help(self, text: Text | None) -> Text | None:
        """Give a text that may be left out."""
        return None if text is None else self.text(text)

    def whole_step(self, name: str, needs: Iterable[str]) -> Step:
        """Give a step that people added, building on what there is."""
        step = self._plan.steps[name]
        rules = tuple(
            rule.model_copy(update={"title": self.text(rule.title)})
            for rule in step.revisit.compensations
        )
        items = (f"{name}.{item.id}" for item in step.items)
        return step.model_copy(
            update={
                "title": self.text(step.title),
                "goal": self.help(step.goal),
                "advice": tuple(self.text(text) for text in step.advice),
                "needs": tuple(needs),
                "tools": (),
                "pitfalls": (),
                "parts": (),
                "items": tuple(self.whole_item(item) for item in items),
                "gates": tuple(
                    gate.model_copy(
                        update={
                            "title": self.text(gate.title),
                            "help": self.help(gate.help),
                        }
                    )
                    for gate in step.gates
                ),
                "windows": tuple(
                    self.own_window(f"{name}.{window.id}") for window in step.windows
                ),
                "revisit": Revisit(compensations=rules),
            }
        )

    def own_window(self, name: str) -> Window:
        """Give a window that people added, with its rules, to be opened by hand."""
        required = self._plan.windows[name].required
        return self.window(name).model_copy(update={"required": required})


def asked_roles(plan: Method) -> Iterable[str]:
    """Give every role that some part of a plan names."""
    for step in plan.all_steps():
        yield from (step.owner,) if step.owner else ()
        asked = (*step.items, *step.gates)
        yield from (part.role for part in asked if part.role)
        for window in step.windows:
            every = (window.audience, *(each.audience for each in window.audiences))
            yield from {*every} - {PUBLIC, LIST, *BUILT_IN_ROLES}
        for rule in step.revisit.compensations:
            yield from rule.to
