"""Wishes about gates, corrections, facts, confidential steps and reflection."""

from __future__ import annotations

from hypothesis import strategies as st

from domain.commands import AnyCommand
from domain.confidential_facts import LiftConfidential, MarkConfidential
from domain.correction_facts import CorrectFact, NoteFact
from domain.gates_facts import RecordGate
from domain.happenings import Happened
from domain.reflection_facts import RecordEvaluation, RecordSelfAssessment
from domain.signed_facts import AllowUnsigned, DistrustDeskKey, TrustDeskKey, key_id
from domain.thresholds import Counts, Threshold
from tests.domain.story import SAID, trial

_PLAN = trial().method
_steps = st.sampled_from((*_PLAN.steps, "nowhere"))
_gates = st.sampled_from(("brief.vote", "meet.street", "report.board", "party.x"))
_few = st.integers(0, 9)

_thresholds = st.one_of(
    st.builds(
        Threshold,
        percent=st.sampled_from((1, 50, 70, 100)),
        of=st.sampled_from(("entitled", "cast", "for_and_against")),
        more_than=st.booleans(),
    ),
    st.builds(Threshold, share=st.sampled_from(("1/2", "2/3"))),
    st.builds(Threshold, count=st.integers(1, 5)),
)
_counts = st.builds(
    Counts,
    in_favour=_few,
    against=st.none() | _few,
    abstained=st.none() | _few,
    entitled=st.none() | st.integers(0, 20),
    valid=st.none() | _few,
)
_types = st.sampled_from(("window_closed", "gate_passed", "gate_failed", "fact_noted"))
_pointers = st.sampled_from(
    ("/on_time", "/counts/in_favour", "/counts/entitled", "/value", "/reason", "/step")
)
_figures = st.integers(0, 9) | st.sampled_from(("about 8,000", "4,400"))
_dates = st.sampled_from(("2016", "2016-11", "2016-06-28/2017-08-18", "2027-01-01"))
_publics = st.sampled_from(("A" * 43 + "=", "B" * 42 + "A="))

commands: st.SearchStrategy[AnyCommand] = st.one_of(
    st.builds(
        RecordGate,
        gate=_gates,
        kind=st.none() | st.sampled_from(("consent", "signatures", "approval")),
        threshold=st.none() | _thresholds,
        counts=_counts,
        reason=st.none() | st.just(SAID),
    ),
    st.builds(
        CorrectFact,
        seq=st.integers(1, 60),
        pointer=_pointers,
        value=_figures,
        was=st.none() | _figures,
        event_type=st.none() | _types,
        reason=st.just(SAID),
    ),
    st.builds(
        NoteFact,
        type=st.just("homes"),
        value=st.just("about 8,000"),
        happened=_dates.map(Happened.model_validate),
        source=st.just("S3"),
        known_on=st.none() | st.sampled_from(("2018-01-01", "2026-11-22")),
        status=st.sampled_from(("happened", "planned")),
        step=st.none() | _steps,
    ),
    st.builds(
        MarkConfidential,
        step=_steps,
        readers=st.sampled_from((("facilitator",), ("client", "panel"), ("deputy",))),
        reason=st.just(SAID),
    ),
    st.builds(LiftConfidential, step=_steps, reason=st.just(SAID)),
    st.builds(TrustDeskKey, public=_publics),
    st.builds(DistrustDeskKey, key=_publics.map(key_id), reason=st.just(SAID)),
    st.builds(
        AllowUnsigned,
        commands=st.sampled_from(((), ("*",), ("note_signal", "nonsense"))),
    ),
    st.builds(
        RecordSelfAssessment,
        scores=st.just({"motive": 2}),
        note=st.none() | st.just(SAID),
    ),
    st.builds(
        RecordEvaluation,
        by=st.sampled_from(("k-1", "us")),
        goal_reached=st.sampled_from(("yes", "partly", "no")),
        gained_them=st.none() | st.just(SAID),
    ),
)
"""Any of them, sensible or not."""
