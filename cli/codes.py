"""Codes of the domain as people type them: in code, or in the words of the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cli.gates_in_words import GATE_KINDS
from cli.settings import Usage
from cli.speech import _
from cli.telling_harvest import DECIDED
from cli.telling_windows import BECAUSE
from desk.channels import CHANNELS
from language import mark

CODES: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("publish_report", "status"): {"draft": mark("draft"), "final": mark("final")},
    ("record_interest", "kind"): {
        "ambition": mark("ambition"),
        "goal": mark("goal"),
        "interest": mark("interest"),
    },
    ("record_interest", "level"): {
        "personal": mark("personal"),
        "organisational": mark("organisational"),
    },
    ("relate_interests", "kind"): {
        "tension": mark("tension"),
        "synergy": mark("synergy"),
    },
    ("settle_agreement", "outcome"): {
        "kept": mark("kept"),
        "broken": mark("not kept"),
        "renegotiated": mark("agreed anew"),
        "lapsed": mark("lapsed"),
    },
    ("answer_response", "outcome"): {
        "adopted": mark("adopted"),
        "partly": mark("partly adopted"),
        "not": mark("not adopted"),
    },
    ("record_response", "channel"): CHANNELS,
    ("use_late_response", "channel"): CHANNELS,
    ("group_responses", "because"): {
        "identical": mark("identical"),
        "theme": mark("theme"),
    },
    ("reopen_window", "because"): BECAUSE,
    ("record_gate", "kind"): GATE_KINDS,
    ("record_gate", "of"): {
        "entitled": mark("who may speak"),
        "cast": mark("who spoke"),
        "for_and_against": mark("for and against"),
    },
    ("note_fact", "certainty"): {
        "sure": mark("sure"),
        "inferred": mark("inferred"),
        "conflicting": mark("contradicted"),
        "one_source": mark("one source"),
    },
    ("note_fact", "status"): {
        "happened": mark("did happen"),
        "planned": mark("planned"),
        "cancelled": mark("called off"),
    },
    ("record_evaluation", "goal_reached"): {
        "yes": mark("yes"),
        "partly": mark("partly"),
        "no": mark("no"),
    },
    ("migrate_method", "amendments"): {
        "carry": mark("take along"),
        "lapse": mark("let lapse"),
    },
    ("answer_late_feedback", "outcome"): {
        "adopted": mark("adopted"),
        "partly": mark("partly adopted"),
        "not": mark("not adopted"),
    },
}
"""By command and field: the codes there are, with what each is called."""

OPEN: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("record_decision", "outcome"): DECIDED,
    ("record_evaluation", "by"): {"us": mark("us")},
    ("record_interest", "about"): {
        "neighbourhood": mark("the neighbourhood"),
        "property": mark("its own property"),
    },
}
"""The same, where something of one's own can stand as well."""


def coded(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields with codes for what was said in words. Raises `Usage`."""
    made = dict(fields)
    for (command, field), codes in CODES.items():
        if command == kind and field in made:
            made[field] = _code(str(made[field]), codes)
    for (command, field), codes in OPEN.items():
        if command == kind and field in made:
            made[field] = _find(str(made[field]), codes) or made[field]
    return made


def _find(told: str, codes: Mapping[str, str]) -> str | None:
    wanted = told.strip().casefold()
    for code, word in codes.items():
        if wanted in {code, word.casefold(), _(word).casefold()}:
            return code
    return None


def _code(told: str, codes: Mapping[str, str]) -> str:
    found = _find(told, codes)
    if found is not None:
        return found
    wanted = told.strip().casefold()
    begun = [code for code, word in codes.items() if wanted and _begins(word, wanted)]
    if len(begun) == 1:
        return begun[0]
    raise Usage(
        _("{text} is none of these: {choices}.").format(
            text=told, choices=", ".join(_shown(codes))
        )
    )


def _begins(word: str, told: str) -> bool:
    """Whether somebody typed no more than the first of the words, such as “deels”."""
    return told in {
        word.split(maxsplit=1)[0].casefold(),
        _(word).split(maxsplit=1)[0].casefold(),
    }


def _shown(codes: Mapping[str, str]) -> Sequence[str]:
    words = ((code, _(word)) for code, word in codes.items())
    return [code if code == word else f"{code} ({word})" for code, word in words]
