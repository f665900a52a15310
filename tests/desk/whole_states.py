"""What needs somebody, read off whole states: slow, and with nothing kept.

The projection (`domain.asked`) is held to this. Here every rule asks the present
moment; there each is kept with the instants between which it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from desk.needs import title as title_of
from desk.overview import due, local
from desk.tasks import Task
from desk.titles import Titles
from domain import harvest_help, meetings_help
from domain.advice import Advice, for_need, next_acts
from domain.allowed import for_reader, role_for
from domain.need import Need
from domain.progress import current_steps, needs_attention
from domain.reflection import extra_attention
from domain.rights import acting_role
from domain.standing_still import is_suspended
from domain.state import Dialogue, WindowRun

WEEK = timedelta(days=7)
STEERING = Advice("pause_dialogue", {"reason": ""})


def whole_tasks(
    stream: str, state: Dialogue, now: datetime, lang: str, reader: str | None = None
) -> Iterator[Task]:
    """Give what one dialogue asks of a reader at a moment of its own clock."""
    if state.status == "archived" or (state.ended and not needs_attention(state)):
        return
    allowed = for_reader(state, reader)
    for task in _tasks(stream, state, now, lang, reader):
        if task.advice is None and not allowed(STEERING):
            continue
        if task.advice is None or allowed(task.advice):
            yield _in_role(state, task, reader)


def _in_role(state: Dialogue, task: Task, reader: str | None) -> Task:
    if reader is None or task.advice is None:
        return task
    role = role_for(state, task.advice, reader)
    usual = acting_role(state.plan, state.roles, reader)
    return task if role == usual else task._replace(role=role)


def _tasks(
    stream: str, state: Dialogue, now: datetime, lang: str, reader: str | None
) -> Iterator[Task]:
    titles = Titles(state.plan, lang)
    begun = Task(stream, state.title, "go_on", "", "")
    pressing = tuple(_needs(begun, state, titles, now))
    yield from pressing
    for name, run in state.running_windows().items():
        task = begun._replace(target=name, what=titles.window(name))
        yield from _window(task, state, run, now, reader)
    for step in current_steps(state):
        if weak := extra_attention(state).get(step):
            why = ", ".join(map(titles.element, weak))
            what = f"{titles.step(step)} ({why})"
            yield begun._replace(kind="extra_attention", target=step, what=what)
    if state.status == "paused":
        kind = "suspended" if is_suspended(state) else "paused"
        advice = Advice("resume_dialogue", {}) if kind == "paused" else None
        yield begun._replace(kind=kind, what=state.title, advice=advice)
        return
    said = {task.advice for task in pressing}
    allowed = for_reader(state, reader)
    acts = next_acts(state, allowed)
    following = next((a for a in acts if a not in said and allowed(a)), None)
    if following is not None and not state.ended:
        yield begun._replace(what=_object(titles, following), advice=following)


def needs_at(state: Dialogue, now: datetime) -> Iterator[Need]:
    """Give what needs a person at a moment, each rule asked of that moment."""
    timed = ("deadline_", "agreement_due", "agreement_overdue", "meeting_")
    for need in needs_attention(state):
        if not need.kind.startswith(timed):
            yield need
    yield from _dates(state, now)
    yield from _meetings(state, now)
    yield from _agreements(state, now)


def _dates(state: Dialogue, now: datetime) -> Iterator[Need]:
    today = local(state, now).date()
    for deadline in () if state.ended else state.deadlines:
        left = date.fromisoformat(deadline.date) - today
        if left < timedelta():
            yield Need("deadline_passed", deadline.title)
        elif left <= WEEK:
            yield Need("deadline_soon", deadline.title)


def _meetings(state: Dialogue, now: datetime) -> Iterator[Need]:
    planned = ((n, m) for n, m in state.meetings.items() if m.status == "planned")
    for name, meeting in planned:
        if now < meeting.begins and meeting.missed:
            yield Need("meeting_unreached", name)
        if now < meeting.begins <= now + WEEK:
            yield Need("meeting_soon", name)
        if meeting.ends <= now:
            yield Need("meeting_unrecorded", name)


def _agreements(state: Dialogue, now: datetime) -> Iterator[Need]:
    for name, agreement in state.harvest.open_agreements().items():
        if agreement.due is None:
            continue
        if agreement.overdue or agreement.due <= now:
            yield Need("agreement_overdue", name)
        elif agreement.due - now <= WEEK or agreement.reminded:
            yield Need("agreement_due", name)


def _needs(
    begun: Task, state: Dialogue, titles: Titles, now: datetime
) -> Iterator[Task]:
    for need in needs_at(state, now):
        task = begun._replace(
            kind=need.kind,
            target=need.target,
            what=title_of(state, titles, need),
            advice=for_need(state, need),
        )
        day = harvest_help.day_of(state, need) or meetings_help.day_of(state, need)
        if need.kind in {"deadline_passed", "deadline_soon"}:
            known = (d for d in state.deadlines if d.title == need.target)
            day = min(date.fromisoformat(d.date) for d in known)
        if day:
            left = (day - local(state, now).date()).days
            task = task._replace(date=day, days=left)
        yield task


def _window(
    begun: Task, state: Dialogue, run: WindowRun, now: datetime, reader: str | None
) -> Iterator[Task]:
    remind = Advice("remind_window", {"window": begun.target})
    task = begun._replace(
        due=due(state, run.closes, now),
        silent=run.silent,
        advice=remind if run.silent else None,
    )
    if reader in run.silent and now < run.closes:
        who = {"window": begun.target, "respondent": reader or ""}
        answer = Advice("record_response", {**who, "response": ""})
        yield task._replace(kind="respond", silent=(), advice=answer)
    if run.closes <= now:
        yield task._replace(kind="window_overdue", advice=None)
    elif run.closes - now <= WEEK:
        yield task._replace(kind="window_closes_soon")
    elif run.silent:
        yield task._replace(kind="silent")


def _object(titles: Titles, advice: Advice) -> str:
    body = advice.body
    if "items" in body:
        return titles.item(body["items"][0])
    named = (("window", titles.window), ("gate", titles.gate), ("step", titles.step))
    return next((title(str(body[n])) for n, title in named if n in body), "")
