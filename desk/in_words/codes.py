"""Codes of the domain, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.channels import CHANNELS
from desk.in_words.gates import GATE_KINDS
from desk.in_words.windows import BECAUSE
from language import mark

DECIDED: Final[Mapping[str, str]] = {
    "adopted": mark("was passed"),
    "rejected": mark("was not passed"),
    "amended": mark("amended"),
    "postponed": mark("put off"),
}
"""What was decided, in words; any other code stands for itself."""

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
