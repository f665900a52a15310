"""The scenarios that ship can be played, and a wrong one is told where it is wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from domain.method import Method
from examples.acts import Do, Preview
from examples.demo import choose
from examples.scenario import Scenario, ScenarioInvalid, read, read_file, shipped
from examples.versions import written
from methods.load import load_text
from methods.load import shipped as methods
from tests.examples.scenarios import SHORT, changed

SCENARIOS = shipped()


def named(scenario: Scenario) -> str:
    """Give the name under which a test is reported."""
    return scenario.id


def plan_of(scenario: Scenario) -> Method:
    """Give the method as the scenario's organisation has it."""
    if scenario.own_version is None:
        return methods()[scenario.method].method
    text = written(scenario.method, scenario.own_version)
    return load_text(text, "own.yaml").method


def test_every_shipped_method_has_one_dialogue() -> None:
    """Five methods ship, and each is played once."""
    played = Counter(scenario.method for scenario in SCENARIOS)
    assert played == Counter(methods().keys())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=named)
def test_a_scenario_names_only_what_its_method_has(scenario: Scenario) -> None:
    """Steps, items, windows and roles of a scenario are parts of its method."""
    plan = plan_of(scenario)
    known = {*plan.steps, *plan.items, *plan.sub_items, *plan.windows, *plan.rights}
    unknown = [name for name in parts_named(scenario) if name not in known]
    assert unknown == []


def parts_named(scenario: Scenario) -> list[str]:
    """Give the ids of the method's parts that a scenario names."""
    names = [role for person in scenario.people for role in person.roles]
    names += [end.window for end in scenario.ends.windows]
    names += [*scenario.ends.rounds]
    for act in scenario.acts:
        if isinstance(act, Preview):
            names += [act.preview, *act.voids, *act.undoes]
        if isinstance(act, Do):
            names += act.body.get("items", [])
            names += [act.body[k] for k in ("step", "window", "role") if k in act.body]
    return names


@pytest.mark.parametrize("scenario", SCENARIOS, ids=named)
def test_everybody_named_takes_part(scenario: Scenario) -> None:
    """Whoever acts, or is expected to get a message, is among the people or public."""
    people = {person.id for person in scenario.people}
    told = {who for ids in (scenario.ends.messages or {}).values() for who in ids}
    actors = {act.by for act in scenario.acts if isinstance(act, Do)}
    strangers = {who for who in (told | actors) - people if "-publiek-" not in who}
    assert strangers == set()


def test_people_are_invented_and_apart() -> None:
    """No two people share an id or an address, and none has an address elsewhere."""
    people = [person for scenario in SCENARIOS for person in scenario.people]
    assert len({person.id for person in people}) == len(people)
    assert len({person.address for person in people}) == len(people)
    assert all(person.address.endswith("example.org") for person in people)


def test_the_demonstration_has_a_bit_of_everything() -> None:
    """Together the scenarios hold what `polder demo` promises to show."""
    acts = [act for scenario in SCENARIOS for act in scenario.acts]
    done = {act.do for act in acts if isinstance(act, Do)}
    kinds = {type(act).__name__ for act in acts}
    ends = [scenario.ends for scenario in SCENARIOS]
    assert done >= {
        "complete_items",
        "waive_items",
        "open_window",
        "extend_window",
        "pause_dialogue",
        "resume_dialogue",
        "revisit_step",
        "retry_compensation",
        "complete_dialogue",
        "archive_dialogue",
    }
    assert kinds == {"Do", "Preview", "Mail", "Wait", "Restart"}
    assert any(isinstance(act, Do) and act.worker_killed for act in acts)
    assert any(isinstance(a, Do) and a.refused == "LateResponse" for a in acts)
    assert any(window.late for end in ends for window in end.windows)
    assert any("window_reminder" in (end.messages or {}) for end in ends)


def with_act(act: dict[str, Any]) -> str:
    """Give the short scenario with this one act."""
    return changed(acts=[act])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (with_act({"do": "complete_step"}), "acts.0.do.by"),
        (with_act({"do": "jump", "by": "p-1"}), "jump is no command"),
        (with_act({"do": "report_effect", "by": "p-1"}), "report_effect is no command"),
        (with_act({"by": "p-1"}), "an act has one of: do, preview"),
        (
            with_act({"do": "start_step", "by": "p-1", "with": {"stap": "x"}}),
            "stap",
        ),
        (
            with_act(
                {
                    "do": "start_step",
                    "by": "p-1",
                    "with": {"step": "x"},
                    "refused": "No",
                }
            ),
            "No is not one of",
        ),
        (with_act({"wait": True}), "act 1 waits for nothing"),
        (
            changed(
                acts=[
                    {"wait": True, "at": "2026-03-05 09:00"},
                    {"wait": True, "at": "2026-03-04 09:00"},
                ]
            ),
            "act 2 is before",
        ),
        (with_act({"wait": True, "once": {}}), "name exactly one of"),
        (changed(director="p-9"), "p-9 is not among the people"),
        (changed(begins="2026-03-02T09:00:00Z"), "wall clock"),
        ("a: [", "while parsing"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(text: str, said: str) -> None:
    """What can't be played is refused when it is read, with file and place."""
    with pytest.raises(ScenarioInvalid, match=r"own\.yaml") as refused:
        read(text, "own.yaml")
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A missing file is a scenario that can't be played, not a traceback."""
    with pytest.raises(ScenarioInvalid, match=r"none\.yaml"):
        read_file(tmp_path / "none.yaml")


def test_a_dialogue_is_chosen_by_its_own_name() -> None:
    """An example, or the real case it was made after; an unknown name says which."""
    (one,) = choose(["zwanenveld"], [])
    (case,) = choose([one.source.case], [])
    assert (one.id, case.id) == ("zwanenveld", one.source.case)
    assert choose([], []) == SCENARIOS
    with pytest.raises(ScenarioInvalid, match=r"Choose from: .*zwanenveld"):
        choose(["nowhere"], [])


def test_the_own_version_differs_in_what_it_says_alone() -> None:
    """A published version is the shipped method with other settings and number."""
    (scenario,) = (one for one in SCENARIOS if one.own_version)
    ours, theirs = plan_of(scenario), methods()[scenario.method].method
    assert ours.version != theirs.version
    window = "engageren.raadpleging"
    assert ours.windows[window].late == "refuse"
    assert theirs.windows[window].late == "accept"
    assert [*ours.items] == [*theirs.items]


def test_the_short_scenario_of_the_tests_is_one() -> None:
    """The scenario that the other tests play can be read."""
    assert read(SHORT, "short.yaml").stream == "gemeente-waterdam:parkzicht"
