"""Methods just large enough to say one thing about."""

from __future__ import annotations

from typing import Any

from domain.method import Method
from domain.method_check import problems

STEERING = {"id": "director", "title": {"nl": "R"}, "may": ["steer", "complete"]}
ASKED = {"id": "board", "title": {"nl": "K"}}


def a_step(name: str, **more: object) -> dict[str, Any]:
    """A step with nothing in it but what is given."""
    return {"id": name, "number": "1", "title": {"nl": "S"}, **more}


def a_phase(name: str, *steps: dict[str, Any]) -> dict[str, Any]:
    """A phase with these steps."""
    return {"id": name, "title": {"nl": "F"}, "steps": steps}


def an_item(name: str, **more: object) -> dict[str, Any]:
    """An item with nothing to it but what is given."""
    return {"id": name, "title": {"nl": "I"}, **more}


def a_window(name: str, **more: object) -> dict[str, Any]:
    """A window of ten working days for the board, unless given otherwise."""
    told = {"audience": "board", "duration": {"working_days": 10}}
    return {"id": name, "title": {"nl": "W"}, **told, **more}


def a_method(*phases: dict[str, Any], **more: object) -> Method:
    """A method of these phases."""
    known: dict[str, Any] = {
        "id": "m",
        "version": "1.0",
        "title": {"nl": "M"},
        "source": {"name": "Waterdam"},
        "languages": ["nl"],
        "roles": [STEERING, ASKED],
        "phases": phases,
    }
    return Method.model_validate({**known, **more})


def one_step(**more: object) -> Method:
    """A method of one step."""
    return a_method(a_phase("p", a_step("a", **more)))


def chain() -> Method:
    """Three steps in two phases: b and c each build on the one before."""
    return a_method(a_phase("p", a_step("a"), a_step("b")), a_phase("q", a_step("c")))


def found(method: Method) -> list[tuple[str, str]]:
    """The path and the message of each finding."""
    return [(".".join(map(str, f.path)), f.message) for f in problems(method)]
