"""A person is erased from running and ended dialogues, and the record stays sound."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import psycopg
import pytest

from desk.certificates import of_erasure
from desk.desk import Sender
from desk.erasing import Ruling, asked, case, decide, request
from desk.errors import NotFound, Refused
from desk.executing import execute, outcome
from desk.history import history
from desk.holding import lift, place
from desk.resuming import resume
from desk.saying import said
from storage.contacts import contacts
from storage.house import house
from storage.ownlog import events
from storage.pool import connect
from storage.vault import openings
from tests.desk.town_hall import (
    ANNA,
    ARCHIVIST,
    BRAM,
    DIRECTOR,
    GRANTED,
    HOUSE,
    OFFICER,
    ORGANISATION,
    WORDS,
    TownHall,
)


async def types(hall: TownHall, erasure: str) -> list[str]:
    """The organisation's own events about an erasure, in order."""
    noted = await events(hall.desk.pool, HOUSE)
    return [one.type for one in noted if one.data.get("erasure") == erasure]


async def test_a_person_is_erased_everywhere_and_it_is_shown(hall: TownHall) -> None:
    """In a dialogue that runs, one that is paused and one that has ended."""
    running, paused, ended = [await hall.dialogue() for _ in range(3)]
    await hall.does(paused, "pause_dialogue", reason="even wachten")
    await hall.ends(ended)
    await hall.granted("everywhere")
    done = await execute(hall.desk, ORGANISATION, "everywhere", OFFICER)
    assert (done.untold, done.held) == ((), ())
    proof = done.proof
    assert proof is not None
    assert proof.nothing_left, proof
    assert (proof.values, proof.key, proof.found) == (0, False, ())
    assert proof.texts == 3
    assert {each.stream for each in proof.histories} == {running, paused, ended}
    assert all(each.runs == 1 for each in proof.histories)
    assert "vault.erasure" not in {hit.table for hit in proof.named}
    assert await types(hall, "everywhere") == [
        "erasure_requested",
        "erasure_decided",
        "erasure_executed",
    ]
    for stream in (running, paused, ended):
        past = [event async for event in history(hall.desk, stream)]
        erased = [e for e in past if e.members["type"] == "personal_data_erased"]
        (names,) = [e.members["data"] for e in erased]
        assert set(names) == {"paths"}
        assert len(names["paths"]) == 3
        assert "anna" not in json.dumps([e.members["data"] for e in erased])
        left = await openings(hall.desk.pool, hall.desk.keys, stream)
        assert "anna" not in {opening.subject for opening in left}
        assert "bram" in {opening.subject for opening in left}
    assert await hall.findings() == []


async def test_no_letter_reaches_who_was_erased(hall: TownHall) -> None:
    """A message that is owed to them is undeliverable, and no fault of anybody."""
    stream = await hall.dialogue(words=False)
    await hall.granted("no-letters")
    done = await execute(hall.desk, ORGANISATION, "no-letters", OFFICER)
    assert done.case.status == "executed"
    pool, keys = hall.desk.pool, hall.desk.keys
    assert await contacts(pool, keys, stream, ["anna"]) == {}
    first = ["tijd-nemen", "open-agenda", "rollen-team"]
    await hall.does(stream, "complete_items", items=[f"kennismaken.{i}" for i in first])
    await hall.does(stream, "complete_step", step="kennismaken")
    await hall.does(stream, "start_step", step="belangen")
    await hall.does(stream, "open_window", window="belangen.klopt-het-beeld")
    await hall.quiet(stream)
    past = [event.members async for event in history(hall.desk, stream)]
    (told,) = [m["data"] for m in past if m["type"] == "effect_completed"]
    assert "anna" in told["undeliverable"]
    assert told["sent"] == ["bram"]
    letters = hall.letters()
    assert BRAM["address"] in letters
    assert ANNA["address"] not in letters
    assert await hall.findings() == []


async def test_who_goes_on_afterwards_has_a_new_key(hall: TownHall) -> None:
    """What comes after an erasure is kept like anybody's, until it is asked again."""
    stream = await hall.dialogue(words=False)
    await hall.granted("goes-on")
    await execute(hall.desk, ORGANISATION, "goes-on", OFFICER)
    pool, keys = hall.desk.pool, hall.desk.keys
    assert await keys.id_of(ORGANISATION, "anna") is None
    await hall.says(stream, "anna", "Ik denk toch weer mee")
    assert await keys.id_of(ORGANISATION, "anna") is not None
    (opening,) = [o for o in await openings(pool, keys, stream) if o.path == "/reason"]
    assert opening.value == "Ik denk toch weer mee"
    await hall.granted("goes-on-again")
    again = await execute(hall.desk, ORGANISATION, "goes-on-again", OFFICER)
    assert [one.fields for one in again.made if one.stream == stream] == [1]
    assert await hall.findings() == []


async def test_erasing_twice_is_erasing_once(hall: TownHall) -> None:
    """Carried out again, or under a new name, it finds nothing and says so."""
    await hall.dialogue(words=False)
    await hall.granted("twice")
    first = await execute(hall.desk, ORGANISATION, "twice", OFFICER)
    again = await execute(hall.desk, ORGANISATION, "twice", OFFICER)
    assert (again.case, again.made) == (first.case, first.made)
    assert again.proof is None
    assert again.subject is None
    await hall.granted("thrice")
    nothing = await execute(hall.desk, ORGANISATION, "thrice", OFFICER)
    assert [one.stream for one in nothing.made] == [HOUSE]
    assert nothing.proof is not None
    assert nothing.proof.nothing_left


async def test_a_refusal_is_on_record_with_its_ground(hall: TownHall) -> None:
    """Nothing goes; who asked can read why; another decision does not replace it."""
    stream = await hall.dialogue()
    ruling = Ruling(
        granted=False,
        ground="legal_claims",
        authority="besluit 8",
        explanation="Er loopt nog een zaak.",
    )
    await request(hall.desk, ORGANISATION, "anna", Sender("anna"), erasure="refused")
    known = await decide(hall.desk, ORGANISATION, "refused", OFFICER, ruling)
    assert known.status == "refused"
    assert await decide(hall.desk, ORGANISATION, "refused", OFFICER, ruling) == known
    with pytest.raises(Refused, match="decided already"):
        await decide(hall.desk, ORGANISATION, "refused", OFFICER, GRANTED)
    with pytest.raises(Refused, match="nothing to do"):
        await execute(hall.desk, ORGANISATION, "refused", OFFICER)
    document = of_erasure(ORGANISATION, await outcome(hall.desk, ORGANISATION, known))
    assert document["decided"]["article"] == "17(3)(e)"
    assert any("juridische" in text for text in document["text"]["nl"])
    kept = await openings(hall.desk.pool, hall.desk.keys, stream)
    assert WORDS in [opening.value for opening in kept]
    assert await hall.findings() == []


async def asks(hall: TownHall, who: Sender) -> None:
    """Ask for somebody else."""
    await request(hall.desk, ORGANISATION, "bram", who, erasure="roles-2")


async def decides(hall: TownHall, who: Sender) -> None:
    """Grant what was asked."""
    await decide(hall.desk, ORGANISATION, "roles", who, GRANTED)


async def carries_out(hall: TownHall, who: Sender) -> None:
    """Carry out what was not even decided."""
    await execute(hall.desk, ORGANISATION, "roles", who)


ACTS = {"request": asks, "decide": decides, "execute": carries_out}


@pytest.mark.parametrize(
    ("sender", "act"),
    [
        (Sender("k-1", "participant"), "request"),
        (Sender("anna", "participant"), "decide"),
        (Sender("op-1", "operator"), "decide"),
        (Sender("m-1", "member"), "execute"),
        (Sender("polder", "director"), "request"),
        (Sender("x", "clock"), "request"),
    ],
)
async def test_it_takes_a_role(hall: TownHall, sender: Sender, act: str) -> None:
    """To ask for another, to decide, and to carry out."""
    await request(hall.desk, ORGANISATION, "bram", Sender("bram"), erasure="roles")
    with pytest.raises(Refused):
        await ACTS[act](hall, sender)
    known = await case(hall.desk, ORGANISATION, "roles")
    assert known.status == "requested"


async def test_a_person_is_named_by_an_opaque_id(hall: TownHall) -> None:
    """Not by a name; and what was asked for one is not carried out for another."""
    with pytest.raises(Refused, match="opaque"):
        await request(
            hall.desk, ORGANISATION, "Anna de Vries", OFFICER, erasure="by-name"
        )
    await request(hall.desk, ORGANISATION, "bram", OFFICER, erasure="of-bram")
    with pytest.raises(Refused):
        await request(hall.desk, ORGANISATION, "anna", OFFICER, erasure="of-bram")
    with pytest.raises(NotFound):
        await case(hall.desk, ORGANISATION, "by-name")


async def test_a_hold_stops_a_decision(hall: TownHall) -> None:
    """On the person, on a dialogue they are in, or on all; a refusal is possible."""
    stream = await hall.dialogue()
    slug = stream.partition(":")[2]
    await request(hall.desk, ORGANISATION, "anna", OFFICER, erasure="held")
    for name, on in (
        ("h-anna", {"subject": "anna"}),
        ("h-slug", {"dialogue": slug}),
        ("h-all", {}),
    ):
        told: dict[str, Any] = {"ground": "litigation", "authority": "rol 1", **on}
        await place(hall.desk, ORGANISATION, OFFICER, hold=name, **told)
        with pytest.raises(Refused, match=name):
            await decide(hall.desk, ORGANISATION, "held", OFFICER, GRANTED)
        await lift(hall.desk, ORGANISATION, OFFICER, hold=name, authority="rol 2")
    await place(
        hall.desk,
        ORGANISATION,
        ARCHIVIST,
        hold="h-bram",
        ground="audit",
        authority="rol 3",
        subject="bram",
    )
    await decide(hall.desk, ORGANISATION, "held", OFFICER, GRANTED)
    done = await execute(hall.desk, ORGANISATION, "held", OFFICER)
    assert done.case.status == "executed"
    await lift(hall.desk, ORGANISATION, OFFICER, hold="h-bram", authority="rol 4")
    assert await hall.findings() == []


async def moved(hall: TownHall, command: str, other: str) -> None:
    """Put what one command has in the vault under another."""
    query = b"UPDATE vault.value SET command_id = %s WHERE command_id = %s"
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        assert (await conn.execute(query, (other, command))).rowcount == 1


async def test_a_hold_that_lost_its_person_says_that_it_holds_all(
    hall: TownHall,
) -> None:
    """Whoever is to be erased; once its text is back, only its own person."""
    await hall.dialogue()
    await request(hall.desk, ORGANISATION, "anna", OFFICER, erasure="whom")
    told: dict[str, Any] = {"ground": "litigation", "authority": "rol 5"}
    await place(hall.desk, ORGANISATION, OFFICER, hold="h-lost", subject="bram", **told)
    cause = "polder:hold:h-lost:placed"
    await moved(hall, cause, "elsewhere")
    with pytest.raises(Refused, match="whom h-lost is about") as refused:
        await decide(hall.desk, ORGANISATION, "whom", OFFICER, GRANTED)
    assert refused.value.name == "OnHold"
    assert "houdt het alles van gemeente-waterdam vast" in said(refused.value, "nl")
    await moved(hall, "elsewhere", cause)
    await decide(hall.desk, ORGANISATION, "whom", OFFICER, GRANTED)
    await lift(hall.desk, ORGANISATION, OFFICER, hold="h-lost", authority="rol 6")
    done = await execute(hall.desk, ORGANISATION, "whom", OFFICER)
    assert done.case.status == "executed"
    assert await hall.findings() == []


async def test_a_hold_between_decision_and_execution_holds(hall: TownHall) -> None:
    """What it covers stays, what it does not goes; once it is lifted the rest goes."""
    held, free = await hall.dialogue(), await hall.dialogue()
    await hall.granted("meanwhile")
    slug = held.partition(":")[2]
    await place(
        hall.desk,
        ORGANISATION,
        OFFICER,
        hold="h-2",
        ground="information_request",
        authority="Woo 9",
        dialogue=slug,
    )
    for _ in range(2):
        found = await execute(hall.desk, ORGANISATION, "meanwhile", OFFICER)
        assert found.held == ("h-2",)
        assert found.case.status == "granted"
    pool, keys = hall.desk.pool, hall.desk.keys
    assert "anna" in {o.subject for o in await openings(pool, keys, held)}
    assert "anna" not in {o.subject for o in await openings(pool, keys, free)}
    assert await types(hall, "meanwhile") == [
        "erasure_requested",
        "erasure_decided",
        "erasure_held",
    ]
    assert await hall.findings() == []
    await lift(hall.desk, ORGANISATION, OFFICER, hold="h-2", authority="klaar")
    done = await execute(hall.desk, ORGANISATION, "meanwhile", None)
    assert done.case.status == "executed"
    assert done.case.executed is not None
    assert done.case.executed.actor.id == "polder"
    assert await hall.findings() == []


async def test_nobody_can_send_an_erasure(hall: TownHall) -> None:
    """What Temporal is told changes nothing that was not decided."""
    stream = await hall.dialogue()
    handle = hall.client.get_workflow_handle(stream)
    wish = {
        "id": "erase-1",
        "actor": {"id": "p-1", "role": "process_director"},
        "command": {"paths": [[2, "/name"]]},
    }
    await handle.signal("look_for_erasures", wish)
    await handle.signal("erase_personal_data", wish)
    await hall.does(stream, "start_step", step="kennismaken")
    past = [event.members async for event in history(hall.desk, stream)]
    assert "personal_data_erased" not in {m["type"] for m in past}
    kept = await openings(hall.desk.pool, hall.desk.keys, stream)
    assert ANNA["name"] in [opening.value for opening in kept]


async def test_a_lost_row_without_an_erasure_is_found(hall: TownHall) -> None:
    """An owner who deletes a value to silence somebody is seen; an erasure is not."""
    stream = await hall.dialogue()
    delete = b"DELETE FROM vault.value WHERE stream = %s AND subject = 'bram'"
    async with await psycopg.AsyncConnection.connect(hall.database) as conn:
        await conn.execute(delete, (stream,))
        assert await hall.findings() == []
        await conn.commit()
        found = await hall.findings()
    assert len(found) == 2
    assert all("no event says that it was erased" in one for one in found)


async def test_the_director_of_a_dialogue_is_no_director_of_the_house(
    hall: TownHall,
) -> None:
    """Who runs a process may ask, and not decide."""
    await request(hall.desk, ORGANISATION, "bram", DIRECTOR, erasure="of-a-process")
    with pytest.raises(Refused):
        await decide(hall.desk, ORGANISATION, "of-a-process", DIRECTOR, GRANTED)


async def test_who_asked_twice_is_erased_once(hall: TownHall) -> None:
    """The first takes the second request along, which is then done as well."""
    stream = await hall.dialogue()
    await hall.granted("twice-1")
    await hall.granted("twice-2")
    await hall.granted("twice-3", "bram")
    first = await execute(hall.desk, ORGANISATION, "twice-1", OFFICER)
    assert first.case.status == "executed"
    assert await resume(hall.desk) >= 2
    for name in ("twice-2", "twice-3"):
        found = await case(hall.desk, ORGANISATION, name)
        assert found.status == "executed"
    found = await hall.findings()
    assert not [one for one in found if one.startswith((stream, HOUSE))]


async def test_who_asks_at_one_moment_more_than_once_asks_once(hall: TownHall) -> None:
    """One press that comes twice, and two windows at a time, make one request."""
    await hall.dialogue()
    sender = Sender("bram", "participant")
    await request(hall.desk, ORGANISATION, "anna", OFFICER, erasure="of-somebody-else")
    presses = [
        asked(hall.desk, ORGANISATION, "bram", sender, fresh=f"press-{n // 2}")
        for n in range(8)
    ]
    found = await asyncio.gather(*presses)
    assert len({one.id for one in found}) == 1
    cases = (await house(hall.desk.pool, ORGANISATION)).cases
    assert len([name for name in cases if name.startswith("press-")]) == 1


async def test_an_erasure_of_nobody_in_particular_holds_up_no_other(
    hall: TownHall,
) -> None:
    """Where the request's text was taken from the vault, that is said."""
    await hall.dialogue()
    await hall.granted("lost-1")
    await hall.granted("lost-2", "bram")
    async with await connect(hall.database, role="polder_owner") as conn:
        cause = ("polder:erasure:lost-1:requested",)
        await conn.execute("DELETE FROM vault.value WHERE command_id = %s", cause)
    with pytest.raises(Refused, match="Nobody can tell"):
        await execute(hall.desk, ORGANISATION, "lost-1", OFFICER)
    assert await resume(hall.desk) >= 1
    assert (await case(hall.desk, ORGANISATION, "lost-2")).status == "executed"
