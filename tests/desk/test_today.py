"""The work list of the record is what the whole states of its dialogues say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import pytest

from desk.desk import Desk, open_desk
from desk.today import Task, counts, today
from domain.asked import asked
from domain.clock import to_dialogue_time, to_real
from domain.events import to_data
from domain.state import Dialogue
from evidence.canonical import canonical
from evidence.event import ZERO_HASH, Sealed, seal
from examples.scenario import Scenario, cases, shipped
from methods import load
from storage.batch import Batch, Content
from storage.pool import connection
from storage.projecting import Projections
from storage.record import append
from tests.desk.test_asked import Watched, moments
from tests.desk.whole_states import whole_tasks
from tests.storage.dialogues import Play

AT_ONCE = 7
"""How many events go on record together: more than one command makes, and fewer."""


class Put(Watched):
    """A dialogue that comes along, to be put on record as it was played."""

    def sealed(self) -> Iterator[Sealed]:
        """Give its events as a workflow seals them."""
        prev, positions = ZERO_HASH, dict[str, int]()
        for event in self.events:
            data, private = to_data(event)
            position = positions.get(event.cause, 0)
            positions[event.cause] = position + 1
            made = seal(
                stream=self.scenario.stream,
                seq=event.seq,
                prev=prev,
                cause=event.cause,
                position=position,
                type=event.type,
                at=event.at,
                actor=event.actor.model_dump(),
                mandate=None,
                data=data,
                private=private,
            )
            yield made
            prev = made.hash

    def contents(self) -> dict[str, Content]:
        """Give its method and its calendar."""
        assert self.state is not None
        method = load.shipped()[self.scenario.method]
        days = canonical(self.state.calendar.model_dump(mode="json"))
        return {
            method.hash: Content("method", method.canonical),
            sha256(days).hexdigest(): Content("calendar", days),
        }

    async def put(self, desk: Desk) -> Dialogue:
        """Play it and put it on record; give its state."""
        self.run()
        assert self.state is not None
        events, projections = list(self.sealed()), Projections()
        for begin in range(0, len(events), AT_ONCE):
            batch = Batch(
                self.scenario.stream,
                0,
                begin,
                events[begin - 1].hash if begin else ZERO_HASH,
                tuple(event.body for event in events[begin : begin + AT_ONCE]),
                self.contents() if begin == 0 else {},
            )
            await append(desk.pool, batch, projections)
        return self.state


def told(tasks: list[Task]) -> list[str]:
    """Give tasks to compare, in whatever order."""
    return sorted(map(repr, tasks))


async def compare(desk: Desk, stream: str, state: Dialogue, now: datetime) -> None:
    """Ask the record for everybody's list at a moment of a dialogue's own.

    Or just after it: a clock of which a day takes a second can't stand in between.
    """
    real = to_real(state.clock, now)
    now = to_dialogue_time(state.clock, real)
    for reader in {None, *(who for held in state.roles.values() for who in held)}:
        found = await today(desk, reader, "nl", now=real, limit=1_000)
        ours = [task for task in found.tasks if task.stream == stream]
        assert told(ours) == told([*whole_tasks(stream, state, now, "nl", reader)])
        assert sum(found.counts.values()) == len(found.tasks)


@pytest.mark.parametrize("one", [*cases(), *shipped()], ids=lambda one: one.id)
async def test_the_list_of_a_dialogue_that_comes_along(
    database: str, one: Scenario
) -> None:
    """At its end, and around all that time alone brings after it."""
    async with open_desk(database, "nowhere") as desk:
        played = Put(one)
        state = await played.put(desk)
        for now in moments(asked(state), played.now, 3):
            await compare(desk, one.stream, state, now)


async def test_a_page_goes_on_where_the_last_one_ended(database: str) -> None:
    """All pages are the list, of one kind too, and a foreign end is refused."""
    async with open_desk(database, "nowhere") as desk:
        for slug in ("parkzicht", "aardlaan", "weg"):
            play = Play(slug)
            await append(desk.pool, play.batch(play.starts()), Projections())
        whole = await today(desk, "p-1", "nl")
        assert len(whole.tasks) == 3
        assert whole.after is None
        found: list[Task] = []
        after = None
        while True:
            page = await today(desk, "p-1", "nl", limit=1, after=after)
            assert page.counts == whole.counts == await counts(desk, "p-1")
            found += page.tasks
            after = page.after
            if after is None:
                break
        assert found == list(whole.tasks)
        only = await today(desk, "p-1", "nl", kinds=["go_on"])
        assert {task.kind for task in only.tasks} == {"go_on"}
        assert (await today(desk, "p-1", "nl", kinds=["silent"])).tasks == ()
        with pytest.raises(ValueError, match="no page"):
            await today(desk, "p-1", "nl", after="elsewhere")


async def test_no_state_is_read(database: str) -> None:
    """The list is the same where every state is gone."""
    play = Play()
    async with open_desk(database, "nowhere") as desk:
        await append(desk.pool, play.batch(play.starts()), Projections())
        before = await today(desk, "p-1", "en")
        async with connection(desk.pool) as conn:
            await conn.execute("UPDATE read.dialogue SET state = '{}'")
        assert before.tasks
        assert await today(desk, "p-1", "en") == before
