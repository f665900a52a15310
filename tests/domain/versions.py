"""Other versions of the method of the tests, and the command that goes over to one."""

from __future__ import annotations

from typing import Any

from domain.method import Method, compiled
from domain.plan_facts import CompiledMethod, MigrateMethod
from evidence.canonical import content_hash
from tests.domain.story import SAID, trial


def altered(*, version: str = "2.0", **more: Any) -> Method:  # noqa: ANN401 (any member)
    """Give the method of the tests as another version; members of it changed."""
    data = trial().method.model_dump(mode="json")
    return compiled(Method.model_validate({**data, "version": version, **more}))


def without(*steps: str, **others: str) -> Method:
    """Give a version without these steps, and with others under another id."""
    data = trial().method.model_dump(mode="json")
    phases: list[dict[str, Any]] = data["phases"]
    for phase in phases:
        phase["steps"] = [s for s in phase["steps"] if s["id"] not in steps]
        for step in phase["steps"]:
            step["needs"] = [others.get(n, n) for n in step["needs"] if n not in steps]
            for window in step["windows"]:
                opener = window["opens"]["step"]
                window["opens"]["step"] = others.get(opener, opener)
            step["id"] = others.get(step["id"], step["id"])
    wanted = [others.get(s, s) for s in data["completion"]["steps"] if s not in steps]
    kept = [phase for phase in phases if phase["steps"]]
    return altered(phases=kept, completion={"steps": wanted})


def with_item(step: str, item: dict[str, Any], drop: str = "") -> Method:
    """Give a version in which a step has one item more, and perhaps one less."""
    data = trial().method.model_dump(mode="json")
    for phase in data["phases"]:
        for each in phase["steps"]:
            if each["id"] == step:
                kept = [i for i in each["items"] if i["id"] != drop]
                each["items"] = [*kept, item]
                rules = each["revisit"]["compensations"]
                each["revisit"]["compensations"] = [
                    rule for rule in rules if rule["undoes"] != drop
                ]
    return altered(phases=data["phases"])


def to(
    method: Method,
    mapping: dict[str, str | None] | None = None,
    roles: dict[str, str] | None = None,
) -> MigrateMethod:
    """Give the command that goes over to a method."""
    digest = content_hash(method.model_dump(mode="json"))
    return MigrateMethod(
        method=method.id,
        mapping=mapping or {},
        roles=roles or {},
        reason=SAID,
        compiled=CompiledMethod(method=method, method_hash=digest),
    )
