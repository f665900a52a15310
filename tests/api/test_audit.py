"""What the API gives out to be checked: states of the past, packs, and the log."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from activities.contracts.log import PackMade, PackRequest
from desk import packs_apart
from desk.access.caller import Caller
from desk.packs_apart import Maker, ask_pack
from evidence import verify
from evidence.checkpoint import parse_checkpoint, verify_checkpoint
from evidence.note import parse_note
from evidence.tree import Frontier
from storage import logkey
from storage.pool import connection, make_pool
from storage.projecting import Projections
from storage.reads import reads
from storage.record import append
from tests.api.conftest import OTHER, Api
from tests.desk.town_hall import ORGANISATION, WORDS, TownHall
from tests.storage.dialogues import Play
from workers.sealing import make_sealer


async def sealed(api: Api) -> str:
    """Give a dialogue that is in the log."""
    stream = await api.hall.dialogue()
    await api.hall.seals()
    return stream


async def test_a_state_of_the_past_comes_with_what_covers_it(api: Api) -> None:
    """By place, by checkpoint and by moment; and that it was read is on record."""
    stream = await sealed(api)
    path = f"/v1/dialogues/{stream}/audit/state"
    then = (await api.get(f"{path}?at=2")).json()
    assert (then["seq"], then["asked"], then["dialogue"]) == (2, "2", stream)
    assert then["state"]["version"] == 2
    assert then["checkpoint"]["size"] > then["leafIndex"]
    later = await api.get(f"{path}?at=checkpoint:{then['checkpoint']['size']}")
    assert later.json()["seq"] == 4
    moment = then["at"].replace("+", "%2B")
    assert (await api.get(f"{path}?at={moment}")).json()["hash"] == then["hash"]
    found = await reads(api.hall.desk.pool, who="p-1", target=stream)
    assert [each.what for each in found] == ["as-of"] * 3


async def test_two_moments_are_compared(api: Api) -> None:
    """Property by property; without a second moment with the present."""
    stream = await sealed(api)
    path = f"/v1/dialogues/{stream}/audit/diff"
    found = (await api.get(f"{path}?from=1&to=2")).json()
    assert (found["before"]["seq"], found["after"]["seq"]) == (1, 2)
    paths = {each["path"] for each in found["changes"]}
    assert any(each.startswith("/roles") for each in paths)
    assert (await api.get(f"{path}?from=1")).json()["after"]["seq"] == 4


@pytest.mark.parametrize(
    ("query", "status"),
    [("at=", 400), ("at=gisteren", 400), ("at=99", 404), ("from=1", 400)],
)
async def test_no_moment_is_no_answer(api: Api, query: str, status: int) -> None:
    """What is no moment is bad input; one that never was, is not there."""
    stream = await sealed(api)
    found = await api.get(f"/v1/dialogues/{stream}/audit/state?{query}")
    assert found.status_code == status, found.text


async def test_how_it_is_now_is_for_all_who_read(api: Api, hall: TownHall) -> None:
    """Without a moment: what the events fold to, and no more of the past than that."""
    stream = await hall.dialogue()
    path = f"/v1/dialogues/{stream}/audit/state"
    now = await api.get(path, "integrator")
    assert now.status_code == 200
    seq = now.json()["seq"]
    then = (await api.get(f"{path}?at={seq}")).json()
    assert now.json()["state"] == then["state"]
    assert now.json()["hash"] == then["hash"]
    assert (await api.get(f"{path}?at={seq}", "integrator")).status_code == 403
    assert (await api.get(path, "participant")).status_code == 403


@pytest.mark.parametrize("what", ["state?at=1", "diff?from=1", "pack"])
async def test_the_past_is_for_who_may_audit(api: Api, what: str) -> None:
    """Who only takes part in it may not, and others learn nothing."""
    stream = await sealed(api)
    path = f"/v1/dialogues/{stream}/audit/{what}"
    assert (await api.get(path, "member")).status_code == 403
    other = await api.client.get(
        path, headers=await api.bearer("auditor", organisation=OTHER)
    )
    assert other.status_code == 404


@pytest.fixture
async def packer(api: Api, hall: TownHall) -> AsyncGenerator[httpx.AsyncClient]:
    """Give a client of an API beside which a worker has the log's key."""
    key = hall.home / "log.key"
    logkey.create(key, "test")
    maker = Maker(hall.database, None, key)
    async with (
        make_pool(hall.database) as pool,
        make_sealer(hall.client, pool, key, make=maker.make),
    ):
        yield api.client


def report_of(pack: bytes, key: Path) -> verify.Report:
    """Judge a pack by the log's key."""
    return verify.examine(pack, [str(logkey.read(key).vkey)])


async def test_a_pack_can_be_checked_by_whoever_gets_it(
    api: Api, packer: httpx.AsyncClient
) -> None:
    """It holds all events, and the texts that its reader may read."""
    stream = await sealed(api)
    path = f"/v1/dialogues/{stream}/audit/pack"
    found = await packer.get(path, headers=await api.bearer())
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == "application/zip"
    name = stream.replace(":", "-")
    disposition = f'attachment; filename="{name}.zip"'
    assert found.headers["content-disposition"] == disposition
    report = report_of(found.content, api.hall.home / "log.key").as_json()
    assert report["sound"] is True
    assert report["private"]["opened"] > 0
    (read, *_) = await reads(api.hall.desk.pool, who="p-1", target=stream)
    assert (read.what, read.opened) == ("pack", True)


async def test_a_token_without_private_opens_nothing_in_a_pack(
    api: Api, packer: httpx.AsyncClient
) -> None:
    """Whoever it speaks for; and what is withheld can be asked for as well."""
    stream = await sealed(api)
    path = f"/v1/dialogues/{stream}/audit/pack"
    auditor = await packer.get(path, headers=await api.bearer("auditor"))
    asked = await packer.get(f"{path}?withhold=all", headers=await api.bearer())
    for found in (auditor, asked):
        report = report_of(found.content, api.hall.home / "log.key").as_json()
        assert (report["sound"], report["private"]["opened"]) == (True, 0)
    wrong = await packer.get(f"{path}?withhold=naam", headers=await api.bearer())
    assert wrong.status_code == 400


async def test_one_pack_at_a_time_is_made_for_an_organisation(
    api: Api, hall: TownHall
) -> None:
    """A second caller is told when to come back; another organisation is not kept."""
    begun, go = asyncio.Event(), asyncio.Event()
    play = Play("plein")
    play.stream = theirs = f"{OTHER}:plein"
    await append(hall.desk.pool, play.batch(play.starts()), Projections())
    key = hall.home / "log.key"
    logkey.create(key, "test")
    maker = Maker(hall.database, None, key)

    async def make(request: PackRequest) -> PackMade:
        if request.stream != theirs:
            begun.set()
            await go.wait()
        return await maker.make(request)

    stream = await sealed(api)
    path = f"/v1/dialogues/{stream}/audit/pack"
    headers = await api.bearer()
    async with (
        asyncio.timeout(60),
        make_pool(hall.database) as pool,
        make_sealer(hall.client, pool, key, make=make),
    ):
        first = asyncio.create_task(api.client.get(path, headers=headers))
        await begun.wait()
        second = await api.get(path, "auditor")
        assert (second.status_code, second.json()["error"]) == (429, "PackUnderWay")
        assert int(second.headers["retry-after"]) > 0
        desk = hall.desk
        caller = Caller("t", OTHER, "p-1", frozenset({"member"}))
        size, parts = await ask_pack(desk, caller, theirs)
        assert size == len(b"".join([part async for part in parts]))
        assert not first.done()
        go.set()
        assert (await first).status_code == 200
        assert (await api.client.get(path, headers=headers)).status_code == 200


async def test_where_nobody_makes_packs_that_is_told(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In time, with where to look; and what can't be asked for is told at once."""
    monkeypatch.setattr(packs_apart, "PATIENCE", timedelta(seconds=1))
    stream = await sealed(api)
    found = await api.get(f"/v1/dialogues/{stream}/audit/pack")
    assert found.status_code == 503
    assert found.headers["retry-after"]
    absent = await api.get(f"/v1/dialogues/{ORGANISATION}:is-er-niet/audit/pack")
    assert absent.status_code == 404


async def test_a_pack_on_its_way_is_for_nobody_else(
    api: Api, packer: httpx.AsyncClient
) -> None:
    """In the database it is unreadable, and once it was fetched it is gone."""
    stream = await sealed(api)
    caller = Caller("t", ORGANISATION, "p-1", frozenset({"member"}))
    desk = api.hall.desk
    size, parts = await ask_pack(desk, caller, stream)
    async with connection(desk.pool) as conn:
        cursor = await conn.execute("SELECT body FROM delivery.pack ORDER BY part")
        lies = b"".join(row[0] for row in await cursor.fetchall())
    assert b"PK" not in lies[:8]
    assert WORDS.encode() not in lies
    whole = b"".join([part async for part in parts])
    assert len(whole) == size
    assert WORDS.encode() in whole
    async with connection(desk.pool) as conn:
        row = await (
            await conn.execute("SELECT count(*) FROM delivery.pack")
        ).fetchone()
    assert row == (0,)


async def test_anybody_may_have_the_checkpoint(api: Api) -> None:
    """As text or as JSON, without a token, from any page."""
    await sealed(api)
    key = logkey.read(api.hall.home / "log.key")
    text = await api.client.get(
        "/v1/audit/checkpoint", headers={"Accept": "text/plain"}
    )
    told = await api.client.get("/v1/audit/checkpoint")
    assert text.headers["access-control-allow-origin"] == "*"
    verify_checkpoint(text.content, key.vkeys)
    assert told.json()["note"] == text.text
    assert told.json()["size"] == parse_checkpoint(parse_note(text.content).text).size
    tree = await api.client.get("/v1/audit/tree/checkpoint")
    assert tree.content == text.content


async def test_the_tree_is_made_again_from_its_tiles(api: Api) -> None:
    """Whoever fetches the tiles comes to the root that the checkpoint signs."""
    await sealed(api)
    told = (await api.client.get("/v1/audit/checkpoint")).json()
    tree = Frontier()
    full, rest = divmod(told["size"], 256)
    for number in range(full + 1):
        width = 256 if number < full else rest
        if not width:
            break
        part = "" if width == 256 else f".p/{width}"
        found = await api.client.get(f"/v1/audit/tree/tile/0/{number:03}{part}")
        assert found.status_code == 200
        assert "immutable" in found.headers["cache-control"]
        assert len(found.content) == 32 * width
        for at in range(0, len(found.content), 32):
            tree.append(found.content[at : at + 32])
    assert told["root"] == b64encode(tree.root()).decode()


@pytest.mark.parametrize(
    "path",
    ["0/999", "0/000.p/0", "0/000.p/257", "0/x000/000", "0/0", "8/000", "0/000.p/256",
     "-1/000", "0/../../events", "entries/000"],
)  # fmt: skip
async def test_what_the_log_does_not_have_is_not_there(api: Api, path: str) -> None:
    """Nor is a tile under another address than its own."""
    await sealed(api)
    found = await api.client.get(f"/v1/audit/tree/tile/{path}")
    assert found.status_code in {401, 404}


async def test_another_organisation_has_the_same_log(api: Api) -> None:
    """The log is one: of what is in it, only hashes are for everybody."""
    stream = await sealed(api)
    bearer = await api.bearer("auditor", organisation=OTHER)
    found = await api.client.get("/v1/audit/checkpoint", headers=bearer)
    assert found.status_code == 200
    assert ORGANISATION not in found.text
    assert stream not in found.text
