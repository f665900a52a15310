"""The names that people read: titles of the plan, in one language."""

from __future__ import annotations

from domain.method import Method, Text
from domain.progress import not_reached
from domain.state import Compensation, Dialogue, Effect


class Titles:
    """Titles of a plan's parts, in ``lang`` or else in the plan's first language.

    An id that the plan does not have stands for itself.
    """

    def __init__(self, plan: Method, lang: str) -> None:
        """Speak about ``plan`` in ``lang``."""
        self.plan = plan
        self.lang = lang

    def text(self, text: Text) -> str:
        """Give a text of the plan."""
        found = {str(key): value for key, value in text.items()}
        return found.get(self.lang) or next(iter(found.values()))

    def phase(self, name: str) -> str:
        """Give a phase's title."""
        found = next((p.title for p in self.plan.phases if p.id == name), None)
        return self.text(found) if found else name

    def step(self, name: str) -> str:
        """Give a step's title."""
        found = self.plan.steps.get(name)
        return self.text(found.title) if found else name

    def item(self, name: str) -> str:
        """Give the title of an item or a sub-item, by its full id."""
        found = self.plan.items.get(name) or self.plan.sub_items.get(name)
        return self.text(found.title) if found else name

    def gate(self, name: str) -> str:
        """Give a gate's title, by its full id."""
        found = self.plan.gates.get(name)
        return self.text(found.title) if found else name

    def element(self, name: str) -> str:
        """Give the title of an element of the self-assessment."""
        asked = self.plan.self_assessment
        titles = {e.id: e.title for e in (asked.elements if asked else ())}
        return self.text(titles[name]) if name in titles else name

    def window(self, name: str) -> str:
        """Give a window's title, by its full id."""
        found = self.plan.window(name)
        return self.text(found.title) if found else name

    def role(self, name: str) -> str:
        """Give a role's title."""
        found = next((r.title for r in self.plan.roles if r.id == name), None)
        return self.text(found) if found else name

    def part(self, name: str) -> str:
        """Give the title of whatever has this id: item, window or step."""
        if name in self.plan.items or name in self.plan.sub_items:
            return self.item(name)
        return self.window(name) if self.plan.window(name) else self.step(name)


def told_of(titles: Titles, owed: Effect | Compensation) -> str:
    """Name what a message, or an act that undoes something, is about."""
    if isinstance(owed, Effect):
        if owed.about is None or owed.responses is not None:
            return titles.part(owed.target)
        return owed.about.heading
    return owed.of.heading if owed.of else titles.part(owed.undoes)


def unreached(state: Dialogue, titles: Titles, role: str) -> str:
    """Name a role and those of its holders whom messages do not reach."""
    return f"{titles.role(role)}: {', '.join(not_reached(state, role))}"
