"""A process director finds out who matters, hears what they want, and hands over.

On a real `polder up`, each command a process of its own. Names, mandates and what
people want are in the vault alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from servers import Home
from tests.acceptance.test_command_line import STREAM, Town, left_behind, up

ME = ("--as", "p-1")
SHEET = (
    "stakeholder;soort;geraakt;invloed;bereikt;naam;mandaat\r\n"
    "college;Andere overheden;1;3;ja;;\r\n"
    "winkels;belangengroepen;2;2;nee;;\r\n"
    "huurders;eindgebruikers;3;0;nee;Huurdersclub West;Alleen na de leden\r\n"
)
WANT = "Rust na tien uur"


async def people(town: Town, *more: str) -> list[dict[str, Any]]:
    """Give the stakeholders as a program reads them."""
    found: list[dict[str, Any]] = (await town.dialogue("people", *more))["stakeholders"]
    return found


async def director_knows_who_matters(town: Town, place: Path) -> None:
    """A sheet becomes the register, once; the affected and weak are read first."""
    roles = ("--role", "process_director=p-1", "--role", "project_team=t-1")
    start = ("--method", "stakeholdermanagement", "--title", "Parkzicht")
    await town.dialogue("start", *start, *roles, *ME)
    file = place / "lijst.csv"
    file.write_bytes(SHEET.encode("cp1252"))
    dry = await town.dialogue("import-people", str(file), "--dry-run", *ME)
    assert [each["outcome"] for each in dry["stakeholders"]] == ["registered"] * 3
    assert await people(town) == []
    await town.dialogue("import-people", str(file), *ME)
    again = await town.dialogue("import-people", str(file), *ME)
    odd = place / "media.csv"
    odd.write_text("stakeholder;soort\npers;media\n")
    tried = await town.dialogue("import-people", str(odd), "--dry-run", *ME, code=4)
    assert [each["outcome"] for each in tried["stakeholders"]] == ["refused"]
    assert {each["outcome"] for each in again["stakeholders"]} == {"unchanged"}
    found = await people(town)
    assert [each["id"] for each in found] == ["huurders", "winkels", "college"]
    assert "name" not in found[0]
    opened = (await people(town, "--private", *ME))[0]
    assert (opened["name"], opened["mandate"]) == (
        "Huurdersclub West",
        "Alleen na de leden",
    )
    await town.dialogue("people", "--private", "--as", "t-1")
    await town.dialogue("people", "--private", "--as", "x-1", code=4)
    wrong = ("register-stakeholder", "pers", "--kind", "media", *ME)
    refused = await town.dialogue(*wrong, code=4)
    assert refused["error"]["name"] == "UnknownKindOfStakeholder"


async def director_plans_whom_to_ask(town: Town) -> None:
    """By kind and by stakeholder; who is not asked anything is named."""
    levels = ("eindgebruikers:doen=informeren", "winkels:doen=Actief betrekken")
    phase = ("--phase", "ontwerp=Het ontwerp")
    await town.dialogue("plan-engagement", *levels, *phase, *ME)
    page = (await town.do("dialogue", "people", STREAM)).out
    assert "nergens iets gevraagd: huurders" in page
    assert page.index("huurders") < page.index("winkels") < page.index("college")
    today = (await town.do("today", *ME)).out
    assert "Nog niet bereikt: huurders en nog 1" in today
    line = next(line for line in today.splitlines() if "--reached" in line)
    assert "change-stakeholder" in line
    await town.dialogue("change-stakeholder", "huurders", "--reached", *ME)
    await town.dialogue("plan-engagement", "huurders:doen=consult", *ME)
    page = (await town.do("dialogue", "people", STREAM)).out
    assert "nergens iets gevraagd" not in page


async def director_lays_it_on_the_table(town: Town, place: Path) -> None:
    """What clashes and what helps, in a matrix that anybody can read."""
    wish = ("record-interest", "--of", "huurders", "--text", WANT, "--priority", "1")
    await town.dialogue(*wish[:1], "stilte", *wish[1:], *ME)
    other = ("terras", "--of", "winkels", "--text", "Een terras tot elf uur")
    await town.dialogue("record-interest", *other, *ME)
    await town.dialogue(
        "relate-interests", "stilte", "terras", "--kind", "tension", *ME
    )
    picture, table = place / "m.svg", place / "m.csv"
    grid = await town.do(
        *("dialogue", "interests", STREAM, "--matrix"),
        *("--svg", str(picture), "--csv", str(table)),
    )
    assert "stilte (huurders) en terras (winkels) botsen." in grid.out
    assert WANT not in grid.out
    root = ET.fromstring(picture.read_text("utf-8"))
    assert "stilte (huurders)" in "".join(root.itertext())
    assert '"stilte"' in table.read_text("utf-8-sig").splitlines()[1]
    mine = await town.do("dialogue", "interests", STREAM, "--private", *ME)
    assert WANT in mine.out


async def a_party_joins_late_and_one_leaves(town: Town) -> None:
    """Who joins after an agreement is briefed; who leaves is still to be seen."""
    promise = ("make-agreement", "bankjes", "--who", "winkels", "--what", "Banken")
    await town.dialogue(*promise, *ME)
    await town.dialogue("register-stakeholder", "school", "--impact", "2", *ME)
    today = (await town.do("today", *ME)).out
    assert "Kwam later en is nog niet bijgepraat: school" in today
    await town.dialogue("brief", "school", "--note", "Alles doorgenomen", *ME)
    leave = ("release-stakeholder", "winkels", "--reason", "Opgeheven", *ME)
    await town.dialogue(*leave)
    found = await people(town)
    assert [each["id"] for each in found] == [
        "huurders",
        "school",
        "college",
        "winkels",
    ]
    assert found[-1]["left"] is not None
    listed = (await town.do("dialogue", "interests", STREAM)).out
    assert "winkels (vertrokken)" in listed


async def director_hands_over(town: Town) -> None:
    """In one act; the one before can do nothing more, the next one everything."""
    over = ("hand-over", "process_director", "p-1", "p-2", "--note", "Let op de bomen")
    done = await town.dialogue(*over, "--address", "p2@example.org", *ME)
    assert [event["type"] for event in done["events"]] == ["role_handed_over"]
    gone = await town.dialogue("change-stakeholder", "school", "--reached", *ME, code=4)
    assert gone["error"]["name"] == "NotHolder"
    you = ("--as", "p-2")
    await town.dialogue("change-stakeholder", "school", "--reached", *you)
    told = (await town.do("dialogue", "history", STREAM, "--private", *you)).out
    assert "Let op de bomen" in told
    assert "ging over van p-1 naar p-2" in told


async def nothing_private_is_on_record(town: Town) -> None:
    """Neither in an event nor in an entry, and the record is sound."""
    events = json.dumps(await town.dialogue("history"), ensure_ascii=False)
    lists = json.dumps([await people(town), await town.dialogue("interests")])
    texts = ("Huurdersclub", "Alleen na", WANT, "Let op de bomen", "p2@example.org")
    assert [text for text in texts if text in events + lists] == []
    assert (await town.do("audit", "verify", "--all", "--json")).document["sound"]
    assert (await town.do("audit", "rebuild", "--json")).document["findings"] == []


@pytest.mark.slow
async def test_a_director_finds_out_who_matters(home: Home, tmp_path: Path) -> None:
    """Who is affected and weak is first on every page, from the sheet to the matrix."""
    async with up(home) as town:
        await director_knows_who_matters(town, tmp_path)
        await director_plans_whom_to_ask(town)
        await director_lays_it_on_the_table(town, tmp_path)
        await a_party_joins_late_and_one_leaves(town)
        await director_hands_over(town)
        await nothing_private_is_on_record(town)
        assert await town.stop() == 0
    assert left_behind(home) == []
