"""What the portfolio says of dialogues is what folding their events says."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import AsyncCursor

from desk.courses import courses
from desk.overseeing import ANY_ROLE, LATE, Found, Reader, Selection, oversee
from desk.overseen import Seen
from desk.oversight_sheet import sheet
from desk.spreadsheet import rows
from desk.today import counts
from domain.progress import current_phase, needs_attention
from domain.state import Dialogue
from examples.scenario import cases
from tests.desk.overseen_town import OURS, Town, late, ours, town_of_cases

EVERYTHING = 1_000
DIRECTOR = "p-1"


@pytest.fixture(scope="module")
async def town(module_database: str) -> AsyncGenerator[Town]:
    """Give all cases, on record in one organisation, and one of them in another."""
    async with town_of_cases(module_database) as found:
        yield found


Fits = Callable[[Dialogue, datetime], bool]

FILTERS: Mapping[str, tuple[Selection, Fits]] = {
    "all": (Selection(), lambda _s, _now: True),
    "status": (Selection(status="running"), lambda s, _: s.status == "running"),
    "ended": (Selection(status="completed"), lambda s, _: s.status == "completed"),
    "method": (
        Selection(method="imvo-dialoog"),
        lambda s, _: s.method.id == "imvo-dialoog",
    ),
    "attention": (Selection(attention=True), lambda s, _: bool(needs_attention(s))),
    "overdue": (Selection(overdue=True), lambda s, now: late(s, now) > 0),
    "text": (Selection(text="AARDGAS"), lambda s, _: "aardgas" in s.title.lower()),
    "a sign in a text": (Selection(text="%"), lambda s, _: "%" in s.title),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_what_fits_and_its_counts_are_what_the_events_say(
    town: Town, name: str
) -> None:
    """By each filter: the list, and every number over it."""
    wanted, fits = FILTERS[name]
    now = datetime.now(UTC)
    held = {n: s for n, s in ours(town).items() if fits(s, now)}
    assert held or name == "a sign in a text"
    found = await oversee(
        town.desk, Reader(OURS, DIRECTOR, "nl"), wanted, limit=EVERYTHING, now=now
    )
    assert {line.row.stream for line in found.lines} == held.keys()
    agrees(found, held, now)


def agrees(found: Found, held: Mapping[str, Dialogue], now: datetime) -> None:
    """Compare the numbers with the states."""
    stands = Counter((s.status, s.method.id, current_phase(s)) for s in held.values())
    told: Counter[tuple[str, str, str]] = Counter()
    for each in found.standing:
        told[each.status, each.method, each.phase] += each.dialogues
    assert told == stands
    assert found.dialogues == len(held)
    assert found.total(lambda e: e.open_windows) == sum(
        len(s.open_windows()) for s in held.values()
    )
    assert found.total(lambda e: e.attention) == sum(
        bool(needs_attention(s)) for s in held.values()
    )
    assert found.total(lambda e: e.overdue) == sum(
        bool(late(s, now)) for s in held.values()
    )
    for line in found.lines:
        assert line.row.overdue == late(held[line.row.stream], now)
        assert line.row.attention == len(needs_attention(held[line.row.stream]))


async def test_a_choice_tells_how_many_dialogues_it_would_give(town: Town) -> None:
    """Each status, method, phase and role gives as many as stand behind it."""
    reader = await somebody(town)
    found = await oversee(town.desk, reader, Selection(), limit=1)
    told = [(Selection(status=s), n) for s, n in found.statuses.items()]
    told += [(Selection(method=c.value), c.dialogues) for c in found.methods]
    assert {role for role, _ in found.roles} == held_by(town, reader.actor)
    for method in found.methods:
        one = await oversee(
            town.desk, reader, Selection(method=method.value), limit=EVERYTHING
        )
        told += [
            (Selection(method=method.value, phase=c.value), c.dialogues)
            for c in one.phases
        ]
    assert len(told) > len(cases())
    for wanted, number in told:
        given = await oversee(town.desk, reader, wanted, limit=EVERYTHING)
        assert len(given.lines) == given.dialogues == number, wanted


def held_by(town: Town, actor: str) -> set[str]:
    """Give the roles that somebody holds in our dialogues."""
    states = ours(town).values()
    return {role for s in states for role, who in s.roles.items() if actor in who}


async def somebody(town: Town) -> Reader:
    """Give who holds a role in one of our dialogues."""
    roles = [s.roles for s in ours(town).values()]
    return Reader(OURS, next(iter(roles[0].values()))[0], "nl")


async def test_my_role_leaves_the_dialogues_in_which_i_hold_it(town: Town) -> None:
    """Any role, or one by name; of others nothing."""
    reader = await somebody(town)
    for role in {ANY_ROLE, *(r for s in ours(town).values() for r in s.roles)}:
        mine = {
            name
            for name, state in ours(town).items()
            if any(
                reader.actor in people and role in {ANY_ROLE, each}
                for each, people in state.roles.items()
            )
        }
        wanted = Selection(role=role)
        found = await oversee(town.desk, reader, wanted, limit=EVERYTHING)
        assert {line.row.stream for line in found.lines} == mine


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(
    "order", ["deadline", "title", "phase", "attention", "started", "updated"]
)
async def test_pages_in_any_order_are_the_list(
    town: Town, order: str, *, down: bool
) -> None:
    """None twice, none left out, and in the order that is asked for."""
    wanted = Selection(order=order, down=down)  # pyright: ignore[reportArgumentType]
    reader = Reader(OURS, DIRECTOR, "nl")
    whole = await oversee(town.desk, reader, wanted, limit=EVERYTHING)
    parts: list[Seen] = []
    for offset in range(0, whole.dialogues, 2):
        page = await oversee(town.desk, reader, wanted, limit=2, offset=offset)
        parts += page.lines
    streams = [line.row.stream for line in whole.lines]
    assert [line.row.stream for line in parts] == streams
    keys: Mapping[str, Callable[[Seen], object]] = {
        "title": lambda one: one.row.title.lower(),
        "attention": lambda one: one.row.attention,
        "started": lambda one: one.row.started_at,
        "updated": lambda one: one.row.updated_at,
    }
    if order in keys:
        told = [keys[order](line) for line in whole.lines]
        assert told == sorted(told, reverse=down)  # pyright: ignore[reportArgumentType]
    if order == "deadline":
        due = [line.row.next_deadline for line in whole.lines]
        known = [each for each in due if each]
        assert known == sorted(known, reverse=down)
        assert due[: len(known)] == known, "what has no date comes last"


async def test_who_may_see_one_dialogue_counts_one(town: Town) -> None:
    """Of others nothing is told, in numbers neither."""
    only = next(iter(ours(town)))
    reader = Reader(OURS, DIRECTOR, "nl", only)
    found = await oversee(town.desk, reader, Selection(), limit=EVERYTHING)
    assert [line.row.stream for line in found.lines] == [only]
    assert found.dialogues == sum(found.statuses.values()) == 1


async def test_a_sheet_has_the_same_dialogues_in_the_same_order(town: Town) -> None:
    """A row for each, in words, with semicolons in Dutch."""
    reader = Reader(OURS, DIRECTOR, "nl")
    wanted = Selection(order="title", down=True)
    whole = await oversee(town.desk, reader, wanted, limit=EVERYTHING)
    text = "".join([piece async for piece in sheet(town.desk, reader, wanted)])
    assert text.startswith("\ufeff")
    head, *told = [cells for _, cells in rows(text.removeprefix("\ufeff"))]
    assert [cells[0] for cells in told] == [one.row.stream for one in whole.lines]
    assert {len(cells) for cells in told} == {len(head)}
    number = head.index("te laat")
    assert [int(cells[number]) for cells in told] == [
        one.row.overdue for one in whole.lines
    ]


async def test_the_course_of_a_dialogue_is_what_its_events_say(town: Town) -> None:
    """Phases begin and end when their steps do; windows are open as in the state."""
    reader = Reader(OURS, DIRECTOR, "nl")
    found = await oversee(town.desk, reader, Selection(), limit=EVERYTHING)
    for line, course in zip(
        found.lines, await courses(town.desk, found.lines), strict=True
    ):
        stream = line.row.stream
        state, at = town.states[stream], town.events[stream]
        opened = sorted(
            (name, run.run, run.status, run.opened, run.closes)
            for name, runs in state.windows.items()
            for run in runs
        )
        told = [(o.window, o.run, o.status, o.opens, o.closes) for o in course.openings]
        assert sorted(told) == opened
        for phase in state.plan.phases:
            rounds = [
                each
                for step in phase.steps
                for each in state.steps.get(step.id, ())
                if each.status != "voided"
            ]
            stretches = [s for s in course.stretches if s.phase == phase.id]
            assert bool(stretches) == bool(rounds), (stream, phase.id)
            if rounds:
                begun = min(at[each.since] for each in rounds)
                assert min(s.begins for s in stretches) == begun
                again = max(each.number for each in rounds)
                assert len(stretches) <= sum(each.number for each in rounds)
                assert (again > 1) <= (len(stretches) > 1), (stream, phase.id)


async def test_it_takes_a_few_statements_however_many_dialogues(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three for a list, three more in time; contents come once for each method."""
    reader = Reader(OURS, DIRECTOR, "nl")
    await oversee(town.desk, reader, Selection(), limit=EVERYTHING)
    put: list[object] = []
    executed = AsyncCursor[Any].execute

    async def execute(self: AsyncCursor[Any], *told: Any, **named: Any) -> Any:  # noqa: ANN401
        put.append(told[0])
        return await executed(self, *told, **named)

    monkeypatch.setattr(AsyncCursor, "execute", execute)
    found = await oversee(town.desk, reader, Selection(), limit=EVERYTHING)
    listed = len(put)
    await courses(town.desk, found.lines)
    assert (listed, len(put)) == (3, 6)


async def test_what_today_counts_as_late_is_what_the_portfolio_does(
    town: Town,
) -> None:
    """The two pages agree about what is overdue."""
    today = await counts(town.desk, None, OURS)
    reader = Reader(OURS, DIRECTOR, "nl")
    found = await oversee(town.desk, reader, Selection(overdue=True), limit=EVERYTHING)
    assert sum(line.row.overdue for line in found.lines) == sum(
        today.get(kind, 0) for kind in LATE
    )
