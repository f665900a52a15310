"""Cases and clients from the command line, as an operator types it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from temporalio.client import Client

from desk.access import tokens
from tests.cli.running import Said, polder, settings
from tests.desk.town_hall import DIRECTOR, ORGANISATION, TownHall, town_hall
from tests.services import own_namespace

CASE = "https://zaken.example.org/zaken/api/v1/zaken/6f1c7e1e"


@pytest.fixture(scope="module")
async def hall(
    temporal_client: Client,
    module_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[TownHall]:
    """Give the servers with a desk and a worker."""
    space = await own_namespace(temporal_client, "linking")
    home = tmp_path_factory.mktemp("linking")
    async with town_hall(space, module_database, home) as opened:
        yield opened


async def typed(hall: TownHall, *words: str) -> Said:
    """Type a command on the machine of the record."""
    home = str(Path(hall.home) / "none")
    there = settings(DATABASE_URL=hall.database, POLDER_HOME=home, POLDER_LANG="nl")
    return await asyncio.to_thread(polder, *words, environment=there)


async def test_a_case_is_linked_and_let_go(hall: TownHall) -> None:
    """Linked twice it is there once; what was never linked is not found."""
    stream = await hall.dialogue(words=False)
    link = ("dialogue", "link-case", stream, CASE, "--as", "p-1", "--json")
    said, again = [await typed(hall, *link) for _ in range(2)]
    assert said.code == 0, said.err
    assert said.document == again.document
    [one] = said.document["cases"]
    assert (one["dialogue"], one["url"], one["linkedBy"]) == (stream, CASE, "p-1")
    shown = await typed(hall, "dialogue", "cases", stream)
    assert CASE in shown.out
    unlink = ("dialogue", "unlink-case", stream, CASE)
    assert (await typed(hall, *unlink)).code == 4, "nobody in particular may not"
    away = await typed(hall, *unlink, "--as", "p-1")
    assert (away.code, "aan geen zaak gekoppeld" in away.out) == (0, True)
    assert (await typed(hall, *unlink, "--as", "p-1")).code == 3
    wrong = await typed(hall, "dialogue", "link-case", stream, "zaak-1", "--as", "p-1")
    assert wrong.code != 0
    assert "geen adres van een zaak" in wrong.err


async def test_a_case_system_gets_what_it_signs_with(hall: TownHall) -> None:
    """The secret of an integrator's token is the same each time; others have none."""
    made = [
        await tokens.create(hall.desk, ORGANISATION, [role], DIRECTOR)
        for role in ("integrator", "director")
    ]
    first, again = [
        await typed(hall, "token", "client", made[0].id, "--json") for _ in range(2)
    ]
    assert first.document == again.document
    assert first.document["clientId"] == made[0].id
    assert len(first.document["secret"]) == 43
    refused = await typed(hall, "token", "client", made[1].id)
    assert refused.code != 0
    assert "integrator" in refused.err
