"""Wishes about reports, decisions, agreements and late feedback, sensible and not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from domain.agreement_facts import (
    ExtendAgreement,
    MakeAgreement,
    ReconfirmAgreement,
    RemindAgreement,
    SettleAgreement,
)
from domain.happenings import Happened
from domain.harvest_facts import HarvestCommand
from domain.outcome_facts import (
    AnnulDecision,
    Celebrate,
    ReconfirmDecision,
    RecordConclusion,
    RecordDecision,
    WithdrawProposal,
)
from domain.reporting_facts import (
    AnswerLateFeedback,
    CommunicateResults,
    NoteLateFeedback,
    PublishReport,
    RetractReport,
)
from domain.terms import Duration
from tests.domain.story import SAID

_NAMES: Final = st.sampled_from(("one", "two", "three"))
_PEOPLE: Final = st.sampled_from(("k-1", "k-2", "c-1", "d-1", "r-1", "waterschap"))
_STEPS: Final = st.none() | st.sampled_from(("brief", "invite", "meet", "nowhere"))
_ROLES: Final = st.lists(
    st.sampled_from(("panel", "client", "speaker")), max_size=2
).map(tuple)
_SAID: Final = st.just(SAID)
_PERHAPS: Final = st.none() | _SAID
_DURATIONS: Final = st.integers(1, 60).map(
    lambda days: Duration(working_days=days)
) | st.integers(-9, 300).map(
    lambda days: Duration(until=date(2026, 11, 21) + timedelta(days=days))
)
_WHEN: Final = st.sampled_from(("2016", "2026-11", "2026-11-21", "2031")).map(
    Happened.model_validate
)

harvest: st.SearchStrategy[HarvestCommand] = st.one_of(
    st.builds(
        PublishReport,
        report=_NAMES,
        status=st.sampled_from(("draft", "final")),
        title=st.just("Verslag"),
        reference=st.just("https://example.org/verslag"),
        sha256=st.just("ab" * 32),
        supersedes=st.none() | _NAMES,
        step=_STEPS,
        to=_ROLES,
    ),
    st.builds(RetractReport, report=_NAMES, reason=_SAID),
    st.builds(
        RecordConclusion,
        conclusion=_NAMES,
        text=_SAID,
        unanimous=st.booleans(),
        step=_STEPS,
    ),
    st.builds(
        RecordDecision,
        decision=_NAMES,
        title=st.just("Besluit"),
        outcome=st.just("adopted"),
        decided_on=_WHEN,
        reason=_SAID,
        step=_STEPS,
    ),
    st.builds(
        AnnulDecision, decision=_NAMES, annulled_by=st.just("rechter"), reason=_SAID
    ),
    st.builds(ReconfirmDecision, decision=_NAMES, note=_PERHAPS),
    st.builds(
        CommunicateResults,
        communication=_NAMES,
        to=_ROLES,
        about=st.just(()) | _NAMES.map(lambda name: (name,)),
        note=_PERHAPS,
        step=_STEPS,
    ),
    st.builds(NoteLateFeedback, respondent=_PEOPLE, response=_SAID),
    st.builds(
        AnswerLateFeedback,
        feedback=st.integers(1, 60).map(lambda seq: f"f{seq}"),
        outcome=st.sampled_from(("adopted", "partly", "not")),
        reason=_SAID,
    ),
    st.builds(Celebrate, note=_PERHAPS),
    st.builds(WithdrawProposal, reason=_SAID, to=_ROLES),
    st.builds(
        MakeAgreement,
        agreement=_NAMES,
        what=_SAID,
        who=_PEOPLE,
        others=st.sampled_from(((), (), ("s-7",), ("s-7", "s-8"))),
        duration=st.none() | _DURATIONS,
        watched_by=st.none() | st.just("panel"),
        repeats=st.none() | st.integers(1, 400),
        step=_STEPS,
    ),
    st.builds(ExtendAgreement, agreement=_NAMES, duration=_DURATIONS, reason=_SAID),
    st.builds(
        SettleAgreement,
        agreement=_NAMES,
        outcome=st.sampled_from(("kept", "broken", "renegotiated", "lapsed")),
        reason=_SAID,
        party=st.none() | st.sampled_from(("s-7", "s-8")) | _PEOPLE,
        renewed_as=st.none() | _NAMES,
        ends=st.booleans(),
    ),
    st.builds(ReconfirmAgreement, agreement=_NAMES, note=_PERHAPS),
    st.builds(
        RemindAgreement, agreement=_NAMES, generation=st.none() | st.integers(1, 2)
    ),
)
"""Any command about the harvest."""
