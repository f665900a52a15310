"""Requests to erase that wait stand in `polder today`, for whom they are."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from desk.desk import Sender
from desk.erasing import decide, request
from desk.reads import reads
from desk.requests import waiting_for
from tests.cli.running import polder, settings
from tests.desk.town_hall import GRANTED, OFFICER, ORGANISATION, TownHall

OTHER = "gemeente-anders"
NOW = datetime.now(UTC)


async def asks(hall: TownHall, erasure: str, organisation: str = ORGANISATION) -> None:
    """Have somebody ask to be erased."""
    who = Sender("anna", "participant")
    await request(hall.desk, organisation, "anna", who, erasure=erasure)


async def ids(
    hall: TownHall, reader: Sender | None, organisation: str | None = None
) -> list[str]:
    """Give which requests this reader is told of."""
    found = await waiting_for(hall.desk, reader, organisation, NOW)
    return [one.erasure for one in found]


async def test_they_are_for_who_decides_or_carries_out(hall: TownHall) -> None:
    """Of all organisations, oldest first, until it is decided; nobody else sees any."""
    await hall.dialogue(words=False)
    await asks(hall, "een")
    await asks(hall, "elders", OTHER)
    for reader in (None, OFFICER, Sender("o-1", "operator")):
        assert await ids(hall, reader) == ["een", "elders"]
        assert await ids(hall, reader, OTHER) == ["elders"]
    assert await ids(hall, Sender("p-1")) == ["een"]  # who steers there
    assert await ids(hall, Sender("p-1"), OTHER) == []
    for nobody in (Sender("anna"), Sender("x-1"), Sender("p-1", "participant")):
        assert await ids(hall, nobody) == []
    await decide(hall.desk, ORGANISATION, "een", OFFICER, GRANTED)
    assert await ids(hall, OFFICER) == ["elders"]


async def test_today_leads_to_them_and_they_to_the_decision(hall: TownHall) -> None:
    """By when; whom they are about is told to who decides, once that is on record."""
    house = "gemeente-vandaag"
    await asks(hall, "vandaag", house)
    told = settings(DATABASE_URL=hall.database)
    today = ("today", "--as", "fg-1/privacy_officer", "--organisation", house)
    page = await asyncio.to_thread(polder, *today, environment=told)
    assert "Iemand vraagt om te worden gewist" in page.out
    assert f"{house}: Te beslissen uiterlijk op:" in page.out
    command = f"polder audit erasures {house} --private"
    assert command in page.out
    assert "anna" not in page.out
    document = await asyncio.to_thread(polder, *today, "--json", environment=told)
    [one] = document.document["requests"]
    assert (one["erasure"], one["command"]) == ("vandaag", command)
    assert timedelta(27) < timedelta(one["days"]) < timedelta(32)
    words = (*command.split()[1:], "--as")
    refused = await asyncio.to_thread(polder, *words, "x-1/member", environment=told)
    assert refused.code == 4
    assert "anna" not in refused.out
    opened = await asyncio.to_thread(
        polder, *words, "fg-1/privacy_officer", environment=told
    )
    assert f"polder audit erase {house} anna --id vandaag --ground" in opened.out
    noted = await reads(hall.desk, who="fg-1", target=house)
    assert [(read.what, read.opened) for read in noted] == [("erasures", True)]
    party = await asyncio.to_thread(polder, "today", "--as", "anna", environment=told)
    assert "gewist" not in party.out
