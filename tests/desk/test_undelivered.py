"""Subscriptions in trouble are told where their own organisation looks each day."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import AsyncGenerator
from typing import Any

import psycopg
import pytest

from desk.desk import Desk, Sender, open_desk
from desk.subscribing import create, disable
from desk.subscription_wish import Wish
from desk.undelivered import undelivered
from storage.projecting import Projections
from storage.record import append
from storage.subscriptions import Subscription
from tests.cli.running import polder, settings
from tests.storage.dialogues import Play

OURS = "gemeente-waterdam"
THEIRS = "provincie-elders"
INTEGRATOR = Sender("s-1", "system")
REFUSES = "the subscriber answered 503"


@pytest.fixture
async def desk(database: str) -> AsyncGenerator[Desk]:
    """A desk on a record with one dialogue of ours, which p-1 directs."""
    play = Play()
    async with open_desk(database, "127.0.0.1:9") as opened:
        await append(opened.pool, play.batch(play.starts()), Projections())
        yield opened


async def subscribed(
    desk: Desk, database: str, organisation: str = OURS, **stands: object
) -> Subscription:
    """Subscribe somebody, and have the subscription stand as told."""
    wish = Wish(target=f"https://{uuid.uuid4().hex[:8]}.example/polder")
    made = await create(desk, organisation, wish, INTEGRATOR)
    columns = ", ".join(f"{name} = %({name})s" for name in stands)
    query: Any = f"UPDATE delivery.subscription SET {columns} WHERE id = %(id)s"
    if stands:
        async with await psycopg.AsyncConnection.connect(database) as conn:
            await conn.execute(query, {**stands, "id": made.subscription.id})
    return made.subscription


async def failing(desk: Desk, database: str, organisation: str = OURS) -> Subscription:
    """Subscribe somebody who takes nothing since this morning."""
    stands = {"failing_since": "2026-11-22T06:00Z", "problem": REFUSES, "failures": 3}
    return await subscribed(desk, database, organisation, **stands)


async def ids(desk: Desk, *asked: str | None) -> set[str]:
    """Give which are told."""
    return {each.id for each in await undelivered(desk, *asked)}


async def test_what_fails_or_is_disabled_is_told_and_nothing_else(
    desk: Desk, database: str
) -> None:
    """Also where one dialogue waits or an event was given up; who is well is not."""
    await subscribed(desk, database)
    away = await failing(desk, database)
    off = await subscribed(desk, database)
    await disable(desk, off, INTEGRATOR)
    waits, lost = [await subscribed(desk, database) for _ in range(2)]
    held = (
        "INSERT INTO delivery.held (subscription, organisation, stream, leaf_index, "
        "failures) VALUES (%s, %s, 'gemeente-waterdam:parkzicht', 0, 1)"
    )
    dead = (
        "INSERT INTO delivery.dead (subscription, organisation, leaf_index, stream, "
        "seq, type, problem) VALUES (%s, %s, 0, 'gemeente-waterdam:parkzicht', 1, "
        "'dialogue_started', 'the subscriber answered 400')"
    )
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await conn.execute(held, (waits.id, OURS))
        await conn.execute(dead, (lost.id, OURS))
    assert await ids(desk) == {away.id, off.id, waits.id, lost.id}


async def test_only_who_directs_in_the_organisation_hears_of_it(
    desk: Desk, database: str
) -> None:
    """No party of its dialogues does, nor who directs elsewhere."""
    ours, theirs = [await failing(desk, database, each) for each in (OURS, THEIRS)]
    assert await ids(desk, None) == {ours.id, theirs.id}
    assert await ids(desk, None, THEIRS) == {theirs.id}
    assert await ids(desk, "p-1") == {ours.id}
    assert await ids(desk, "p-1", THEIRS) == set()
    for stranger in ("p-2", "x-1"):
        assert await ids(desk, stranger) == set()


async def test_today_tells_it_in_both_languages_and_as_json(
    desk: Desk, database: str
) -> None:
    """With why, and the one command that would help; to a party nothing."""
    away = await failing(desk, database)
    off = await subscribed(desk, database)
    await disable(desk, off, INTEGRATOR)
    told = settings(DATABASE_URL=database)
    dutch = polder("today", "--as", "p-1", environment=told)
    assert dutch.code == 0, dutch.err
    assert f"{away.target}" in dutch.out
    assert "neemt niets aan sinds 2026-11-22 06:00 UTC" in dutch.out
    assert f"polder subscription test {away.id}" in dutch.out
    assert "met de hand uitgezet" in dutch.out
    assert f"polder subscription enable {off.id}" in dutch.out
    english = polder("today", "--lang", "en", environment=told)
    assert "takes nothing since 2026-11-22 06:00 UTC" in english.out
    document = polder("today", "--json", environment=told).document
    found = {each["id"]: each for each in document["subscriptions"]}
    assert found[away.id]["command"] == f"polder subscription test {away.id}"
    assert found[off.id]["status"] == "disabled"
    assert "secret" not in json.dumps(found).lower().replace("previoussecret", "")
    party = polder("today", "--as", "p-2", "--json", environment=told)
    assert "subscriptions" not in party.document
    assert away.target not in polder("today", "--as", "p-2", environment=told).out


async def test_where_all_is_well_today_says_nothing_of_subscriptions(
    desk: Desk, database: str
) -> None:
    """One that is new waits for its handshake, which is no trouble."""
    new = await subscribed(desk, database)
    told = polder("today", environment=settings(DATABASE_URL=database))
    assert new.target not in told.out
    document = polder("today", "--json", environment=settings(DATABASE_URL=database))
    assert "subscriptions" not in document.document


async def test_the_doctor_tells_it_and_is_not_well(
    desk: Desk, database: str, tmp_path: os.PathLike[str]
) -> None:
    """What fails is a check that is not well; one that somebody put out informs."""
    told = settings(DATABASE_URL=database, POLDER_HOME=str(tmp_path))
    assert _checked(told) == ("Abonnementen", True)
    off = await subscribed(desk, database)
    await disable(desk, off, INTEGRATOR)
    assert _checked(told) == ("Abonnementen", None)
    away = await failing(desk, database)
    assert _checked(told) == ("Abonnementen", False)
    page = polder("doctor", environment=told)
    assert page.code == 1
    assert away.id in page.out
    assert "neemt niets aan sinds" in page.out


def _checked(told: dict[str, str]) -> tuple[str, bool | None]:
    """Give how the check of subscriptions went, the worst first."""
    checks = polder("doctor", "--json", environment=told).document["checks"]
    found = [each for each in checks if each["name"] == "Abonnementen"]
    worst = min(found, key=lambda each: (False, None, True).index(each["well"]))
    return worst["name"], worst["well"]
