"""Wishes about meetings: sensible, foolish, too late, and about none that there is."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from domain.happenings import Happened
from domain.meeting_facts import (
    CancelMeeting,
    ChangeMeeting,
    Invite,
    MeetingCommand,
    NoteMeetingHeld,
    RecordAttendance,
    RecordMinutes,
    ScheduleMeeting,
    Uninvite,
)
from tests.domain.story import SAID, START

meetings = st.sampled_from(("evening", "second", "third"))
people = st.lists(
    st.sampled_from(("k-1", "k-2", "k-3", "c-1", "s-1", "s-2")),
    min_size=1,
    max_size=3,
    unique=True,
).map(tuple)
roles = st.lists(
    st.sampled_from(("panel", "client", "nobody")), max_size=2, unique=True
).map(tuple)
perhaps = st.none() | st.just(SAID)
moments = st.integers(-200, 3_000).map(lambda hours: START + timedelta(hours=hours))


def _planned(
    meeting: str, step: str | None, hours: int, last: int, asked: tuple[str, ...]
) -> ScheduleMeeting:
    begins = START + timedelta(hours=hours)
    return ScheduleMeeting(
        meeting=meeting,
        title="An evening",
        step=step,
        begins=begins,
        ends=begins + timedelta(hours=last),
        place=SAID,
        roles=asked,
    )


planning = st.builds(
    _planned,
    meetings,
    st.none() | st.sampled_from(("brief", "invite", "meet", "report", "nowhere")),
    st.integers(-100, 3_000),
    st.integers(0, 800),
    roles,
)

commands: st.SearchStrategy[MeetingCommand] = st.one_of(
    planning,
    planning,
    st.builds(
        ChangeMeeting,
        meeting=meetings,
        title=st.just("Another evening"),
        begins=st.none() | moments,
        ends=st.none() | moments,
        message=perhaps,
    ),
    st.builds(
        ChangeMeeting,
        meeting=meetings,
        online=st.just(SAID),
        without=st.sampled_from(((), ("place",), ("capacity", "programme"))),
    ),
    st.builds(
        NoteMeetingHeld,
        meeting=meetings,
        title=st.just("A meeting of before"),
        held=st.sampled_from(("2016", "2020-07", "2016/2017", "2031-01-01")).map(
            Happened.model_validate
        ),
        came=st.none() | st.just(80),
        place=perhaps,
    ),
    st.builds(CancelMeeting, meeting=meetings, reason=st.just(SAID), message=perhaps),
    st.builds(Invite, meeting=meetings, who=people, roles=roles),
    st.builds(Uninvite, meeting=meetings, who=people),
    st.builds(
        RecordAttendance, meeting=meetings, present=people, others=st.integers(0, 99)
    ),
    st.builds(RecordMinutes, meeting=meetings, reference=st.just("Z-1")),
)
"""Any command about meetings."""
