"""What needs somebody today, over all dialogues: the work list of a process director.

Most urgent first: what went wrong or is past its date, what closes within a week, who
is silent, what waits, and then what can simply be gone on with. Each task names one
command that would help.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from desk import reading
from desk.advice import Advice, for_need, next_acts
from desk.desk import Desk
from desk.listing import DialogueRow, every_dialogue
from desk.overview import Due, due, local
from desk.titles import Titles, told_of, unreached
from domain.clock import to_dialogue_time
from domain.progress import needs_attention
from domain.state import Dialogue, WindowRun
from storage.errors import SchemaMismatch, Unavailable

Kind = Literal[
    "unreadable",
    "compensation_failed",
    "message_failed",
    "deadline_passed",
    "window_overdue",
    "deadline_soon",
    "window_closes_soon",
    "nobody_invited",
    "unreachable",
    "to_reconfirm",
    "silent",
    "paused",
    "go_on",
]
_ORDER: Final[tuple[Kind, ...]] = (
    "unreadable",
    "compensation_failed",
    "message_failed",
    "deadline_passed",
    "window_overdue",
    "deadline_soon",
    "window_closes_soon",
    "nobody_invited",
    "unreachable",
    "to_reconfirm",
    "silent",
    "paused",
    "go_on",
)
SOON: Final = timedelta(days=7)
"""How long before its closing a window is due this week."""


class Task(NamedTuple):
    """One thing that needs somebody; ``what`` is its title in the reader's words."""

    stream: str
    dialogue: str
    kind: Kind
    target: str
    what: str
    due: Due | None = None
    date: date | None = None
    days: int | None = None
    """Days from the dialogue's today to ``date``; negative when it has passed."""
    silent: tuple[str, ...] = ()
    advice: Advice | None = None


async def today(
    desk: Desk, actor: str | None, lang: str, organisation: str | None = None
) -> list[Task]:
    """Give what needs this actor, or anybody, most urgent first."""
    real = datetime.now(UTC)
    found: list[Task] = []
    async for row in _live(desk, actor, organisation):
        try:
            state = await reading.whole(desk.pool, row)
            found += tasks(row.stream, state, to_dialogue_time(state.clock, real), lang)
        except (Unavailable, SchemaMismatch):
            raise
        except Exception:  # noqa: BLE001 - one dialogue that can't be read hides no other
            found.append(Task(row.stream, row.title, "unreadable", "", row.stream))
    return sorted(found, key=urgency)


async def _live(
    desk: Desk, actor: str | None, organisation: str | None
) -> AsyncIterator[DialogueRow]:
    async for row in every_dialogue(desk, organisation=organisation, actor=actor):
        live = row.status in {"running", "paused"}
        if live or (row.attention and row.status != "archived"):
            yield row


def urgency(task: Task) -> tuple[int, datetime, str]:
    """Order tasks: what kind first, then what closes first."""
    closes = task.due.closes if task.due else datetime.max.replace(tzinfo=UTC)
    return _ORDER.index(task.kind), closes, task.stream


def tasks(stream: str, state: Dialogue, now: datetime, lang: str) -> Iterator[Task]:
    """Give what one dialogue asks of people at a moment of its own clock."""
    titles = Titles(state.plan, lang)
    begun = Task(stream, state.title, "go_on", "", "")
    needs = tuple(_needs(begun, state, titles, now))
    yield from needs
    for name, run in state.running_windows().items():
        task = begun._replace(target=name, what=titles.window(name))
        yield from _window(task, state, run, now)
    if state.status == "paused":
        advice = Advice("resume_dialogue", {})
        yield begun._replace(kind="paused", what=state.title, advice=advice)
        return
    said = {task.advice for task in needs}
    following = next((a for a in next_acts(state) if a not in said), None)
    if following is not None and not state.ended:
        yield begun._replace(what=_object(titles, following), advice=following)


def _needs(
    begun: Task, state: Dialogue, titles: Titles, now: datetime
) -> Iterator[Task]:
    for need in needs_attention(state, now):
        task = begun._replace(target=need.target, advice=for_need(state, need))
        match need.kind:
            case "compensation_failed":
                what = told_of(titles, state.compensations[need.target])
                yield task._replace(kind="compensation_failed", what=what)
            case "message_failed":
                what = told_of(titles, state.effects[need.target])
                yield task._replace(kind="message_failed", what=what)
            case "nobody_invited":
                what = titles.window(need.target)
                yield task._replace(kind="nobody_invited", what=what)
            case "unreachable":
                what = unreached(state, titles, need.target)
                yield task._replace(kind="unreachable", what=what)
            case "to_reconfirm":
                what = titles.step(need.target)
                yield task._replace(kind="to_reconfirm", what=what)
            case "deadline_passed" | "deadline_soon":
                yield _date(task, state, need.target, now)
            case _:
                pass


def _date(task: Task, state: Dialogue, title: str, now: datetime) -> Task:
    days = (date.fromisoformat(d.date) for d in state.deadlines if d.title == title)
    day = min(days)
    left = (day - local(state, now).date()).days
    kind: Kind = "deadline_passed" if left < 0 else "deadline_soon"
    return task._replace(kind=kind, what=title, date=day, days=left)


def _window(
    begun: Task, state: Dialogue, run: WindowRun, now: datetime
) -> Iterator[Task]:
    remind = Advice("remind_window", {"window": begun.target})
    task = begun._replace(
        due=due(state, run.closes, now),
        silent=run.silent,
        advice=remind if run.silent else None,
    )
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
    for name, title in (("window", titles.window), ("step", titles.step)):
        if name in body:
            return title(str(body[name]))
    return ""
