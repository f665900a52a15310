"""A method can be carried out, or its findings say exactly what stands in the way."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

from domain.method import Method
from domain.method_check import (
    MAX_COMPILED_BYTES,
    MOST_FINDINGS,
    Finding,
    compiled_size,
    first_problem,
    problems,
)
from tests.domain.small_methods import (
    ASKED,
    STEERING,
    a_method,
    a_phase,
    a_step,
    a_window,
    an_item,
    found,
    one_step,
)


def test_a_sound_method_has_no_findings() -> None:
    """Steps, items, windows and compensations that fit together pass."""
    rule = {
        "id": "r",
        "title": {"nl": "R"},
        "undoes": "w",
        "act": "tell",
        "to": ["board"],
    }
    sound = one_step(
        owner="director",
        items=[an_item("i", role="director", part="1a")],
        parts=[{"id": "1a", "number": "1a", "title": {"nl": "D"}}],
        windows=[a_window("w", reminders=[5, 2]), a_window("v", audience="public")],
        revisit={"voids": [], "compensations": [rule]},
    )
    assert found(sound) == []


RULE = {"id": "r", "title": {"nl": "R"}, "undoes": "i", "act": "tell", "to": ["board"]}
PLACE = "phases.0.steps.0"


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ({"owner": "boss"}, "owner", "'boss' is no role"),
        ({"owner": "board"}, "owner", "'board' is no role that may complete items"),
        ({"items": [an_item("i", role="x")]}, "items.0.role", "'x' is no role"),
        ({"items": [an_item("i", part="x")]}, "items.0.part", "'x' is no part"),
        ({"items": [an_item("i"), an_item("i")]}, "items.1.id", "has the id 'i'"),
        (
            {"items": [an_item("i")], "windows": [a_window("i")]},
            "windows.0.id",
            "another item or window of this step has the id 'i'",
        ),
        ({"windows": [a_window("w"), a_window("w")]}, "windows.1.id", "has the id 'w'"),
        (
            {"windows": [a_window("w", audience="director")]},
            "windows.0.audience",
            "'director' is no role that may respond",
        ),
        (
            {"windows": [a_window("w", opens={"on": "step_started", "step": "x"})]},
            "windows.0.opens.step",
            "'x' is no step",
        ),
        (
            {
                "windows": [
                    a_window(
                        "w", required=True, opens={"on": "step_completed", "step": "a"}
                    )
                ]
            },
            "windows.0.opens",
            "opens only after the step",
        ),
        (
            {"windows": [a_window("w", reminders=[10])]},
            "windows.0.reminders.0",
            "early",
        ),
        (
            {"windows": [a_window("w", reminders=[2, 2])]},
            "windows.0.reminders",
            "twice",
        ),
        (
            {
                "windows": [a_window("w", opens={"on": "step_completed", "step": "a"})],
                "completion": {"windows": "held"},
            },
            "windows.0.opens",
            "opens only after the step",
        ),
        ({"needs": ["x"]}, "needs.0", "'x' is no step"),
        ({"needs": ["a"]}, "needs", "in a circle: a"),
        ({"revisit": {"voids": ["x"]}}, "revisit.voids.0", "'x' is no step"),
        (
            {"revisit": {"compensations": [RULE]}},
            "revisit.compensations.0.undoes",
            "'i' is no item or window of this step",
        ),
        (
            {
                "items": [an_item("i")],
                "revisit": {"compensations": [{**RULE, "to": ["x"]}]},
            },
            "revisit.compensations.0.to.0",
            "'x' is no role",
        ),
        (
            {
                "items": [an_item("i")],
                "revisit": {"compensations": [RULE, {**RULE, "id": "s"}]},
            },
            "revisit.compensations.1.undoes",
            "another rule undoes 'i' already",
        ),
        ({"undescribed": True, "items": [an_item("i")]}, "undescribed", "has items"),
    ],
)
def test_a_step_that_can_not_be_carried_out_is_found(
    more: dict[str, Any], path: str, message: str
) -> None:
    """Each mistake within a step is one finding at its own place."""
    findings = found(one_step(**more))
    assert [where for where, _ in findings] == [f"{PLACE}.{path}"]
    assert message in findings[0][1]


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ({"roles": [ASKED]}, "roles", "no role may run the process"),
        ({"roles": [STEERING, ASKED, ASKED]}, "roles.2.id", "has the id 'board'"),
        ({"roles": [STEERING, ASKED | {"id": "clock"}]}, "roles.1.id", "is built in"),
        ({"roles": [STEERING, ASKED | {"id": "public"}]}, "roles.1.id", "is built in"),
        ({"completion": {"steps": ["x"]}}, "completion.steps.0", "'x' is no step"),
        ({"languages": ["nl", "nl"]}, "languages", "given twice"),
        ({"title": {"nl": "M", "fr": "M"}}, "title.fr", "no language of this method"),
        (
            {
                "self_assessment": {
                    "title": {"nl": "Z"},
                    "elements": [{"id": "e", "title": {"nl": "E"}, "marks": ["x"]}],
                }
            },
            "self_assessment.elements.0.marks.0",
            "'x' is no step",
        ),
    ],
)
def test_a_method_that_can_not_be_carried_out_is_found(
    more: dict[str, Any], path: str, message: str
) -> None:
    """Each mistake of the method as a whole is one finding at its own place."""
    findings = found(a_method(a_phase("p", a_step("a")), **more))
    assert [where for where, _ in findings] == [path]
    assert message in findings[0][1]


def test_phases_and_steps_have_ids_of_their_own() -> None:
    """A phase and a step may share an id; two phases or two steps may not."""
    twins = a_method(a_phase("p", a_step("p")), a_phase("p", a_step("p", needs=[])))
    assert [where for where, _ in found(twins)] == [
        "phases.1.id",
        "phases.1.steps.0.id",
    ]


def test_a_step_can_not_build_on_a_later_phase() -> None:
    """A need in a later phase could never be met."""
    early = a_method(a_phase("p", a_step("a", needs=["b"])), a_phase("q", a_step("b")))
    assert (
        "phases.0.steps.0.needs.0",
        "the step needs 'b', which lies in a later phase",
    ) in [*found(early)]


def test_a_circle_of_needs_is_found_once() -> None:
    """Two circles are two findings, each with all its steps."""
    steps = [
        a_step("a", needs=["b"]),
        a_step("b", needs=["a"]),
        a_step("c", needs=["e"]),
        a_step("d", needs=["c"]),
        a_step("e", needs=["d"]),
        a_step("f", needs=["e"]),
    ]
    messages = [message for _, message in found(a_method(a_phase("p", *steps)))]
    assert messages == [
        "steps need one another in a circle: a, b",
        "steps need one another in a circle: c, d, e",
    ]


def test_a_text_in_too_few_languages_is_found_wherever_it_is() -> None:
    """Every text of every part is looked at, also deep down."""
    sub = {"id": "z", "title": {"nl": "Z"}, "help": {"nl": "H"}}
    plan = one_step(items=[an_item("i", sub=[sub])])
    spoken = plan.model_copy(update={"languages": ("nl", "en")})
    missing = [
        where for where, message in found(spoken) if message == "the text has no en"
    ]
    assert f"{PLACE}.items.0.sub.0.help" in missing
    assert len(missing) == 8


def test_size_is_judged_before_all_else() -> None:
    """A method too large to carry has that one finding."""
    items = [an_item(f"i{n}", help={"nl": "x" * 2000}) for n in range(140)]
    large = one_step(items=items, needs=["x"])
    assert compiled_size(large) > MAX_COMPILED_BYTES
    (only,) = problems(large)
    assert only == Finding((), only.message, only.remedy)
    assert "256" not in only.remedy


def _many(count: int, **more: object) -> list[dict[str, Any]]:
    return [a_step(f"s{n}", **more) for n in range(count)]


LARGEST = {
    "a chain": a_method(a_phase("p", *_many(900))),
    "a ring": a_method(a_phase("p", a_step("first", needs=["s848"]), *_many(849))),
    "all need all": a_method(
        a_phase("p", *_many(150, needs=[f"s{n}" for n in range(150)]))
    ),
    "nothing is there": a_method(a_phase("p", *_many(600, needs=["ab" * 30]))),
    "too large": one_step(items=[an_item(f"i{n}") for n in range(4000)]),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_oddest_and_largest_method_is_judged_at_once(name: str) -> None:
    """A workflow that looks at it may not be held up, nor fall over."""
    began = process_time()
    found_one = first_problem(LARGEST[name])
    assert process_time() - began < 1
    assert (found_one is None) == (name == "a chain")
    assert len(problems(LARGEST[name])) <= MOST_FINDINGS


def test_what_a_method_says_of_steps_that_are_not_there_is_found() -> None:
    """Also where a window opens with one, which is looked up among what it needs."""
    window = a_window("w", opens={"on": "step_started", "step": "b"}, required=True)
    odd: Method = a_method(
        a_phase(
            "p",
            a_step("a", needs=["nowhere"], windows=[window]),
            a_step("b", needs=["a"], revisit={"voids": ["b"]}),
        )
    )
    assert {where for where, _ in found(odd)} == {
        "phases.0.steps.0.needs.0",
        "phases.0.steps.0.windows.0.opens",
        "phases.0.steps.1.revisit.voids.0",
    }
