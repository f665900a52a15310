"""What may be wrong within a step: its items, gates, windows, and going back to it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from domain.method import LIST, PUBLIC
from domain.method_findings import Finding, Path, listed, placed_steps, twice, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.method import Item, Method, Step, Window


def within_steps(method: Method) -> Iterator[Finding]:
    """Find what is wrong within the steps."""
    for path, step in placed_steps(method):
        yield from _worker((*path, "owner"), method, step.owner)
        for n, item in enumerate(step.items):
            yield from _item((*path, "items", n), method, step, item)
        for n, window in enumerate(step.windows):
            yield from _window((*path, "windows", n), method, step, window)
        yield from _gates(path, method, step)
        yield from _revisit((*path, "revisit"), method, step)
        if step.undescribed and step.items:
            message = "a step that the source does not describe has items"
            remedy = "Leave undescribed out once the step is filled in"
            yield Finding((*path, "undescribed"), message, remedy)


def _item(path: Path, method: Method, step: Step, item: Item) -> Iterator[Finding]:
    yield from _worker((*path, "role"), method, item.role)
    parts = [part.id for part in step.parts]
    yield from unknown((*path, "part"), "part", item.part, parts)


def _gates(path: Path, method: Method, step: Step) -> Iterator[Finding]:
    placed = listed(path, "gates", step.gates)
    yield from twice("gate", placed, "of this step")
    taken = {*(item.id for item in step.items), *(w.id for w in step.windows)}
    for here, name in placed:
        if name in taken:
            message = f"an item or window of this step has the id {name!r} too"
            yield Finding((*here, "id"), message, "Give each an id of its own")
    for n, gate in enumerate(step.gates):
        yield from _worker((*path, "gates", n, "role"), method, gate.role)


def _worker(path: Path, method: Method, role: str | None) -> Iterator[Finding]:
    able = [r.id for r in method.roles if {"steer", "complete"} & set(r.may)]
    yield from unknown(path, "role that may complete items", role, able)


def _window(
    path: Path, method: Method, step: Step, window: Window
) -> Iterator[Finding]:
    askable = [role.id for role in method.roles if "respond" in role.may]
    yield from unknown(
        (*path, "audience"),
        "role that may respond",
        window.audience,
        [*askable, PUBLIC, LIST],
    )
    yield from _audiences(path, window, [*askable, PUBLIC, LIST])
    opener = window.opens.step
    yield from unknown((*path, "opens", "step"), "step", opener, method.steps)
    waits = window.required or step.completion.windows == "held"
    if waits and _opens_too_late(method, step, window):
        message = "the step waits for a window that opens only after the step"
        remedy = "Open it by hand or when the step starts, or drop required"
        yield Finding((*path, "opens"), message, remedy)
    yield from _reminders(path, window)


def _audiences(path: Path, window: Window, askable: list[str]) -> Iterator[Finding]:
    placed = listed(path, "audiences", window.audiences)
    yield from twice("audience", placed, "of this window")
    for n, each in enumerate(window.audiences):
        here = (*path, "audiences", n)
        yield from unknown(
            (*here, "audience"), "role that may respond", each.audience, askable
        )
        if each.id == window.audience:
            message = f"{each.id!r} stands for the window's own audience"
            yield Finding((*here, "id"), message, "Choose another id")


def _opens_too_late(method: Method, step: Step, window: Window) -> bool:
    opener = window.opens.step
    if opener == step.id:
        return window.opens.on == "step_completed"
    return opener in method.built_on[step.id]


def _reminders(path: Path, window: Window) -> Iterator[Finding]:
    """Refuse a reminder that would come before the window opens, where that is sure."""
    amount = window.duration.amount
    for n, days in enumerate(window.reminders):
        if amount is not None and days >= amount:
            message = (
                f"a reminder {days} days before the end of {amount} comes too early"
            )
            remedy = f"Give a number below {amount}"
            yield Finding((*path, "reminders", n), message, remedy)
    for days, times in Counter(window.reminders).items():
        if times > 1:
            message = f"the reminder {days} is given twice"
            yield Finding((*path, "reminders"), message, "Keep one of the two")


def _revisit(path: Path, method: Method, step: Step) -> Iterator[Finding]:
    for n, other in enumerate(step.revisit.voids or ()):
        yield from unknown((*path, "voids", n), "step", other, method.steps)
        if other == step.id:
            message = "going back to a step begins it anew and can't void it as well"
            yield Finding((*path, "voids", n), message, "Take it out of voids")
    own = [*(item.id for item in step.items), *(w.id for w in step.windows)]
    roles = [role.id for role in method.roles]
    undone: set[str] = set()
    for n, rule in enumerate(step.revisit.compensations):
        if rule.undoes in undone:
            message = f"another rule undoes {rule.undoes!r} already"
            remedy = "Keep one rule for each item or window, and name all roles in it"
            yield Finding((*path, "compensations", n, "undoes"), message, remedy)
        undone.add(rule.undoes)
        here = (*path, "compensations", n)
        yield from unknown(
            (*here, "undoes"), "item or window of this step", rule.undoes, own
        )
        for t, role in enumerate(rule.to):
            yield from unknown((*here, "to", t), "role", role, roles)
