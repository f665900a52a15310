"""One dialogue as people look at it: what is done, what is open, what is due when.

Everything follows from the state, the plan and the present moment of the dialogue's
own clock. Titles are in the language that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from desk import needs
from desk.desk import Desk
from desk.due import Due, due_in, local_in
from desk.gate_lines import GateLine, gate_lines
from desk.titles import Titles
from domain.advice import Advice, for_need, next_acts
from domain.allowed import for_reader
from domain.audiences import known_window, windows_of
from domain.clock import to_dialogue_time
from domain.confidential import readers_of
from domain.method import PUBLIC, Item, Step
from domain.need import Need
from domain.progress import current_phase, item_counts, needs_attention
from domain.reflection import extra_attention
from domain.standing_still import is_suspended
from domain.state import Dialogue, Round, WindowRun
from domain.steps import is_ready, missing_needs

Standing = Literal[
    "waiting", "ready", "started", "completed", "skipped", "voided", "ended"
]


class ItemView(NamedTuple):
    """An item: ``status`` is open, completed, waived or to_reconfirm."""

    id: str
    title: str
    status: str
    required: bool
    gate: bool
    by: str | None
    at: datetime | None
    sub: tuple[ItemView, ...] = ()


class WindowView(NamedTuple):
    """A window with its last run: not_opened, open, paused, closed or voided."""

    id: str
    title: str
    status: str
    run: int
    audience: str
    due: Due | None
    on_time: int
    late: int
    silent: tuple[str, ...]
    invited: int
    required: bool


class StepView(NamedTuple):
    """A step with its items and windows in its present round."""

    id: str
    number: str
    title: str
    status: Standing
    round: int
    done: int
    total: int
    waits_for: tuple[str, ...]
    items: tuple[ItemView, ...]
    windows: tuple[WindowView, ...]
    undescribed: bool
    gates: tuple[GateLine, ...] = ()
    attention: tuple[str, ...] = ()
    """Titles of the weak elements because of which it asks for extra attention."""
    readers: tuple[str, ...] = ()
    """Titles of the roles that read it, where the step is confidential."""


class PhaseView(NamedTuple):
    """A phase with its steps."""

    id: str
    title: str
    steps: tuple[StepView, ...]


class NeedView(NamedTuple):
    """Something that needs a person, and what would help."""

    kind: str
    target: str
    title: str
    advice: Advice | None


class DeadlineView(NamedTuple):
    """A date the organisation has to keep; ``days`` from today, negative when past."""

    title: str
    date: date
    days: int


class Overview(NamedTuple):
    """A dialogue, to be looked at."""

    stream: str
    state: Dialogue
    titles: Titles
    now: datetime
    """The dialogue's present moment, on its own wall clock."""
    phase: str
    phases: tuple[PhaseView, ...]
    needs: tuple[NeedView, ...]
    deadlines: tuple[DeadlineView, ...]
    next: tuple[Advice, ...]

    @property
    def suspended(self) -> bool:
        """Whether nothing but a suspension of the organisation holds its windows."""
        return is_suspended(self.state)

    def next_for(self, reader: str | None) -> tuple[Advice, ...]:
        """Give what this actor can do next; for None what anybody could."""
        allowed = for_reader(self.state, reader)
        return tuple(filter(allowed, next_acts(self.state, allowed)))

    @property
    def windows(self) -> Iterator[WindowView]:
        """Every window of every step."""
        for phase in self.phases:
            for step in phase.steps:
                yield from step.windows


async def overview(desk: Desk, stream: str, lang: str | None = None) -> Overview:
    """Look at a dialogue; titles in ``lang``, or in its own language.

    Raises `NotFound`.
    """
    state = await desk.dialogue(stream)
    return seen(stream, state, to_dialogue_time(state.clock, datetime.now(UTC)), lang)


def seen(
    stream: str, state: Dialogue, now: datetime, lang: str | None = None
) -> Overview:
    """Look at a dialogue whose state is at hand, at a moment of its own clock."""
    titles = Titles(state.plan, lang or state.language)
    return Overview(
        stream=stream,
        state=state,
        titles=titles,
        now=local(state, now),
        phase=current_phase(state),
        phases=tuple(
            PhaseView(
                phase.id,
                titles.text(phase.title),
                tuple(_step(state, titles, step, now) for step in phase.steps),
            )
            for phase in state.plan.phases
        ),
        needs=tuple(_need(state, titles, need) for need in needs_attention(state, now)),
        deadlines=tuple(_deadlines(state, now)),
        next=tuple(next_acts(state)),
    )


def local(state: Dialogue, moment: datetime) -> datetime:
    """Give a moment on the dialogue's wall clock; UTC where its calendar ends."""
    return local_in(state.calendar, moment)


def _step(state: Dialogue, titles: Titles, step: Step, now: datetime) -> StepView:
    current = state.round(step.id)
    done, total = item_counts(state, step)
    return StepView(
        id=step.id,
        number=step.number,
        title=titles.text(step.title),
        status=_standing(state, step.id, current),
        round=current.number if current else 1,
        done=done,
        total=total,
        waits_for=missing_needs(state, step.id),
        items=tuple(_item(titles, step, item, current) for item in step.items),
        windows=tuple(
            window_view(state, titles, name, now) for name in windows_of(state, step.id)
        ),
        undescribed=step.undescribed,
        gates=gate_lines(state, titles, step.id),
        attention=tuple(
            titles.element(e) for e in extra_attention(state).get(step.id, ())
        ),
        readers=tuple(map(titles.role, readers_of(state, step.id))),
    )


def _standing(state: Dialogue, step: str, current: Round | None) -> Standing:
    if current is not None and current.status in {"started", "completed", "skipped"}:
        return current.status
    if state.ended:
        return "ended"
    if is_ready(state, step):
        return "ready"
    return "voided" if current is not None else "waiting"


def _item(titles: Titles, step: Step, item: Item, current: Round | None) -> ItemView:
    name = f"{step.id}.{item.id}"
    marks = current.marks if current else {}
    found = marks.get(name)
    subs = (
        ItemView(
            id=f"{name}.{sub.id}",
            title=titles.text(sub.title),
            status=marks[f"{name}.{sub.id}"].status
            if f"{name}.{sub.id}" in marks
            else "open",
            required=False,
            gate=False,
            by=None,
            at=None,
        )
        for sub in item.sub
    )
    return ItemView(
        id=name,
        title=titles.text(item.title),
        status=found.status if found else "open",
        required=item.required,
        gate=item.gate,
        by=found.by if found else None,
        at=found.at if found else None,
        sub=tuple(subs),
    )


def window_view(
    state: Dialogue, titles: Titles, name: str, now: datetime
) -> WindowView:
    """Look at one window at a moment of the dialogue's clock."""
    window = known_window(state, name)
    run = state.run(name)
    return WindowView(
        id=name,
        title=titles.text(window.title),
        status=_window_status(state, run),
        run=run.run if run else 0,
        audience=PUBLIC if window.audience == PUBLIC else titles.role(window.audience),
        due=due(state, run.closes, now) if run and run.status == "open" else None,
        on_time=run.on_time if run else 0,
        late=run.late if run else 0,
        silent=run.silent if run else (),
        invited=len(run.present) if run else 0,
        required=window.required,
    )


def _window_status(state: Dialogue, run: WindowRun | None) -> str:
    if run is None:
        return "not_opened"
    stands_still = run.status == "open" and state.paused_at is not None
    return "paused" if stands_still else run.status


def due(state: Dialogue, closes: datetime, now: datetime) -> Due:
    """Say when something closes, counted from ``now``; both are moments in UTC."""
    return due_in(state.calendar, closes, now)


def _need(state: Dialogue, titles: Titles, need: Need) -> NeedView:
    title = needs.title(state, titles, need)
    return NeedView(need.kind, need.target, title, for_need(state, need))


def _deadlines(state: Dialogue, now: datetime) -> Iterator[DeadlineView]:
    today = local(state, now).date()
    for deadline in state.deadlines:
        day = date.fromisoformat(deadline.date)
        yield DeadlineView(deadline.title, day, (day - today).days)
