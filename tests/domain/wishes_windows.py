"""Wishes about audiences, lists, opening again, late ones, crowds and suspensions."""

from __future__ import annotations

from typing import Final, get_args

from hypothesis import strategies as st

from domain.commands import AnyCommand
from domain.suspension_facts import LiftSuspension, SuspendDialogue
from domain.terms import Duration
from domain.window_facts import (
    Because,
    GatheredResponse,
    InviteToWindow,
    RecordResponses,
    ReopenWindow,
    UseLateResponse,
)
from tests.domain.story import SAID, trial

_WINDOWS: Final = (*trial().method.windows, "brief.nothing")

windows = st.sampled_from(_WINDOWS)
people = st.sampled_from(("k-1", "k-2", "c-1", "n-1", "n-2"))
lists = st.sampled_from(("more-time", "asked", "panel"))
audiences = st.none() | st.sampled_from(("panel", "public", "more-time", "nobody"))
reasons = st.just(SAID)
durations = st.none() | st.builds(Duration, working_days=st.integers(1, 30))
suspensions = st.sampled_from(("s-1", "s-2"))
numbers = st.integers(1, 4)


def _crowd(window: str, who: list[str], supplements: int | None) -> RecordResponses:
    each = tuple(
        GatheredResponse(
            submission=f"s-{n}", respondent=person, supplements=supplements
        )
        for n, person in enumerate(who)
    )
    return RecordResponses(window=window, responses=each)


_every: st.SearchStrategy[AnyCommand] = st.one_of(
    st.builds(
        InviteToWindow,
        window=windows,
        audience=lists,
        who=st.lists(people, min_size=1, max_size=3).map(tuple),
        duration=durations,
        reason=st.none() | reasons,
    ),
    st.builds(
        ReopenWindow,
        window=windows,
        audience=audiences,
        duration=durations,
        because=st.sampled_from(get_args(Because)),
        reason=reasons,
    ),
    st.builds(UseLateResponse, window=windows, number=numbers, reason=reasons),
    st.builds(
        UseLateResponse,
        window=windows,
        respondent=people,
        response=st.none() | reasons,
        reason=reasons,
    ),
    st.builds(
        _crowd,
        windows,
        st.lists(people, min_size=1, max_size=4),
        st.none() | numbers,
    ),
    st.builds(SuspendDialogue, suspension=suspensions),
    st.builds(LiftSuspension, suspension=suspensions),
)


@st.composite
def _any(draw: st.DrawFn) -> AnyCommand:
    return draw(_every)


commands = _any()
"""Any command of this area."""
