"""The desk records mandates once, keeps reasons private, refuses what gives nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.checks import verify
from desk.desk import Desk, Sender, open_desk
from desk.errors import DeskError, NotFound, Refused
from desk.exceptions import unusual
from desk.mandates import delegate, grant, listed, revoke
from desk.methods import publish_method, put_in_force
from desk.pinning import foreseen, named
from desk.reads import reads
from desk.saying import said
from storage.ownlog import events
from storage.vault import openings

ORG = "gemeente-waterdam"
STREAM = f"org:{ORG}"
SECRETARY = Sender("s-1", via="cli")
ANNE = Sender("p-1", via="cli")
METHOD = Path(__file__).parents[1] / "acceptance" / "korte-aanpak.yaml"


@pytest.fixture
async def desk(database: str) -> AsyncGenerator[Desk]:
    """A desk on a record of its own; no Temporal is needed for mandates."""
    async with open_desk(database, "nowhere") as opened:
        yield opened


def wish(**scope: Any) -> dict[str, Any]:  # noqa: ANN401 (any member)
    """What is told of a grant to Anne."""
    every: dict[str, Any] = {"commands": ["complete_items"], "dialogues": ["*"]}
    return {
        "form": "mandate",
        "on_behalf_of": "College van B en W",
        "grantee": ANNE.id,
        "scope": {**every, **scope},
        "delegable": True,
    }


async def test_a_reason_lies_in_the_vault_and_nowhere_else(
    desk: Desk, database: str
) -> None:
    """The event commits to it, and the whole record is sound."""
    why = "Wegens ziekte van haar voorganger"
    given = await grant(desk, ORG, wish(), SECRETARY, command_id="g", reason=why)
    await revoke(desk, ORG, given.seq, SECRETARY, command_id="r", reason="Beter")
    told = await events(desk.pool, STREAM)
    assert [set(event.private) for event in told] == [{"/reason"}, {"/reason"}]
    assert why not in str(told)
    opened = await openings(desk.pool, desk.keys, STREAM)
    assert [(one.subject, one.value) for one in opened] == [
        ("s-1", why),
        ("s-1", "Beter"),
    ]
    assert (await verify(database)).sound


async def test_the_same_wish_again_is_the_same_event(desk: Desk) -> None:
    """Also after it could no longer be given; another one under its id is refused."""
    soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    told = wish(valid_until=soon)
    given = await grant(desk, ORG, told, SECRETARY, command_id="g", reason="Zo")
    await asyncio.sleep(3)
    again = await grant(desk, ORG, told, SECRETARY, command_id="g", reason="Zo")
    assert again == given._replace(repeated=True)
    for other, reason in ((wish(), "Zo"), (told, "Anders")):
        with pytest.raises(Refused) as refused:
            await grant(desk, ORG, other, SECRETARY, command_id="g", reason=reason)
        assert refused.value.name == "IdReused"
    with pytest.raises(Refused) as refused:
        await grant(desk, ORG, told, SECRETARY, command_id="h")
    assert refused.value.name == "MandateUnfit"
    assert "voorbij" in said(refused.value, "nl")


async def test_many_who_grant_at_once_each_get_their_event(desk: Desk) -> None:
    """The stream is one chain, whoever comes first."""
    wishes = [
        grant(desk, ORG, wish(), SECRETARY, command_id=f"g-{n}") for n in range(8)
    ]
    given = await asyncio.gather(*wishes)
    assert sorted(one.seq for one in given) == [*range(1, 9)]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"scope": {"commands": ["complete"], "dialogues": ["*"]}}, "UnknownCommand"),
        ({"scope": {"commands": ["*"], "dialogues": []}}, "MalformedCommand"),
        ({"grantee": "An de Vries"}, "MalformedCommand"),
        ({"form": "wens"}, "MalformedCommand"),
        ({"on_behalf_of": "twee\nregels"}, "MalformedCommand"),
    ],
)
async def test_what_is_no_mandate_is_refused(
    desk: Desk, changes: dict[str, Any], name: str
) -> None:
    """Nothing is on record then."""
    with pytest.raises(Refused) as refused:
        await grant(desk, ORG, {**wish(), **changes}, SECRETARY, command_id="g")
    assert refused.value.name == name
    assert await events(desk.pool, STREAM) == []


async def test_nobody_passes_for_polder_or_for_no_organisation(desk: Desk) -> None:
    """Ids of Polder's own are its own, and a stream needs a name."""
    for sender, name in ((Sender("polder"), "g"), (SECRETARY, "polder:g")):
        with pytest.raises(Refused, match="Polder's own"):
            await grant(desk, ORG, wish(), sender, command_id=name)
    for organisation in ("org", "polder", "Waterdam", "x", "a:b"):
        with pytest.raises(DeskError, match="no name of an organisation"):
            await grant(desk, organisation, wish(), SECRETARY, command_id="g")


async def test_a_delegation_takes_over_what_it_leaves_out(desk: Desk) -> None:
    """And what it names replaces that, as long as it reaches no further."""
    until = datetime.now(UTC) + timedelta(days=9)
    told = wish(valid_until=until.isoformat(), steps=["vraag"], at_most=3)
    given = await grant(desk, ORG, told, SECRETARY, command_id="g")
    mine: dict[str, Any] = {
        "grantee": "p-2",
        "delegable": False,
        "scope": {"dialogues": ["parkzicht"]},
    }
    await delegate(desk, ORG, given.seq, mine, ANNE, command_id="d")
    first, second = (each.held.scope for each in await listed(desk, ORG))
    assert second == first.model_copy(update={"dialogues": ("parkzicht",)})
    wider = {**mine, "scope": {"at_most": 4}}
    with pytest.raises(Refused) as refused:
        await delegate(desk, ORG, given.seq, wider, ANNE, command_id="w")
    assert refused.value.name == "OutsideMandate"
    with pytest.raises(NotFound):
        await delegate(desk, ORG, 99, mine, ANNE, command_id="n")


async def test_an_act_is_told_beforehand_when_it_falls_outside(desk: Desk) -> None:
    """By the mandate as it is now; a pin that is not there is no mandate."""
    given = await grant(desk, ORG, wish(steps=["vraag"]), SECRETARY, command_id="g")
    pin = await named(desk, f"{ORG}/{given.seq}")
    park = f"{ORG}:parkzicht"
    inside, beside = {"items": ["vraag.doel"]}, {"items": ["verslag.concept"]}
    items = "complete_items"
    assert await foreseen(desk, pin, park, items, inside, actor="p-1") is None
    assert await foreseen(desk, pin, park, items, beside, actor="p-1") == "step"
    assert await foreseen(desk, pin, park, items, inside, actor="x") == "not_grantee"
    false = pin.model_copy(update={"hash": "0" * 64})
    told = await foreseen(desk, false, park, items, inside, actor="p-1")
    assert told == "not_a_mandate"
    for name in (f"{ORG}/2", ORG, f"{ORG}/-1", "/1"):
        with pytest.raises(NotFound):
            await named(desk, name)


async def test_who_looks_for_exceptions_is_noted(desk: Desk) -> None:
    """With where they looked; a place that can't be is refused."""
    given = await grant(desk, ORG, wish(), SECRETARY, command_id="g")
    stolen = {"grantee": "p-2", "delegable": False}
    with pytest.raises(Refused):
        await delegate(desk, ORG, given.seq, stolen, SECRETARY, command_id="d")
    for where in (None, ORG, STREAM, f"{ORG}:parkzicht"):
        assert (await unusual(desk, where, by="a-1")).exceptions == []
    with pytest.raises(DeskError, match="neither"):
        await unusual(desk, "Waterdam!", by="a-1")
    told = [(read.who, read.what, read.target) for read in await reads(desk)]
    assert sorted(told) == [
        ("a-1", "exceptions", where)
        for where in sorted(["*", ORG, STREAM, f"{ORG}:parkzicht"])
    ]


async def test_a_method_in_force_is_one_event_for_each_time_it_was_published(
    desk: Desk,
) -> None:
    """Asking again adds nothing, also when the first event was lost on the way."""
    loaded, new = await publish_method(desk, METHOD, "p-1")
    assert new
    first = await put_in_force(desk, ORG, loaded, ANNE)
    assert (await put_in_force(desk, ORG, loaded, ANNE)).repeated
    other = await put_in_force(desk, "gemeente-elders", loaded, ANNE)
    assert (first.repeated, other.repeated) == (False, False)
    told = await events(desk.pool, STREAM)
    assert [event.data["method"]["hash"] for event in told] == [loaded.hash]
