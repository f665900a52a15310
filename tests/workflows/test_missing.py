"""A text that never came is said to be missing by the dialogue itself, on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from temporalio.client import Client, WorkflowUpdateStage

from activities.sweeping import remind
from desk.desk import Sender, open_desk
from desk.errors import Unreachable
from evidence.chain import Finding
from servers import PostgresServer
from storage.absent import unnamed
from storage.keys import Keys, beside
from storage.pool import Pool, connection, make_pool
from storage.rebuild import rebuild
from storage.vault import PrivateField, pending, put
from storage.verify import verify_all
from tests.services import create_database, own_namespace, until
from tests.workflows.playing import DIRECTOR, FIRST, Engine, Play, commitment, envelope
from tests.workflows.running import engine_on
from tests.workflows.test_moving_on import hand_over, record_down, run_of
from tests.workflows.test_replay import replay
from workflows import policies

MADE_UP = commitment("what nobody ever put in the vault")
MISSING = "personal_data_erased"
NO_KEYS = "postgresql://polder@127.0.0.1:1/nowhere"


@pytest.fixture(scope="module")
async def own(
    temporal_client: Client, postgres_server: PostgresServer
) -> AsyncGenerator[Engine]:
    """A worker on a database of this module's own, whose vault is looked at."""
    client = await own_namespace(temporal_client, "missing")
    database = await create_database(postgres_server.address, "missing")
    async with engine_on(client, database) as engine:
        yield engine


@pytest.fixture
async def pool(own: Engine) -> AsyncGenerator[Pool]:
    """The writer's pool on that database."""
    async with make_pool(own.database) as opened:
        yield opened


@pytest.fixture
async def keys(own: Engine) -> AsyncGenerator[Keys]:
    """The keys of its vault."""
    async with Keys(beside(own.database)) as opened:
        yield opened


def completes(name: str, note: dict[str, str] = MADE_UP) -> dict[str, Any]:
    """Complete an item, with a note that is nowhere."""
    return envelope({"items": FIRST[:1], "note": note}, name)


async def said(play: Play) -> list[dict[str, Any]]:
    """What the dialogue said is missing."""
    return [event for event in await play.events() if event["type"] == MISSING]


async def findings(pool: Pool, keys: Keys, play: Play) -> list[Finding]:
    """What is wrong with a dialogue, with its texts and with its projection."""
    async with connection(pool) as conn:
        report = await verify_all(conn, keys)
        assert report.vault_checked
        different = (await rebuild(conn)).differences
    every = (*report.findings, *different)
    return [each for each in every if each.stream == play.stream]


async def until_said(play: Play, count: int = 1) -> None:
    """Wait until it was said on record."""

    async def is_said() -> bool:
        return len(await said(play)) >= count

    await until(is_said)
    await play.settled()


async def test_a_made_up_commitment_makes_nothing_unsound(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """By a raw signal: the dialogue goes on, says what is missing, and all is sound."""
    play = await own.start()
    await play.handle.signal("complete_items", completes("raw"))
    await until_said(play)
    events = await play.events()
    [told] = await said(play)
    completed = next(event for event in events if event["private"])
    assert told["data"] == {"paths": [[completed["seq"], "/note"]]}
    assert told["cause"] == f"polder:missing:{completed['seq']}"
    assert told["actor"] == {"id": "polder", "role": "clock", "via": "timer"}
    assert (told["private"], told["mandate"]) == ({}, None)
    assert await findings(pool, keys, play) == []
    assert await unnamed(pool, play.stream) == ()
    await play.is_sound()


async def test_the_sender_is_answered_as_ever(own: Engine) -> None:
    """An update without its text is answered once it is on record, and repeats."""
    play = await own.start()
    body = completes("by-update")
    answer = await play.handle.execute_update("complete_items", body, id="u-1")
    assert answer["recorded"]
    again = await play.handle.execute_update("complete_items", body, id="u-2")
    assert again["repeated"]
    await until_said(play)
    assert len(await said(play)) == 1
    await play.is_sound()


async def test_who_brings_the_text_hears_nothing_of_it(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """With its text in the vault an event is followed by no other."""
    play = await own.start()
    field = PrivateField("/note", "p-1", "Iedereen was er")
    made = (await put(pool, keys, play.stream, "with", [field]))["/note"]
    await play.update("complete_items", completes("with", {"commitment": made}))
    await play.settled()
    assert await said(play) == []
    assert await findings(pool, keys, play) == []


async def test_a_row_that_the_owner_deletes_is_found(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """It is not taken for a text that never came, whatever is looked up after that."""
    play = await own.start()
    field = PrivateField("/note", "p-1", "Dit zegt iemand liever niet")
    made = (await put(pool, keys, play.stream, "gone", [field]))["/note"]
    await play.update("complete_items", completes("gone", {"commitment": made}))
    await play.settled()
    async with await psycopg.AsyncConnection.connect(own.database) as conn:
        await conn.execute(b"DELETE FROM vault.value WHERE stream = %s", (play.stream,))
    await play.handle.signal("look_for_erasures")
    await play.does("note_signal", type="tick", source="s")
    await play.settled()
    assert await said(play) == []
    [found] = await findings(pool, keys, play)
    assert (found.check, found.seq is not None) == ("opening", True)


async def test_nobody_says_it_from_outside(own: Engine) -> None:
    """`erase_personal_data` is no command for clients, whoever they say they are."""
    play = await own.start()
    command = {"paths": [[1, "/note"]]}
    clock = {"id": "polder", "role": "clock", "via": "timer"}
    for body in (
        envelope(command),
        {**envelope(command), "actor": clock},
        envelope(command, "polder:missing:1"),
    ):
        refusal = await play.refused("erase_personal_data", body)
        assert refusal.type in {"UnknownCommand", "NotEntitled", "ReservedId"}
    assert await said(play) == []


async def test_what_ends_a_dialogue_can_miss_its_text(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """Cancelled and archived in one go, it says what is missing before it ends."""
    play = await own.start()
    cancel = envelope({"reason": MADE_UP}, "ends")
    # Accepted first: archiving what was not cancelled yet would be refused.
    await play.handle.start_update(
        "cancel_dialogue", cancel, wait_for_stage=WorkflowUpdateStage.ACCEPTED
    )
    await play.handle.signal("archive_dialogue", envelope({}, "archives"))
    result = await asyncio.wait_for(play.handle.result(), 30)
    types = await play.types()
    assert types.count(MISSING) == 1
    assert result["version"] == len(types)
    assert await findings(pool, keys, play) == []


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs hand over after few events, and not wait long for the record."""
    monkeypatch.setattr(policies, "HISTORY_BUDGET", 60)
    monkeypatch.setattr(policies, "DRAIN_GRACE", timedelta(milliseconds=200))


async def test_a_receipt_that_came_too_late_comes_again(
    own: Engine, pool: Pool, keys: Keys, soon: None
) -> None:
    """A run that hands over before it hears what is missing leaves it to the next."""
    play = await own.start()
    first = await run_of(play)
    async with record_down(own):
        await play.handle.signal("complete_items", completes("late"))
        for number in range(40):
            tick = envelope({"type": "tick", "source": "s"}, f"tick-{number}")
            await play.handle.signal("note_signal", tick)

        async def moved_on() -> bool:
            return await run_of(play) != first

        await until(moved_on)
    await until_said(play)
    assert len(await said(play)) == 1
    assert await findings(pool, keys, play) == []
    await play.is_sound()


@asynccontextmanager
async def nothing_is_said(engine: Engine) -> AsyncGenerator[None]:
    """Let the record put off whatever says that a text is missing."""
    async with await psycopg.AsyncConnection.connect(
        engine.database, autocommit=True
    ) as conn:
        await conn.execute(
            b"CREATE FUNCTION public.not_now() RETURNS trigger LANGUAGE plpgsql AS"
            b" $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '57P03'; END $$;"
            b"CREATE TRIGGER not_now BEFORE INSERT ON audit.event FOR EACH ROW"
            b" WHEN (NEW.type = 'personal_data_erased')"
            b" EXECUTE FUNCTION public.not_now()"
        )
        yield
        await conn.execute(
            b"DROP TRIGGER not_now ON audit.event; DROP FUNCTION public.not_now()"
        )


async def test_what_is_still_to_be_said_is_carried_on(
    own: Engine, pool: Pool, keys: Keys, soon: None
) -> None:
    """A run hands its note over with all else that is not on record; it comes once."""
    play = await own.start()
    async with nothing_is_said(own):
        await play.handle.signal("complete_items", completes("carried"))

        async def is_noted() -> bool:
            return (await play.head())["seq"] == 4

        await until(is_noted)
        await until(lambda: _waits(pool, play))
        await asyncio.gather(
            *(
                play.handle.signal(
                    "note_signal",
                    envelope({"type": "tick", "source": "s"}, f"carry-{number}"),
                )
                for number in range(60)
            )
        )

        async def has_runs() -> bool:
            return len(await play.runs()) > 1

        await until(has_runs)
        assert await said(play) == []
    await until_said(play)
    assert len(await said(play)) == 1
    assert await findings(pool, keys, play) == []
    await play.is_sound()


async def _waits(pool: Pool, play: Play) -> bool:
    return [each.cause for each in await unnamed(pool, play.stream)] == [
        "polder:missing:3"
    ]


async def test_a_lost_workflow_says_it_once_it_is_restored(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """What the record noted is named by whoever carries the dialogue on."""
    play = await own.start()
    async with nothing_is_said(own):
        await play.handle.signal("complete_items", completes("lost"))
        await until(lambda: _waits(pool, play))
        await play.handle.terminate("the database of Temporal is gone")
    address = own.client.service_client.config.target_host
    async with open_desk(own.database, address, own.client.namespace) as desk:
        await desk.restore(play.stream)
    await until_said(play)
    assert len(await said(play)) == 1
    assert await findings(pool, keys, play) == []


async def test_without_the_keys_dialogues_go_on(own: Engine, pool: Pool) -> None:
    """Who sends a private text hears that it can't be kept; nothing else notices."""
    play = await own.start()
    sender = Sender("p-1", DIRECTOR["role"])
    address = own.client.service_client.config.target_host
    before = await pending(pool)
    note = {"items": FIRST[:1], "note": "Iedereen was er"}
    with pytest.raises(Unreachable, match="keys"):  # noqa: PT012  (the desk names it)
        async with open_desk(
            own.database, address, own.client.namespace, keys=NO_KEYS
        ) as desk:
            answer = await desk.send(
                play.stream, "complete_items", {"items": FIRST[1:2]}, sender
            )
            assert answer is not None
            assert answer.recorded
            await desk.send(play.stream, "complete_items", note, sender)
    assert await pending(pool) == before
    async with open_desk(own.database, address, own.client.namespace) as desk:
        answer = await desk.send(play.stream, "complete_items", note, sender)
    assert answer is not None
    assert await said(play) == []
    await play.settled()
    await play.is_sound()


async def test_histories_with_a_missing_text_replay(own: Engine, soon: None) -> None:
    """Every run of a dialogue that said so can be replayed."""
    play = await own.start()
    await play.handle.signal("complete_items", completes("replayed"))
    await until_said(play)
    await hand_over(play)
    await play.is_sound()
    await replay(await play.histories())


async def test_what_the_record_lost_is_named_when_it_is_looked_up(
    own: Engine, pool: Pool, keys: Keys
) -> None:
    """An operator who notes the loss of a text has the dialogue say it, once."""
    play = await own.start()
    field = PrivateField("/note", "p-1", "Weg met een oude kopie")
    made = (await put(pool, keys, play.stream, "lost", [field]))["/note"]
    await play.update("complete_items", completes("lost", {"commitment": made}))
    await play.settled()
    seq = next(e["seq"] for e in await play.events() if e["private"])
    where = (play.stream, seq, f"polder:missing:{seq}")
    async with await psycopg.AsyncConnection.connect(own.database) as conn:
        await conn.execute(b"DELETE FROM vault.value WHERE stream = %s", (play.stream,))
        await conn.execute(
            b"INSERT INTO vault.absent VALUES (%s, %s, '/note', %s)", where
        )
    for _ in range(2):
        assert await remind(own.client, pool, older_than=timedelta(hours=1)) == 0
        await remind(own.client, pool, older_than=timedelta())
        await until_said(play)
    assert len(await said(play)) == 1
    assert await findings(pool, keys, play) == []
