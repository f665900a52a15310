"""A method can say what a step has to pass, and on what scale it scores itself."""

from __future__ import annotations

import pytest

from methods.load import LoadedMethod, MethodInvalid, load_text, shipped
from tests.methods.test_schema import as_an_editor_reads, red_lines

_GATE = """
        gates:
          - id: instemming
            title: {nl: Instemming}
            kind: consent
            threshold: {percent: 70}
            role: process_director
        revisit:
          compensations:
            - id: uitnodiging"""

_SCORES = """
self_assessment:
  title: {nl: Hoe wij het doen}
  scale: 5
  weak: 2
  elements:
    - {id: kennis, title: {nl: Kennis}, marks: [verslag]}
"""


@pytest.fixture(scope="session")
def gated(good: str) -> str:
    """Give the tutorial's method with a gate, and a self-assessment."""
    old = "\n        revisit:\n          compensations:\n            - id: uitnodiging"
    assert old in good
    return good.replace(old, _GATE, 1) + _SCORES


def read(text: str) -> LoadedMethod:
    """Read a method."""
    return load_text(text, "buurtgesprek.yaml")


def told(text: str) -> str:
    """Give what the author of a method is told."""
    with pytest.raises(MethodInvalid) as caught:
        read(text)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_a_gate_is_read_with_what_it_takes(gated: str) -> None:
    """And an editor has nothing to say about it."""
    method = read(gated).method
    gate = method.gates["voorbereiding.instemming"]
    assert (gate.kind, gate.threshold.percent, gate.threshold.of) == (
        "consent",
        70,
        "entitled",
    )
    assert method.self_assessment is not None
    assert (method.self_assessment.scale, method.self_assessment.weak) == (5, 2)
    assert red_lines(as_an_editor_reads(gated)) == []


def test_a_method_without_them_keeps_its_hash(good: str) -> None:
    """What is left out is not written out."""
    assert b'"gates"' not in read(good).canonical
    for loaded in shipped().values():
        assert b'"gates"' not in loaded.canonical
        assert b'"scale"' not in loaded.canonical


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("role: process_director\n", "role: neighbours\n", "neighbours"),
        ("role: process_director\n", "role: nobody\n", "nobody"),
        ("- id: instemming", "- id: vraag", "has the id 'vraag' too"),
        ("percent: 70}", "percent: 70, count: 3}", "exactly one"),
        ("percent: 70}", "percent: 101}", "100"),
        ("{percent: 70}", "{}", "exactly one"),
        ("{percent: 70}", "{share: 3/2}", "at most the whole"),
        ("kind: consent", "kind: vote", "consent"),
        ("{nl: Instemming}", "{en: Consent}", "nl"),
        ("weak: 2", "weak: 5", "every score would be weak"),
        ("marks: [verslag]", "marks: [verslagen]", "verslag"),
    ],
)
def test_what_is_wrong_with_a_gate_is_told(
    gated: str, old: str, new: str, message: str
) -> None:
    """By its place, with what would help."""
    assert old in gated
    assert message in told(gated.replace(old, new, 1))


@pytest.mark.parametrize("wrong", ["{}", "{percent: 70, count: 3}", "{percent: 0}"])
def test_an_editor_sees_a_threshold_that_is_none(gated: str, wrong: str) -> None:
    """As the loader does."""
    text = gated.replace("{percent: 70}", wrong, 1)
    assert red_lines(as_an_editor_reads(text)) != []
