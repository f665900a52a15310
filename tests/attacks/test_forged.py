"""Whoever reaches Temporal, and no desk, speaks in nobody's name.

A raw client has everything that a desk has but its key: the namespace, the histories,
and the messages that desks sent before.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import (
    Client,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError

from activities.contracts import SUPERSEDED
from desk.desk import Desk, Sender, fresh_id
from desk.signs import Signs
from evidence.actor import make_key, sign
from storage import deskkey
from storage.queries import events
from tests.desk.town_hall import METHOD, ORGANISATION, TownHall, town_hall
from tests.services import own_namespace, until

DIRECTOR = {"id": "p-1", "role": "process_director", "via": "desk"}
SLUGS = iter(range(1, 1000))
STRANGER = make_key(b"\x07" * 32)


class Signed:
    """A desk with a key, a dialogue that trusts it, and a client of Temporal alone."""

    def __init__(self, hall: TownHall, desk: Desk, stream: str) -> None:
        """Take them together."""
        self.hall, self.desk, self.stream = hall, desk, stream

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """The dialogue, as Temporal alone reaches it."""
        return self.hall.client.get_workflow_handle(self.stream)

    async def does(self, kind: str, **body: Any) -> None:  # noqa: ANN401
        """Have the process director do something, over the desk."""
        sender = Sender("p-1", "process_director")
        await self.desk.send(self.stream, kind, body, sender)

    async def told(self) -> list[dict[str, Any]]:
        """Give all that is on record."""
        found = await events(self.desk.pool, self.stream)
        return [dict(each.members) for each in found]

    async def last(self) -> dict[str, Any]:
        """Give the last event on record."""
        return (await self.told())[-1]


@pytest.fixture(scope="module")
async def hall(
    temporal_client: Client,
    module_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[TownHall]:
    """A town hall of which Temporal can be reached by anybody."""
    space = await own_namespace(temporal_client, "forged")
    home = tmp_path_factory.mktemp("forged")
    async with town_hall(space, module_database, home) as opened:
        yield opened


@pytest.fixture
async def signed(hall: TownHall, tmp_path: Path) -> Signed:
    """Start a dialogue over a desk that signs; only signals may come unsigned."""
    path = tmp_path / "keys" / "desk.key"
    deskkey.create(path)
    address = hall.client.service_client.config.target_host
    desk = Desk(
        hall.desk.pool,
        hall.desk.keys,
        address,
        hall.client.namespace,
        signer=Signs(path, "note_signal"),
    )
    stream = f"{ORGANISATION}-{next(SLUGS)}:parkzicht"
    start = {
        "method": METHOD,
        "title": "Parkzicht",
        "roles": {"process_director": ["p-1"], "parties": ["k-1"]},
    }
    await desk.start(stream, start, Sender("p-1", "process_director"))
    return Signed(hall, desk, stream)


def envelope(**command: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give what somebody sends who says that they are the process director."""
    return {"id": fresh_id(), "actor": DIRECTOR, "command": command}


async def refused(signed: Signed, kind: str, message: dict[str, Any]) -> str:
    """Send an update and give the name of its refusal."""
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await signed.handle.execute_update(kind, message)
    cause = caught.value.cause
    assert isinstance(cause, ApplicationError)
    return str(cause.type)


async def test_an_unsigned_director_is_nobody(signed: Signed) -> None:
    """What is not taken unsigned is refused, whoever it says it is."""
    before = len(await signed.told())
    message = envelope(items=["kennismaken.partijen"])
    assert await refused(signed, "complete_items", message) == "Unsigned"
    assert len(await signed.told()) == before


async def test_a_message_of_a_desk_sent_again_does_nothing(signed: Signed) -> None:
    """Its id was used: a copy is answered with what the first one did."""
    desk = signed.desk
    assert desk.signer is not None
    message = envelope(role="parties", actor="k-2")
    copied = desk.signer.signed(signed.stream, "assign_role", message)
    await signed.handle.execute_update("assign_role", copied)
    before = await signed.told()
    assert before[-1]["actor"]["via"] == "desk"
    again = await signed.handle.execute_update("assign_role", copied)
    assert again["repeated"]
    await signed.handle.signal("assign_role", copied)
    await signed.does("note_signal", type="zaak", source="z-1")
    assert [e["type"] for e in (await signed.told())[len(before) :]] == ["signal_noted"]


CHANGES: dict[str, dict[str, Any]] = {
    "command": {"command": {"role": "process_director", "actor": "k-2"}},
    "actor": {"actor": {**DIRECTOR, "id": "p-9"}},
    "via": {"actor": {**DIRECTOR, "via": "cli"}},
    "id": {"id": "another"},
    "if_version": {"if_version": 1},
    "mandate": {
        "mandate": {"stream": "org-1:parkzicht", "seq": 1, "hash": "0" * 64},
    },
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_signature_is_over_everything_that_is_sent(
    signed: Signed, change: str
) -> None:
    """Another member under the same signature, and nothing of it is believed."""
    assert signed.desk.signer is not None
    message = envelope(role="parties", actor="k-2")
    copied = signed.desk.signer.signed(signed.stream, "assign_role", message)
    changed = {**copied, **CHANGES[change]}
    assert await refused(signed, "assign_role", changed) == "BadSignature"


async def test_a_signature_is_for_one_dialogue_and_one_kind(signed: Signed) -> None:
    """What was signed to give a role takes none away, and gives none elsewhere."""
    signer = signed.desk.signer
    assert signer is not None
    message = envelope(role="parties", actor="k-1")
    elsewhere = signer.signed(f"{ORGANISATION}:elders", "release_role", message)
    assert await refused(signed, "release_role", elsewhere) == "BadSignature"
    other = signer.signed(signed.stream, "assign_role", message)
    assert await refused(signed, "release_role", other) == "BadSignature"


async def test_a_key_of_ones_own_is_not_believed(signed: Signed) -> None:
    """Neither under its own id, nor under that of the desk's key."""
    assert signed.desk.signer is not None
    message = envelope(role="parties", actor="k-2")
    own = sign(STRANGER, signed.stream, "assign_role", message)
    assert await refused(signed, "assign_role", message | {"sig": own}) == (
        "BadSignature"
    )
    passed = {**own, "key": signed.desk.signer.key.id}
    assert await refused(signed, "assign_role", message | {"sig": passed}) == (
        "BadSignature"
    )


async def test_who_is_believed_is_never_changed_unsigned(signed: Signed) -> None:
    """Also where everything else is taken unsigned."""
    assert signed.desk.signer is not None
    key = signed.desk.signer.key.id
    await signed.does("allow_unsigned", commands=["*"])
    bodies: dict[str, dict[str, Any]] = {
        "trust_desk_key": {"public": STRANGER.public},
        "distrust_desk_key": {"key": key, "reason": {"commitment": "0" * 64}},
        "allow_unsigned": {"commands": ["complete_items"]},
    }
    for kind, body in bodies.items():
        assert await refused(signed, kind, envelope(**body)) == "Unsigned"
    state: dict[str, Any] = await signed.handle.query("state")
    assert list(state["desk_keys"]) == [key]
    assert "unsigned" not in state


async def test_what_comes_unsigned_is_on_record_as_such(signed: Signed) -> None:
    """It is taken where that is allowed; the way that it claims is not believed."""
    message = envelope(type="zaak", source="z-1")
    await signed.handle.execute_update("note_signal", message)
    assert (await signed.last())["actor"] == {**DIRECTOR, "via": "update"}
    await signed.handle.signal("note_signal", envelope(type="zaak", source="z-2"))

    async def noted() -> bool:
        return (await signed.last())["data"].get("source") == "z-2"

    await until(noted)
    assert (await signed.last())["actor"] == {**DIRECTOR, "via": "signal"}
    await signed.does("note_signal", type="zaak", source="z-3")
    assert (await signed.last())["actor"]["via"] == "desk"


async def test_a_forged_signal_uses_up_nobody_s_id(signed: Signed) -> None:
    """It is refused on record, and whoever has the id can still use it."""
    message = envelope(role="parties", actor="k-2")
    forged = message | {"sig": sign(STRANGER, signed.stream, "assign_role", message)}
    await signed.handle.signal("assign_role", forged)

    async def noted() -> bool:
        return (await signed.last())["type"] == "command_refused"

    await until(noted)
    event = await signed.last()
    assert event["data"]["error"] == "BadSignature"
    assert event["data"]["command"] == message["id"]
    assert event["actor"] == {"id": "polder", "role": "clock", "via": "signal"}
    sender = Sender("p-1", "process_director")
    body = {"role": "parties", "actor": "k-3"}
    name = str(message["id"])
    await signed.desk.send(signed.stream, "assign_role", body, sender, command_id=name)
    assert (await signed.last())["type"] == "role_assigned"


async def test_a_start_that_names_keys_is_signed_by_one_of_them(
    signed: Signed,
) -> None:
    """Nobody can have a dialogue trust a desk that did not start it."""
    assert signed.desk.signer is not None
    start: dict[str, Any] = {
        "method": METHOD,
        "title": "Elders",
        "desk_keys": [signed.desk.signer.key.public],
    }
    stream = signed.stream.replace("parkzicht", "elders")
    message = envelope(**start)
    handle = await signed.hall.client.start_workflow(
        "Dialogue", message, id=stream, task_queue="polder"
    )
    with pytest.raises(WorkflowFailureError) as caught:
        await handle.result()
    assert isinstance(caught.value.cause, ApplicationError)
    assert caught.value.cause.type == "Unsigned"


async def test_a_state_that_was_made_up_is_not_gone_on_with(signed: Signed) -> None:
    """Whoever ends a workflow and begins it again with other keys records nothing."""
    before = await signed.told()
    state: dict[str, Any] = await signed.handle.query("state")
    ledger: dict[str, Any] = await signed.handle.query("outbox")
    state["desk_keys"] = {STRANGER.id: STRANGER.public}
    await signed.handle.terminate("ours now")
    carried = {"carried": 1, "state": state, "ledger": ledger, "restored": True}
    handle = await signed.hall.client.start_workflow(
        "Dialogue", carried, id=signed.stream, task_queue="polder"
    )
    with pytest.raises(WorkflowFailureError) as caught:
        await handle.result()
    assert isinstance(caught.value.cause, ApplicationError)
    assert caught.value.cause.type == SUPERSEDED
    assert await signed.told() == before
    await signed.desk.restore(signed.stream)
    await signed.does("assign_role", role="parties", actor="k-2")
    assert (await signed.last())["actor"]["via"] == "desk"
