"""What needs somebody today, over all dialogues: the work list of a process director.

Most urgent first: what went wrong or is past its date, what is due within a week, who
is silent, what waits, and then what can simply be gone on with. Each task names the one
act that would help, and only acts that this reader may do.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from desk import needs, reading
from desk.desk import Desk
from desk.listing import every_whole
from desk.overview import Due, due, local
from desk.titles import Titles
from domain import harvest_help, meetings_help
from domain.advice import Advice, for_need, next_acts
from domain.allowed import for_reader, role_for
from domain.clock import to_dialogue_time
from domain.need import Need
from domain.progress import current_steps, needs_attention
from domain.reflection import extra_attention
from domain.rights import acting_role
from domain.standing_still import is_suspended
from domain.state import Dialogue, WindowRun
from storage.errors import SchemaMismatch, Unavailable

ORDER: Final = (
    "unreadable",
    "compensation_failed",
    "message_failed",
    "agreement_overdue",
    "deadline_passed",
    "window_overdue",
    "deadline_soon",
    "meeting_soon",
    "agreement_due",
    "respond",
    "window_closes_soon",
    "nobody_invited",
    "meeting_unreached",
    "unreachable",
    "agreement_unreached",
    "to_brief",
    "not_reached",
    "feedback_unanswered",
    "unanswered",
    "to_reconfirm",
    "gate_in_doubt",
    "agreement_to_review",
    "decision_to_review",
    "meeting_unrecorded",
    "proposal_withdrawn",
    "",
    "extra_attention",
    "silent",
    "paused",
    "suspended",
    "go_on",
)
"""Kinds of tasks, most urgent first; one that is not named comes where "" stands."""

SOON: Final = timedelta(days=7)
"""How long before its closing a window is due this week."""


class Task(NamedTuple):
    """One thing that needs somebody; ``what`` is its title in the reader's words.

    ``kind`` is that of a need (`domain.progress`), or one of this list's own:
    ``unreadable``, ``window_overdue``, ``window_closes_soon``, ``silent``, ``respond``,
    ``extra_attention``, ``paused`` and ``go_on``.
    """

    stream: str
    dialogue: str
    kind: str
    target: str
    what: str
    due: Due | None = None
    date: date | None = None
    days: int | None = None
    """Days from the dialogue's today to ``date``; negative when it has passed."""
    silent: tuple[str, ...] = ()
    advice: Advice | None = None
    role: str | None = None
    """In which role the reader may follow the advice, where they have to say so."""


async def today(
    desk: Desk, actor: str | None, lang: str, organisation: str | None = None
) -> list[Task]:
    """Give what needs this actor, or anybody, most urgent first."""
    real = datetime.now(UTC)
    found: list[Task] = []
    async for row in every_whole(desk, organisation=organisation, actor=actor):
        try:
            state = await reading.whole(desk.pool, row)
            now = to_dialogue_time(state.clock, real)
            found += tasks(row.stream, state, now, lang, actor)
        except (Unavailable, SchemaMismatch):
            raise
        except Exception:  # noqa: BLE001 - one dialogue that can't be read hides no other
            found.append(Task(row.stream, row.title, "unreadable", "", row.stream))
    return sorted(found, key=urgency)


def urgency(task: Task) -> tuple[int, datetime, str]:
    """Order tasks: what kind first, then what closes first."""
    kind = task.kind if task.kind in ORDER else ""
    return ORDER.index(kind), _until(task), task.stream


def _until(task: Task) -> datetime:
    if task.due:
        return task.due.closes
    return datetime.combine(task.date or date.max, time.max, UTC)


def tasks(
    stream: str, state: Dialogue, now: datetime, lang: str, reader: str | None = None
) -> Iterator[Task]:
    """Give what one dialogue asks of a reader at a moment of its own clock.

    Without a reader, what it asks of anybody.
    """
    allowed = for_reader(state, reader)
    for task in _tasks(stream, state, now, lang, reader):
        if task.advice is None and not allowed(_STEERING):
            continue
        if task.advice is None or allowed(task.advice):
            yield _in_role(state, task, reader)


_STEERING: Final = Advice("pause_dialogue", {"reason": ""})
"""What only those may do who run the process: they see what is no command as well."""


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


def _needs(
    begun: Task, state: Dialogue, titles: Titles, now: datetime
) -> Iterator[Task]:
    for need in needs_attention(state, now):
        task = begun._replace(
            kind=need.kind,
            target=need.target,
            what=needs.title(state, titles, need),
            advice=for_need(state, need),
        )
        if need.kind in {"deadline_passed", "deadline_soon"}:
            task = _date(task, state, now)
        elif day := _day_of(state, need):
            left = (day - local(state, now).date()).days
            task = task._replace(date=day, days=left)
        yield task


def _day_of(state: Dialogue, need: Need) -> date | None:
    return harvest_help.day_of(state, need) or meetings_help.day_of(state, need)


def _date(task: Task, state: Dialogue, now: datetime) -> Task:
    title = task.target
    days = (date.fromisoformat(d.date) for d in state.deadlines if d.title == title)
    day = min(days)
    return task._replace(date=day, days=(day - local(state, now).date()).days)


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
        body = {**who, "response": ""}
        answer = Advice("record_response", body)
        yield task._replace(kind="respond", silent=(), advice=answer)
    if run.closes <= now:
        yield task._replace(kind="window_overdue", advice=None)
    elif run.closes - now <= SOON:
        yield task._replace(kind="window_closes_soon")
    elif run.silent:
        yield task._replace(kind="silent")


def _object(titles: Titles, advice: Advice) -> str:
    """Give the title of what a piece of advice is about."""
    body = advice.body
    if "items" in body:
        return titles.item(body["items"][0])
    named = (("window", titles.window), ("gate", titles.gate), ("step", titles.step))
    return next((title(str(body[n])) for n, title in named if n in body), "")
