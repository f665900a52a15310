"""Whoever breaks a method learns where, what, and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from methods.load import MethodInvalid, Problem, load, load_text
from tests.methods.broken import BROKEN, Broken


def told(text: str) -> tuple[Problem, ...]:
    """What the author of ``text`` is told; fails where nothing is wrong."""
    with pytest.raises(MethodInvalid) as caught:
        load_text(text, "buurtgesprek.yaml")
    return caught.value.problems


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.why.replace(" ", "-"))
def test_a_problem_names_line_path_and_remedy(good: str, case: Broken) -> None:
    """Each way to break a method is told with its line, its path and what helps."""
    assert case.old in good, "the tutorial has changed: change this case with it"
    problems = told(good.replace(case.old, case.new, 1))
    at = [p for p in problems if (p.line, p.path) == (case.line, case.path)]
    assert at, problems
    assert case.message in at[0].message
    assert case.remedy in at[0].remedy


def test_one_slip_gives_one_problem(good: str) -> None:
    """A problem is told once, not once for every rule that stumbles over it."""
    assert len(told(good.replace("late: accept", "late: acept"))) == 1
    assert len(told(good.replace("- id: concept", "- id: Concept!"))) == 1
    assert len(told(f"{good}completion: {{steps: [verslagen]}}\n")) == 1
    assert len(told(f"{good}completion: {{steps: everything}}\n")) == 1


def test_all_problems_come_at_once_and_in_the_order_of_the_file(good: str) -> None:
    """An author who made four slips in different parts mends them in one go."""
    text = (
        good.replace('"1.0"', "een")
        .replace("gate: true", "gate: yes")
        .replace("on: hand", "on: paper")
        .replace("id: foto", "id: foto\n            id: plaatje")
    )
    assert [p.line for p in told(text)] == [2, 28, 49, 56]


def test_steps_that_need_one_another_are_told_once(good: str) -> None:
    """A circle of needs is one problem, which names every step in it."""
    text = good.replace('number: "1"', 'number: "1"\n        needs: [verslag]')
    messages = [p.message for p in told(text)]
    assert "steps need one another in a circle: verslag, voorbereiding" in messages


def test_a_problem_reads_like_a_compilers(good: str) -> None:
    """The line in the tutorial is the line that its reader will see."""
    slip = good.replace("audience: neighbours", "audience: neighbors")
    tutorial = (Path(__file__).parents[2] / "docs" / "methods.md").read_text("utf-8")
    assert str(told(slip)[0]) in tutorial


@pytest.mark.parametrize("text", ["", "hello", "- a\n- b", "# only a comment\n", "~"])
def test_a_file_without_a_method_says_how_to_begin(text: str) -> None:
    """What is no set of members is told so in one sentence."""
    (problem,) = told(text)
    assert problem.message == "the file holds no method"


def test_a_file_that_can_not_be_read_is_a_problem_too(tmp_path: Path) -> None:
    """A missing file, a folder and a wrong encoding name the file, and no traceback."""
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("id: x\ntitle: café\n".encode("latin-1"))
    for path, line in ((tmp_path / "none.yaml", 1), (tmp_path, 1), (latin, 2)):
        with pytest.raises(MethodInvalid) as caught:
            load(path)
        assert [p.file for p in caught.value.problems] == [str(path)]
        assert [p.line for p in caught.value.problems] == [line]


def test_a_file_above_a_megabyte_is_refused_unread(tmp_path: Path) -> None:
    """Size is judged before anything is parsed."""
    path = tmp_path / "large.yaml"
    path.write_text("a: " + "x" * 1_000_000, encoding="utf-8")
    with pytest.raises(MethodInvalid, match="larger than 1000000 bytes"):
        load(path)


def test_a_method_too_large_to_carry_is_refused(good: str) -> None:
    """A compiled form above 256 kB is refused, since every dialogue carries it."""
    item = "          - id: i{n}\n            title: {{nl: T}}\n"
    help_text = f"            help: {{{{nl: {'x' * 1900}}}}}\n"
    items = "".join((item + help_text).format(n=n) for n in range(150))
    text = good.replace("        windows:\n", f"{items}        windows:\n")
    assert "above 262144" in told(text)[0].message
