"""Wishes about people and interests, of all kinds, for the machine of the domain."""

from __future__ import annotations

from hypothesis import strategies as st

from domain.declining_facts import DeclineParticipation
from domain.interest_facts import (
    InterestCommand,
    RecordInterest,
    RelateInterests,
    UnrelateInterests,
    WithdrawInterest,
)
from domain.people_register_facts import (
    BriefLatecomer,
    ChangeStakeholder,
    HandOverRole,
    PeopleCommand,
    PlanEngagement,
    RegisterStakeholder,
    ReleaseStakeholder,
    WaiveBriefing,
)
from tests.domain.story import SAID

reason = st.just(SAID)
perhaps = st.none() | reason
who = st.sampled_from(("tenants", "shops", "k-1"))
weight = st.none() | st.integers(0, 3)
kind = st.sampled_from((None, "neighbours"))
interest = st.sampled_from(("silence", "green", "parking"))
phase = st.sampled_from(("before", "during", "design"))
level = st.sampled_from((None, "inform", "involve", "satisfy"))
levels = st.dictionaries(
    who, st.dictionaries(phase, level, min_size=1, max_size=2), min_size=1, max_size=2
)
titles = st.just(dict[str, str]()) | st.just({"design": "The design"})

commands: st.SearchStrategy[PeopleCommand | InterestCommand] = st.one_of(
    st.builds(
        RegisterStakeholder,
        stakeholder=who,
        kind=kind,
        name=perhaps,
        impact=weight,
        influence=weight,
        reached=st.booleans(),
    ),
    st.builds(
        ChangeStakeholder,
        stakeholder=who,
        kind=kind,
        address=perhaps,
        impact=weight,
        reached=st.booleans(),
    ),
    st.builds(ReleaseStakeholder, stakeholder=who, reason=reason),
    st.builds(PlanEngagement, levels=levels, phases=titles),
    st.builds(BriefLatecomer, stakeholder=who, note=perhaps),
    st.builds(
        DeclineParticipation,
        who=who,
        window=st.none() | st.sampled_from(("invite.draft", "brief.ideas", "no.where")),
        reason=reason,
    ),
    st.builds(WaiveBriefing, stakeholder=who, reason=reason),
    st.builds(
        HandOverRole,
        role=st.sampled_from(("panel", "client", "director", "speaker")),
        actor=st.sampled_from(("k-1", "k-2", "c-1", "d-1")),
        successor=st.sampled_from(("k-1", "k-3", "c-2", "d-1", "d-2")),
        note=reason,
        address=perhaps,
    ),
    st.builds(RecordInterest, interest=interest, stakeholder=who, text=reason),
    st.builds(WithdrawInterest, interest=interest, reason=perhaps),
    st.builds(
        RelateInterests,
        one=interest,
        other=interest,
        kind=st.sampled_from(("tension", "synergy")),
    ),
    st.builds(UnrelateInterests, one=interest, other=interest),
)
"""Any command about stakeholders, roles that pass on, and interests."""
