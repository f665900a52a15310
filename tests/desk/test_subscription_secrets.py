"""A secret is shown to who made it, at that moment, and to nobody later."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator

import psycopg
import pytest

from desk import subscribing
from desk.desk import Desk, Sender, open_desk
from desk.errors import Refused
from desk.subscription_secrets import Made
from desk.subscription_wish import Wish

OURS = "gemeente-waterdam"
ONE, OTHER = Sender("o-1", "operator", "http"), Sender("o-2", "operator", "http")


@pytest.fixture
async def desk(database: str) -> AsyncGenerator[Desk]:
    """A desk on a record with nothing in it."""
    async with open_desk(database, "127.0.0.1:9") as opened:
        yield opened


async def created(desk: Desk, id: str, sender: Sender = ONE) -> Made:
    """Subscribe by a form with this id."""
    wish = Wish("https://zaken.example.org/polder")
    return await subscribing.create(desk, OURS, wish, sender, id=id)


async def test_who_sends_an_act_again_gets_no_secret_of_a_later_one(
    desk: Desk,
) -> None:
    """Not by the form that took a new one, nor by that which made the subscription."""
    name = str(uuid.uuid4())
    made = await created(desk, name)
    assert (await created(desk, name)).secret == made.secret
    found = made.subscription
    mine = await subscribing.rotate(desk, found, ONE, command="a-2")
    again = await subscribing.rotate(desk, found, ONE, command="a-2")
    assert again.secret == mine.secret
    with pytest.raises(Refused) as refused:
        await created(desk, name)
    assert refused.value.name == "MadeBefore"
    theirs = await subscribing.rotate(desk, found, OTHER, command="b-1")
    for late in (
        subscribing.rotate(desk, found, ONE, command="a-2"),
        subscribing.rotate(desk, found, ONE, command="b-1"),
        created(desk, name),
    ):
        with pytest.raises(Refused) as refused:
            await late
        assert refused.value.name == "MadeBefore"
    kept = await subscribing.rotate(desk, found, OTHER, command="b-1")
    assert kept.secret == theirs.secret
    done = [act.act for act in await subscribing.acts(desk, found)]
    assert done == ["rotated", "rotated", "created"]


async def test_a_secret_is_told_again_for_minutes_alone(
    desk: Desk, database: str
) -> None:
    """Who comes back an hour later takes another one, also where nobody did since."""
    name = str(uuid.uuid4())
    found = (await created(desk, name)).subscription
    await an_hour_goes_by(database)
    with pytest.raises(Refused, match="was shown then"):
        await created(desk, name)
    await subscribing.rotate(desk, found, ONE, command="a-2")
    await an_hour_goes_by(database)
    with pytest.raises(Refused, match="was shown then"):
        await subscribing.rotate(desk, found, ONE, command="a-2")
    with pytest.raises(Refused, match="was shown then"):
        await created(desk, name, OTHER)


async def an_hour_goes_by(database: str) -> None:
    """Let all that was done with subscriptions be an hour longer ago."""
    async with await psycopg.AsyncConnection.connect(database) as conn:
        await conn.execute("ALTER TABLE delivery.act DISABLE TRIGGER append_only")
        await conn.execute("UPDATE delivery.act SET at = at - interval '1 hour'")
