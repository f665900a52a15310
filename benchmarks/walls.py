"""What the second wall costs: the same database with its policies, and without them.

The one without is a copy of the schema in which every policy is off and an append asks
for nobody's badge. The API beside it reads through the writer's pool, as the command
line does; both answer in this process, so that nothing but the wall sets them apart.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, NamedTuple

import httpx
import psycopg
import structlog
from psycopg import sql

from api.app import make_app
from api.service import Service
from api.settings import Settings
from benchmarks.dialogues import DIRECTOR
from benchmarks.figures import Figure, compared
from benchmarks.ground import Ground
from benchmarks.measuring import Operation, Samples, in_rounds, ratio
from benchmarks.script import Script
from benchmarks.sizes import Sizes
from desk import reading
from desk.access import tokens
from desk.desk import Desk, Sender, open_desk
from desk.upkeep import migrate
from storage.batch import Batch
from storage.pool import Pool
from storage.projecting import Projections
from storage.record import append
from storage.walls import Walled, badge_of

BOUND: Final = 1.1
EVENTS: Final = 5
"""In one batch: what a command with some effects appends."""

_GET: Final = "GET of a dialogue"
_READ: Final = "reading its state, without HTTP"
_APPEND: Final = f"append of {EVENTS} events"
_WITHOUT: Final = ", without the wall"


class _House(NamedTuple):
    """One of the two databases, with an API on it."""

    desk: Desk
    walled: Pool
    client: httpx.AsyncClient
    batches: Iterator[Batch]

    async def appends(self, projections: Projections) -> None:
        """Record what one command did."""
        await append(self.desk.pool, next(self.batches), projections)

    async def gets(self, stream: str) -> None:
        """Ask for a dialogue over HTTP."""
        found = await self.client.get(f"/v1/dialogues/{stream}")
        assert found.is_success, found.text

    async def reads(self, stream: str) -> None:
        """Read its state."""
        assert await reading.find(self.walled, stream) is not None


async def walls(ground: Ground, sizes: Sizes) -> list[Figure]:
    """Append, read and ask over HTTP, in turns with and without the wall."""
    if not ground.embedded:
        return []
    # It would write a line for each request, of one of the two and of the other.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    shown = f"{ground.organisation}:shown"
    async with AsyncExitStack() as stack:
        with_wall = await stack.enter_async_context(
            _house(ground, ground.database, sizes, walled=True)
        )
        bare = await _without(ground)
        without = await stack.enter_async_context(
            _house(ground, bare, sizes, walled=False)
        )
        projections = Projections()
        samples = await in_rounds(
            {
                f"{what}{name}": operation
                for name, house in (("", with_wall), (_WITHOUT, without))
                for what, operation in _operations(house, shown, projections)
            },
            sizes.rounds * 4,
        )
    return [_told(samples, _APPEND), _told(samples, _GET), _told(samples, _READ, None)]


def _operations(
    house: _House, shown: str, projections: Projections
) -> Iterator[tuple[str, Operation]]:
    yield _APPEND, Operation(lambda: house.appends(projections))
    yield _GET, Operation(lambda: house.gets(shown))
    yield _READ, Operation(lambda: house.reads(shown))


def _told(samples: Samples, what: str, bound: float | None = BOUND) -> Figure:
    found = ratio(samples[what], samples[f"{what}{_WITHOUT}"])
    milliseconds = sorted(samples[what])[len(samples[what]) // 2] * 1_000
    note = f"{milliseconds:.2f} ms with it"
    return compared("walls", f"{what}{_WITHOUT}", found, bound=bound, note=note)


@asynccontextmanager
async def _house(
    ground: Ground, database: str, sizes: Sizes, *, walled: bool
) -> AsyncGenerator[_House]:
    """Open a desk and an API on a database, with a dialogue to show."""
    settings = Settings(database=database, temporal=ground.temporal, limit_rate=0)
    app = make_app(settings)
    async with (
        open_desk(database, ground.temporal) as desk,
        app.router.lifespan_context(app),
    ):
        service: Service = app.state.service
        badge = await badge_of(desk.pool, ground.organisation)
        pool: Pool = Walled(service.walled, badge)
        if not walled:
            service.desk = desk
            service.desk_of = lambda caller: desk  # type: ignore[method-assign]  # noqa: ARG005
            pool = desk.pool
        for batch in _events(f"{ground.organisation}:shown", 4, 50):
            await append(desk.pool, batch, Projections())
        batches = _events(f"{ground.organisation}:walls", sizes.rounds * 4 + 10, EVENTS)
        await append(desk.pool, next(batches), Projections())
        made = await tokens.create(
            desk, ground.organisation, ["director"], Sender("b", "system"),
            actor=DIRECTOR["id"],
        )  # fmt: skip
        transport = httpx.ASGITransport(app=app)
        headers = {"Authorization": f"Bearer {made.token}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://polder", headers=headers
        ) as client:
            yield _House(desk, pool, client, batches)


def _events(stream: str, batches: int, size: int) -> Iterator[Batch]:
    script = Script(stream)
    yield script.start()
    for _ in range(batches):
        yield script.next(size)


async def _without(ground: Ground) -> str:
    """Make a database beside the ground's that has no wall."""
    name = "polder_without_walls"
    async with await psycopg.AsyncConnection.connect(
        ground.database, autocommit=True
    ) as conn:
        await conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = f"{ground.database.rpartition('/')[0]}/{name}"
    await migrate(url)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn:
        tables = await conn.execute(
            "SELECT polrelid::regclass::text FROM pg_policy GROUP BY 1"
        )
        for (table,) in await tables.fetchall():
            schema, _, one = str(table).partition(".")
            await conn.execute(
                sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(
                    sql.Identifier(schema, one)
                )
            )
        # The function as it is, but for the line that asks for a badge.
        await conn.execute(
            "DO $$ BEGIN EXECUTE regexp_replace("
            "pg_get_functiondef('audit.append'::regproc),"
            " 'IF current_setting.*?END IF;', ''); END $$"
        )
    return url
