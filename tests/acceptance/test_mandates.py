"""A secretary gives mandates, people act under them, and an auditor reads about it.

On a real `polder up` with a demo clock, each command a process of its own.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from temporalio.client import Client

from servers import Home
from tests.acceptance.test_command_line import METHOD, STREAM, Town, up
from tests.cli.running import Said, polder

ORG = "gemeente-waterdam"
WHY = "Zij neemt waar wegens ziekte"


async def words(town: Town, *told: str, code: int = 0) -> Said:
    """Run a command for people; it must end with this code."""
    said = await asyncio.to_thread(polder, *told, environment=town.environment)
    assert said.code == code, f"{told}: {said}"
    return said


async def mandate(town: Town, verb: str, *told: str, code: int = 0) -> dict[str, Any]:
    """Run a command on mandates; give its JSON document."""
    return (await town.do("mandate", verb, ORG, *told, "--json", code=code)).document


async def begins(town: Town) -> None:
    """A method in force, a dialogue with two directors, and a mandate for one."""
    publish = ("method", "publish", str(METHOD), "--organisation", ORG, "--json")
    first = (await town.do(*publish, "--as", "beheer-1")).document
    again = (await town.do(*publish, "--as", "beheer-1")).document
    assert (first["new"], again["new"]) == (True, False)
    assert first["event"] == again["event"] == {"stream": f"org:{ORG}", "seq": 1}
    await town.do(*publish[:4], "Geen naam", "--json", code=2)
    roles = ("--role", "regisseur=p-1", "--role", "regisseur=p-2")
    start = ("start", "--method", "korte-aanpak", "--title", "Parkzicht")
    await town.dialogue(*start, *roles, "--as", "p-1")
    scope = ("--command", "complete", "--dialogue", "parkzicht", "--delegable")
    give = ("--to", "p-1", "--on-behalf-of", "College van B en W", *scope)
    told = (*give, "--reason", WHY, "--as", "s-1", "--id", "m-1")
    granted = await mandate(town, "grant", *told)
    assert (granted["mandate"], granted["seq"]) == (f"{ORG}/2", 2)
    repeated = await mandate(town, "grant", *told)
    assert repeated == {**granted, "repeated": True}
    other = await mandate(town, "grant", *give, "--as", "s-1", "--id", "m-1", code=4)
    assert other["error"]["name"] == "IdReused"


async def people_act(town: Town) -> None:
    """Within the mandate, under a sub-mandate, and outside of it."""
    under = ("--mandate", f"{ORG}/2", "--as", "p-1")
    done = await town.do("dialogue", "complete", STREAM, "--step", "1", *under)
    assert done.err == ""
    event = (await town.dialogue("history"))["events"][-1]
    listed = (await mandate(town, "list"))["mandates"]
    pin = {"stream": f"org:{ORG}", "seq": 2, "hash": listed[0]["hash"]}
    assert event["mandate"] == pin
    wide = ("2", "--to", "p-2", "--command", "*", "--as", "p-1")
    assert (
        "verder dan"
        in (await words(town, "mandate", "delegate", ORG, *wide, code=4)).err
    )
    stolen = ("2", "--to", "p-3", "--as", "p-2")
    refused = await mandate(town, "delegate", *stolen, code=4)
    assert refused["error"]["name"] == "OutsideMandate"
    sub = await mandate(town, "delegate", "2", "--to", "p-2", "--as", "p-1")
    assert sub["mandate"] == f"{ORG}/3"
    close = ("dialogue", "complete-step", STREAM, "1", "--as", "p-2")
    said = await words(town, *close, "--mandate", f"{ORG}/3")
    assert "niet voor dit soort opdracht" in said.err
    await words(town, *close, "--mandate", f"{ORG}/99", code=3)
    await words(town, *close, "--mandate", "geen", code=3)


async def a_mandate_ends(town: Town) -> None:
    """Withdrawn, with what was passed on; what is done after that is outside."""
    gone = await mandate(town, "revoke", "2", "--as", "s-1", "--id", "m-9")
    assert gone["mandate"] == f"{ORG}/4"
    again = await mandate(town, "revoke", "2", "--as", "s-1", "--id", "m-9")
    assert again["repeated"]
    twice = await words(town, "mandate", "revoke", ORG, "2", "--as", "s-1", code=4)
    assert "al ingetrokken" in twice.err
    late = ("dialogue", "complete", STREAM, "verslag.concept", "--as", "p-2")
    said = await words(town, *late, "--mandate", f"{ORG}/3")
    assert "gold niet meer" in said.err
    assert (await mandate(town, "list"))["mandates"] == []
    every = (await mandate(town, "list", "--all"))["mandates"]
    assert [(each["seq"], each["problem"]) for each in every] == [
        (2, "revoked"),
        (3, "delegator_lost"),
    ]


async def an_auditor_reads(town: Town) -> None:
    """The record is sound; what was outside a mandate is said, with what to do."""
    checked = (await town.do("audit", "verify", "--all", "--json")).document
    assert checked["sound"]
    assert [(each["seq"], each["reason"]) for each in checked["remarks"]] == [
        (4, "command"),
        (5, "delegator_lost"),
    ]
    assert (
        "Buiten een mandaat: 2." in (await words(town, "audit", "verify", "--all")).out
    )
    first = await words(town, "audit", "exceptions", ORG)
    assert "Buiten het mandaat" in first.out
    assert f"p-2 gaf complete_step onder {ORG}/3" in first.out
    assert "bekrachtigen" in first.out
    own = (await town.do("audit", "show", f"org:{ORG}", "--json")).document
    assert [event["type"] for event in own["events"]] == [
        "method_published",
        "mandate_granted",
        "mandate_delegated",
        "mandate_revoked",
    ]
    assert WHY not in json.dumps(own)
    assert set(own["events"][1]["private"]) == {"/reason"}


async def somebody_makes_one_up(town: Town) -> None:
    """A pin on an event that is not there is found, and the record is not sound."""
    client = await Client.connect(town.first_line["temporal"])
    made_up = {"stream": f"org:{ORG}", "seq": 2, "hash": "ab" * 32}
    envelope = {
        "id": "x-1",
        "actor": {"id": "zaaksysteem-1", "role": "system"},
        "mandate": made_up,
        "command": {"type": "melding", "source": "zaaksysteem-1"},
    }
    handle = client.get_workflow_handle(STREAM)
    await handle.execute_update("note_signal", envelope)
    checked = await town.do("audit", "verify", "--all", "--json", code=1)
    found = checked.document["findings"]
    assert [(each["check"], each["stream"]) for each in found] == [("mandate", STREAM)]
    told = (await town.do("audit", "exceptions", STREAM, "--json")).document
    assert told["exceptions"][0]["kind"] == "mandate_missing"
    assert told["exceptions"][0]["seq"] == found[0]["seq"]
    assert told["counts"]["outside_mandate"] == 2


async def test_a_mandate_from_its_grant_to_its_audit(home: Home) -> None:
    """Everything by the command line, but for what no command line would send."""
    async with up(home) as town:
        await begins(town)
        await people_act(town)
        await a_mandate_ends(town)
        await an_auditor_reads(town)
        await somebody_makes_one_up(town)
        assert await town.stop() == 0
