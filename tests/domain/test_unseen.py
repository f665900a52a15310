"""What nobody looked at before it came is refused, or does no harm."""

from __future__ import annotations

from typing import Any

import pytest

from domain.commands import SkipStep, StartStep
from domain.errors import MethodUnfit, StepNotReady
from domain.events import to_data
from domain.facts import Actor
from domain.method import compiled
from methods.load import LoadedMethod
from tests.domain.small_methods import STEERING, a_method, a_phase, a_step, an_item
from tests.domain.story import SAID, nothing, start


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        ([a_step("a", needs=["nowhere"])], "phases.0.steps.0.needs.0"),
        ([a_step("a", needs=["b"]), a_step("b")], "phases.0.steps.0.needs"),
        ([a_step("a", needs=["a"])], "phases.0.steps.0.needs"),
        ([a_step("a", owner="jan-jansen")], "phases.0.steps.0.owner"),
        ([a_step("a"), a_step("a")], "phases.0.steps.1.id"),
        ([a_step("a", items=[an_item(f"i{n}") for n in range(3000)])], "its size"),
    ],
)
def test_a_method_that_nobody_checked_is_checked_by_the_start(
    steps: list[dict[str, Any]], where: str
) -> None:
    """The refusal says where to look, and repeats nothing that the method holds."""
    whole = compiled(a_method(a_phase("p", *steps)))
    command = start(LoadedMethod(whole, "0" * 64, b""))
    story = nothing().when(command).then_refused(MethodUnfit, where)
    assert "jan" not in str(story.refusal)


def test_a_thousand_skipped_steps_pass_on_what_they_need() -> None:
    """As far back as it goes, and each step is looked at once."""
    pairs = [
        a_step(f"{side}{n}", needs=[f"a{n - 1}", f"b{n - 1}"] if n else [])
        for n in range(300)
        for side in "ab"
    ]
    last = a_step("last", needs=["a299", "b299"])
    whole = compiled(a_method(a_phase("p", *pairs, last)))
    story = nothing().and_(start(LoadedMethod(whole, "0" * 64, b"")))
    skips = [SkipStep(step=each["id"], reason=SAID) for each in pairs[1:]]
    story.and_(*skips).when(StartStep(step="last")).then_refused(StepNotReady, "a0")


def test_a_role_that_is_called_commitment_is_no_private_text() -> None:
    """What is private is known by the event's kind, not by how a value looks."""
    role = {**STEERING, "id": "commitment"}
    whole = compiled(a_method(a_phase("p", a_step("a")), roles=[role]))
    director = Actor(id="d-1", role="commitment")
    command = start(LoadedMethod(whole, "0" * 64, b""))
    story = nothing().and_(command, by=director)
    data, private = to_data(story.events[0])
    assert data["roles"] == {"commitment": ["d-1"]}
    assert private == {}
