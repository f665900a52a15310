"""Gates, corrections, facts, confidential steps and reflection, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from desk.in_words.gates import counted, takes
from desk.measures import measured
from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.overview import Overview

DOSSIER_SENTENCES: Final[Mapping[str, str]] = {
    "gate_passed": mark(
        "Gate “{gate}” passed: {counted}. It takes {takes}. {reference}"
    ),
    "gate_failed": mark(
        "Gate “{gate}” did not pass: {counted}. It takes {takes}. {reference}"
    ),
    "fact_corrected": mark("In event {seq}, {member} is {value}, and not {was}."),
    "fact_noted": mark("Noted: {type}, {value} ({happened}). Source: {source}."),
    "step_marked_confidential": mark(
        "Step “{step}” is confidential; what is said in it is read by {readers}."
    ),
    "confidentiality_lifted": mark("Step “{step}” is no longer confidential."),
    "desk_key_trusted": mark("What a desk signs with key {key} is believed."),
    "desk_key_distrusted": mark("Desk key {key} is believed no more."),
    "unsigned_allowed": mark("Taken without a desk's signature: {kinds}."),
    "self_assessment_recorded": mark("Self-assessment {number}; weak: {weak}."),
    "evaluation_recorded": mark("Evaluation by {by}: {reached}."),
}
"""A sentence for every type of event on file beside the steps."""

DOSSIER_PRIVATE: Final[Mapping[str, str]] = {
    "gained_them": mark("what it brought them"),
    "gained_us": mark("what it brought us"),
}
"""What private fields are called."""

GOAL: Final[Mapping[str, str]] = {
    "yes": mark("the goal was reached"),
    "partly": mark("the goal was partly reached"),
    "no": mark("the goal was not reached"),
}


def corrected(by: int, pointer: str, was: object, value: object) -> str:
    """Say beside a value what a later event made of it."""
    text = _("corrected in event {by}: {member} is {value}, and not {was}")
    return text.format(by=by, member=member(pointer), was=was, value=value)


def member(pointer: str) -> str:
    """Write a place in an event's data as people do: ``counts.against``."""
    return pointer.removeprefix("/").replace("/", ".")


def dossier_facts(view: Overview, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a sentence needs: names in the place of ids, and counts in words."""
    facts: dict[str, Any] = {}
    if "gate" in data and "counts" in data:
        asked = measured(data)
        facts["gate"] = data.get("title") or view.titles.gate(data["gate"])
        facts |= {"counted": counted(asked.counts), "takes": takes(asked.takes)}
    if "pointer" in data:
        facts["member"] = member(data["pointer"])
    if "happened" in data:
        happened = data["happened"]
        until = happened.get("until")
        facts["happened"] = happened["date"] + (f"/{until}" if until else "")
    if "readers" in data:
        facts["readers"] = ", ".join(map(view.titles.role, data["readers"]))
    if "scored" in data:
        weak = ", ".join(map(view.titles.element, data["weak"]))
        facts["weak"] = weak or _("nothing")
    if "commands" in data:
        kinds = data["commands"]
        every = _("everything but what is about keys")
        facts["kinds"] = every if kinds is None else ", ".join(kinds) or _("nothing")
    if "goal_reached" in data:
        facts["by"] = _("the organisation") if data["by"] == "us" else data["by"]
        facts["reached"] = _(GOAL[data["goal_reached"]])
    return facts
