"""The SER's plan: a self-assessment, four phases and nine steps with their tools."""

from __future__ import annotations

from domain.method import Part, Step, Tool
from methods.load import shipped

METHOD = shipped()["imvo-dialoog"].method

SER_TOOLS = {
    "1": ["Wat levert het mijn bedrijf op?", "Vijf valkuilen"],
    "2": ["Voorwaarden om dialoog te starten"],
    "3": ["Met wie ga ik in gesprek?"],
    "4d": ["Kennis over land en cultuur"],
    "5a": [
        "Met wie ga ik in gesprek?",
        "Luisteren naar werkenden in de keten",
        "Vijf valkuilen",
    ],
    "5b": [
        "Met wie ga ik in gesprek?",
        "Bevorderen commitment stakeholders",
        "Wanneer en hoe deel ik informatie?",
        "Bouwen aan vertrouwen",
        "Vijf valkuilen",
    ],
    "6": ["Met wie werk ik samen?"],
    "7": [
        "Checklist bijeenkomst Nederland",
        "Checklist bijeenkomst productieland",
        "Kenmerken goede facilitator",
    ],
    "8": [
        "Hoe voer ik het gesprek?",
        "Hoe stel ik de juiste vragen?",
        "Wanneer en hoe deel ik informatie?",
    ],
    "8a": ["Vijf valkuilen"],
    "9": ["Wanneer en hoe deel ik informatie?"],
}
"""Each tool and knowledge document of the SER at the step or sub-step naming it."""

KNOWLEDGE = {
    "Vijf valkuilen",
    "Luisteren naar werkenden in de keten",
    "Kenmerken goede facilitator",
}


def headings() -> list[Step | Part]:
    """Every step and sub-step of a method, in order."""
    return [h for each in METHOD.all_steps() for h in (each, *each.parts)]


def test_nine_steps_with_their_sub_steps() -> None:
    """Steps 1 to 9, with 4a–4d, 5a–5b, 8a–8b and 9a–9b."""
    steps = [*METHOD.all_steps()]
    assert [s.number for s in steps] == list("123456789")
    assert {s.number: [p.number for p in s.parts] for s in steps if s.parts} == {
        "4": ["4a", "4b", "4c", "4d"],
        "5": ["5a", "5b"],
        "8": ["8a", "8b"],
        "9": ["9a", "9b"],
    }


def test_every_item_of_a_divided_step_stands_under_a_sub_step() -> None:
    """No sub-step is empty, and no item hangs in the air."""
    for each in METHOD.all_steps():
        if each.parts:
            assert {i.part for i in each.items} == {p.id for p in each.parts}


def test_only_phase_2_may_overlap() -> None:
    """Preparation may start before the run-up is complete."""
    overlaps = [phase.may_overlap for phase in METHOD.phases]
    assert overlaps == [False, True, False, False]


def test_tools_stand_where_the_text_names_them() -> None:
    """Each tool and document is at its step or sub-step, with its exact title."""
    found = {h.number: [t.title["nl"] for t in h.tools] for h in headings()}
    assert {n: titles for n, titles in found.items() if titles} == SER_TOOLS


def test_documents_are_told_from_tools() -> None:
    """Three titles are knowledge documents; English keeps the exact title."""
    tools: list[Tool] = [t for h in headings() for t in h.tools]
    known = {t.title["nl"] for t in tools if t.kind == "knowledge"}
    assert known == KNOWLEDGE
    assert all(t.title["nl"] in t.title["en"] for t in tools)


def test_pitfalls_stand_where_the_text_ties_them() -> None:
    """Pitfall 1 at step 1, 2 at 5a, 3 and 4 at 5b, 5 at 8a."""
    found = {h.number: [p.number for p in h.pitfalls] for h in headings()}
    assert {n: pits for n, pits in found.items() if pits} == {
        "1": [1],
        "5a": [2],
        "5b": [3, 4],
        "8a": [5],
    }


def test_the_self_assessment_scores_nine_elements() -> None:
    """Each marks a step, each step is marked, and the mapping is ours."""
    plan = METHOD
    assert plan.self_assessment
    assert plan.self_assessment.mapping_is_ours
    elements = plan.self_assessment.elements
    assert [e.title["en"] for e in elements] == [
        "Motivation",
        "Commitment",
        "Inclusion",
        "Transparency",
        "Personal contact",
        "Organising the conversation",
        "Internal processes",
        "Collaboration",
        "Knowledge",
    ]
    assert all(e.marks for e in elements)
    assert {s for e in elements for s in e.marks} == plan.steps.keys()


def test_reporting_back_is_not_optional() -> None:
    """9a: always report back, with the reason where nothing will follow."""
    found = {i.id: i for i in METHOD.steps["opvolging"].items}
    assert found["terugkoppeling"].required
    assert found["reden"].required
    assert "altijd" in (found["terugkoppeling"].help or {})["nl"]
