"""Two plans side by side: what one has, has not, and has otherwise than the other."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from domain.method import Item, Method, Step, Window

_OF_ITS_OWN: Final = frozenset({"id", "items", "windows"})
"""Members of a step that are compared as parts of their own, or not at all."""


class Changed(NamedTuple):
    """A part that both plans have, and the members in which it differs."""

    part: str
    members: tuple[str, ...]


class Differences(NamedTuple):
    """What differs from one plan to another; parts by their full id, in plan order."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[Changed, ...]

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.dropped or self.changed)


def differences(before: Method, after: Method) -> Differences:
    """Give what differs in steps, items and windows from one plan to another."""
    old, new = parts(before), parts(after)
    both = [name for name in new if name in old]
    found = (Changed(name, _members(old[name], new[name])) for name in both)
    return Differences(
        added=tuple(name for name in new if name not in old),
        dropped=tuple(name for name in old if name not in new),
        changed=tuple(each for each in found if each.members),
    )


def parts(plan: Method) -> dict[str, Step | Item | Window]:
    """Give the steps, items and windows of a plan by their full id."""
    found: dict[str, Step | Item | Window] = {}
    for step in plan.all_steps():
        found[step.id] = step
        found |= {f"{step.id}.{item.id}": item for item in step.items}
        found |= {f"{step.id}.{window.id}": window for window in step.windows}
    return found


def _members(old: Step | Item | Window, new: Step | Item | Window) -> tuple[str, ...]:
    if type(old) is not type(new):
        return ("kind",)
    names = [name for name in type(new).model_fields if name not in _OF_ITS_OWN]
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))


def shown(found: Differences, before: Method, after: Method) -> dict[str, Any]:
    """Give differences as JSON, each part with its title in every language.

    ``added`` and ``dropped`` hold parts, ``changed`` parts with ``members``, ``waits``
    the steps that wait for others than before, with ``for`` and ``was``.
    """
    old, new = parts(before), parts(after)
    return {
        "added": [_titled(name, new) for name in found.added],
        "dropped": [_titled(name, old) for name in found.dropped],
        "changed": [
            {**_titled(each.part, new), "members": list(each.members)}
            for each in found.changed
        ],
        "waits": [
            {
                "step": each.part,
                "for": list(after.steps[each.part].needs or ()),
                "was": list(before.steps[each.part].needs or ()),
            }
            for each in found.changed
            if "needs" in each.members
        ],
    }


def _titled(name: str, known: dict[str, Step | Item | Window]) -> dict[str, Any]:
    return {"part": name, "title": dict(known[name].title)}
