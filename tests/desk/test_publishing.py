"""Whoever operates Polder sees how far each place is, and which one contradicts."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.errors import Refused
from desk.packs import newest_checkpoint
from desk.publishing import cosigned, outside
from storage.pool import Pool, make_pool
from storage.publications import (
    Timestamp,
    keep_cosignature,
    keep_timestamp,
    newest_published,
    note_failed,
    note_known,
    note_published,
)
from tests.activities.witnesses import OUR_WITNESS, cosignature
from tests.cli.running import polder, settings
from tests.desk.sealed import Town, town

SIGNED = 1_795_000_000
STAMPED = datetime(2026, 11, 21, 22, tzinfo=UTC)


@pytest.fixture
async def sealed(database: str, tmp_path: Path) -> AsyncGenerator[Town]:
    """A record with a published checkpoint."""
    async with town(database, tmp_path) as played:
        await played.dialogue()
        await played.seal(publish=True)
        yield played


@pytest.fixture
async def sealers(database: str) -> AsyncGenerator[Pool]:
    """The role of who publishes."""
    async with make_pool(database, role="polder_sealer") as pool:
        yield pool


async def vouched(pool: Pool) -> int:
    """Let a witness and an authority vouch for the newest checkpoint; its size."""
    newest = await newest_published(pool)
    assert newest is not None
    line = cosignature(newest.note, SIGNED)
    await keep_cosignature(pool, newest.size, OUR_WITNESS.name, line)
    await keep_timestamp(pool, newest.size, Timestamp("tsa.example", b"x", STAMPED))
    return newest.size


async def test_each_place_is_told_with_its_last_problem(
    sealed: Town, sealers: Pool
) -> None:
    """One that never worked, one that lags behind, and one that is up to date."""
    size = await vouched(sealers)
    await note_known(sealers, "mail:waterdam.example#1")
    await note_published(sealers, "webhook:hooks.example#1", 3)
    for _ in range(2):
        await note_failed(sealers, "webhook:hooks.example#1", "it answered 503")
    await note_failed(sealers, "directory", "was away")
    await note_published(sealers, "directory", size)
    await note_published(sealers, "directory", 2)
    sound, document = await outside(sealed.desk)
    assert sound
    told = {each["target"]: each for each in document["publications"]}
    assert list(told) == [
        "directory",
        "mail:waterdam.example#1",
        "webhook:hooks.example#1",
    ]
    assert (told["directory"]["size"], told["directory"]["error"]) == (size, None)
    assert told["mail:waterdam.example#1"]["triedAt"] is None
    late = told["webhook:hooks.example#1"]
    assert (late["size"], late["failures"], late["error"]) == (3, 2, "it answered 503")


async def test_who_vouches_is_told_with_their_own_moment(
    sealed: Town, sealers: Pool
) -> None:
    """With each checkpoint that is given out, and with the places."""
    await vouched(sealers)
    newest = (await outside(sealed.desk)).document["newest"]
    for told in (newest, (await newest_checkpoint(sealed.desk)).document):
        at = datetime.fromtimestamp(SIGNED, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
        assert told["cosignatures"] == [{"witness": OUR_WITNESS.name, "at": at}]
        at = "2026-11-21T22:00:00.000000Z"
        assert told["timestamps"] == [{"authority": "tsa.example", "at": at}]


async def test_a_place_that_contradicts_the_record_ends_the_command_with_1(
    sealed: Town, sealers: Pool, database: str
) -> None:
    """It is no matter of waiting: somebody has to look."""
    await note_published(sealers, "directory", 3)
    ask = ("audit", "publications")
    environment = settings(DATABASE_URL=database, TEMPORAL_ADDRESS="127.0.0.1:9")
    assert polder(*ask, environment=environment).code == 0
    problem = (
        "the directory holds a checkpoint of size 99 that is not on record: was an "
        "older record put back?"
    )
    await note_failed(sealers, "directory", problem, contradicts=True)
    told = polder(*ask, environment={**environment, "POLDER_LANG": "en"})
    assert told.code == 1
    assert problem in told.out
    assert "polder audit verify --all --since FILE --key VKEY" in told.out
    dutch = polder(*ask, environment={**environment, "POLDER_LANG": "nl"})
    assert "in de map ligt een ijkpunt van 99 gebeurtenissen" in dutch.out
    assert polder(*ask, "--json", environment=environment).document["publications"]


async def test_a_pack_does_not_wait_for_ever_for_witnesses(
    sealed: Town, sealers: Pool
) -> None:
    """Who asked for one more than there are is told how many there are."""
    size = await vouched(sealers)
    await cosigned(sealed.desk, size, 0)
    await cosigned(sealed.desk, size, 1)
    with pytest.raises(Refused, match="1 of 2 witnesses") as refused:
        await cosigned(sealed.desk, size, 2, timedelta(seconds=0.3))
    assert refused.value.facts == {"have": 1, "wanted": 2}
