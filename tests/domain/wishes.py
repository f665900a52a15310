"""Wishes of all kinds: sensible, foolish, and about things that do not exist."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from domain.commands import (
    AnyCommand,
    ArchiveDialogue,
    AssignRole,
    CloseWindow,
    CompleteDialogue,
    CompleteItems,
    CompleteStep,
    ExtendWindow,
    NoteSignal,
    OpenWindow,
    PauseDialogue,
    ReconfirmItems,
    ReleaseRole,
    RemindWindow,
    RenewCalendar,
    ReopenItems,
    ResumeDialogue,
    RetryCompensation,
    RetryEffect,
    RevisitStep,
    ShortenWindow,
    SkipStep,
    StartStep,
    WaiveCompensation,
    WaiveEffect,
    WaiveItems,
)
from domain.deadline_facts import MoveDeadline
from domain.facts import Actor
from domain.ledger_facts import (
    OUTCOMES,
    AnswerResponse,
    CarryResponses,
    GroupResponses,
    LeaveUnanswered,
    TellAnswersAgain,
    UngroupResponses,
)
from domain.terms import Duration
from tests.domain import (
    people_wishes,
    wishes_dossier,
    wishes_meetings,
    wishes_plans,
    wishes_windows,
)
from tests.domain.story import (
    ANNE,
    BRAM,
    CLIENT,
    DIRECTOR,
    FACILITATOR,
    PASSER_BY,
    SAID,
    SYSTEM,
    dutch_days,
    start,
    trial,
)
from tests.domain.wishes_harvest import harvest

_PLAN: Final = trial().method
STEPS: Final = (*_PLAN.steps,)
WINDOWS: Final = (*_PLAN.windows,)
ITEMS: Final = (*_PLAN.items, *_PLAN.sub_items)

steps = st.sampled_from((*STEPS, "nowhere"))
windows = st.sampled_from((*WINDOWS, "brief.nothing"))
items = st.lists(st.sampled_from((*ITEMS, "brief.mony")), min_size=1, max_size=4)
reason = st.just(SAID)
perhaps = st.none() | reason
people = st.sampled_from(("k-1", "k-2", "k-3", "c-1", "d-1", "d-2", "f-1", "r-1"))
roles = st.sampled_from((*(role.id for role in _PLAN.roles), "speaker"))
actors = st.sampled_from(
    (
        *[DIRECTOR] * 6,
        SYSTEM,
        FACILITATOR,
        CLIENT,
        ANNE,
        BRAM,
        PASSER_BY,
        Actor(id="x-1", role="deputy"),
        Actor(id="x-1", role="panel"),
        Actor(id="x-1", role="speaker"),
    )
)
ids = st.integers(1, 60).flatmap(lambda seq: st.sampled_from([f"e{seq}", f"c{seq}-1"]))


def _duration(days: int, kind: str) -> Duration:
    if kind == "until":
        return Duration(until=date(2026, 11, 1) + timedelta(days=days))
    return Duration.model_validate({kind: days})


durations = st.builds(
    _duration,
    st.integers(1, 200),
    st.sampled_from(("working_days", "calendar_days", "until")),
)

numbers = st.sampled_from(("1", "2", "1-2", "1-3", "2,4", "9"))
groups = st.sampled_from(("g-1", "g-2", "g-3"))
outcomes = st.sampled_from(OUTCOMES)


def _renewal(years: int) -> RenewCalendar:
    days = dutch_days()
    further = days.model_copy(update={"last": days.last + timedelta(days=366 * years)})
    return RenewCalendar(calendar=further, calendar_hash="0" * 64)


_every: st.SearchStrategy[AnyCommand] = st.one_of(
    st.just(start().model_copy(update={"compiled": None})),
    st.builds(PauseDialogue, reason=reason),
    st.builds(ResumeDialogue, reason=perhaps),
    st.builds(CompleteDialogue, note=perhaps),
    st.builds(ArchiveDialogue),
    st.builds(
        MoveDeadline,
        title=st.sampled_from(("The council", "Nothing")),
        duration=durations,
        reason=reason,
    ),
    st.builds(_renewal, st.integers(0, 3)),
    st.builds(CompleteItems, items=items, note=perhaps),
    st.builds(CompleteItems, step=steps, note=perhaps),
    st.builds(ReconfirmItems, items=items, note=perhaps),
    st.builds(ReconfirmItems, step=st.none() | steps, note=perhaps),
    st.builds(WaiveItems, items=items, reason=reason),
    st.builds(ReopenItems, items=items, reason=reason),
    st.builds(StartStep, step=steps),
    st.builds(CompleteStep, step=steps, note=perhaps),
    st.builds(SkipStep, step=steps, reason=reason),
    st.builds(
        OpenWindow, window=windows, duration=st.none() | durations, reason=reason
    ),
    st.builds(ExtendWindow, window=windows, duration=durations, reason=reason),
    st.builds(ShortenWindow, window=windows, duration=durations, reason=reason),
    st.builds(CloseWindow, window=windows, reason=perhaps),
    st.builds(RemindWindow, window=windows),
    st.builds(RevisitStep, step=steps, reason=reason),
    st.builds(RetryCompensation, compensation=ids),
    st.builds(WaiveCompensation, compensation=ids, reason=reason),
    st.builds(RetryEffect, effect=ids),
    st.builds(WaiveEffect, effect=ids, reason=reason),
    st.builds(AssignRole, role=roles, actor=people, name=perhaps, address=perhaps),
    st.builds(ReleaseRole, role=roles, actor=people, reason=perhaps),
    people_wishes.commands,
    wishes_dossier.commands,
    harvest.map(lambda wish: wish),
    st.builds(
        GroupResponses,
        group=groups,
        window=windows,
        numbers=numbers,
        because=st.sampled_from(("identical", "theme")),
    ),
    st.builds(UngroupResponses, group=groups, numbers=st.none() | numbers),
    st.builds(AnswerResponse, group=groups, outcome=outcomes, reason=reason),
    st.builds(
        AnswerResponse,
        window=windows,
        numbers=numbers,
        outcome=outcomes,
        reason=reason,
    ),
    st.builds(
        LeaveUnanswered,
        window=windows,
        numbers=st.none() | numbers,
        reason=reason,
    ),
    st.builds(CarryResponses, window=windows, numbers=st.none() | numbers),
    st.builds(TellAnswersAgain, window=windows, numbers=st.none() | numbers),
    wishes_meetings.commands,
    wishes_plans.commands,
    wishes_windows.commands,
    st.builds(NoteSignal, type=st.just("tick"), source=st.just("system-1")),
)
# Deferred: hypothesis writes a strategy out, and this one would take pages.
commands: st.SearchStrategy[AnyCommand] = st.deferred(lambda: _every)
"""Any command but a response, a report of the world, a cancel and a restore."""
