"""The real cases: data that is whole, obeyed by the rules, and told on a page."""

from __future__ import annotations

import json

import pytest

from cli.main import main
from domain.commands import COMMANDS
from examples.acts import Do
from examples.case_page import PLACE, commands, page, saying
from examples.scenario import Case, Scenario, cases
from tests.examples.rehearsing import Rehearsal

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)

LONGEST = 130
"""Seconds that the play of a case may take."""


def told(case: Scenario) -> Case:
    """Give what the sources tell."""
    assert case.case is not None, f"{case.id} has no timeline"
    return case.case


def test_twelve_cases_come_along() -> None:
    """Each by its own id, in a slug that is its own."""
    assert len({case.id for case in CASES}) == 12
    assert len({case.stream for case in CASES}) == 12


@every_case
def test_a_case_is_obeyed_by_the_rules(case: Scenario) -> None:
    """Each act is obeyed, or refused where the case says so, and it ends as it says."""
    assert Rehearsal(case).run() == []


@every_case
def test_every_entry_and_shape_is_said_or_told_to_be_missing(case: Scenario) -> None:
    """Nothing of what the sources tell is passed over in silence."""
    timeline = told(case).timeline
    silent = [
        (number, entry.what)
        for number, entry in enumerate(timeline, 1)
        if not saying(case, number) and entry.missing is None
    ]
    assert silent == []
    named = {entry for act in case.acts for entry in act.entries}
    assert named <= set(range(1, len(timeline) + 1))
    assert all(shape.by or shape.missing for shape in told(case).shapes)


@every_case
def test_a_shape_names_commands_that_its_case_sends(case: Scenario) -> None:
    """Which commands say a shape is seen in the play itself."""
    sent = {(commands(act) or "").removesuffix(" (refused)") for act in case.acts}
    sent |= {"start_dialogue", "assign_role"}  # with which every play begins
    claimed = {name for shape in told(case).shapes for name in shape.by}
    assert claimed - sent == set()
    house = {"organisation_suspend", "organisation_resume"}
    assert claimed <= {*COMMANDS} | house


@every_case
def test_a_case_takes_a_minute_or_two(case: Scenario) -> None:
    """Years pass in seconds: its own day is as short as that takes."""
    assert 10 <= case.seconds <= LONGEST


@every_case
def test_the_people_of_a_case_are_invented(case: Scenario) -> None:
    """Nobody has an address elsewhere, and it is said that people are ours."""
    assert all(one.address.endswith("example.org") for one in case.people)
    assert any("invented" in text.en for text in case.ours)
    names = {one.name for one in case.people}
    facts = json.dumps(told(case).model_dump(mode="json"), ensure_ascii=False)
    assert not [name for name in names if name in facts]


@every_case
def test_no_private_text_of_a_case_is_told_in_public(case: Scenario) -> None:
    """Else nobody could see that what is private stays so."""
    told_by = (act for act in case.acts if isinstance(act, Do))
    public = [
        {k: v for k, v in act.body.items() if k not in dict(act.texts())}
        for act in told_by
    ]
    bodies = json.dumps([case.title.nl, *public], ensure_ascii=False)
    assert [text for text in case.secrets() if text in bodies] == []


def test_an_uncertain_entry_is_a_fact_with_its_certainty() -> None:
    """What the sources do not agree on, or only infer, is on record as such."""
    for case in CASES:
        for number, entry in enumerate(told(case).timeline, 1):
            acts = [a for a in case.acts if number in a.entries and isinstance(a, Do)]
            said = {a.body.get("certainty") for a in acts if a.do == "note_fact"}
            if entry.certainty != "sure":
                assert entry.certainty in said, f"{case.id}, entry {number}"


def test_the_page_about_cases_is_not_stale() -> None:
    """`docs/cases.md` says what the data says; else: python -m examples.case_page."""
    assert PLACE.read_text("utf-8") == page()


def test_cases_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """`polder case list --json` names each by its id, and nothing has to run."""
    assert main(["case", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["cases"]
    assert [one["id"] for one in listed] == [case.id for case in CASES]
