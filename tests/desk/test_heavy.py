"""Messages that take long to read are heard a few at a time: none stops a dialogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.common import RawValue

from activities.notify import Messenger
from activities.smtp import MailSettings
from desk.desk import Desk
from servers import Home, MailServer
from storage.keys import Keys, beside
from storage.pool import make_pool
from tests.desk.town_hall import DIRECTOR, METHOD
from tests.services import until
from workers.dialogues import make_worker

MANY: Final = 45
"""So many of a megabyte each came while no worker was there."""


async def test_a_flood_of_heavy_messages_stops_no_dialogue(
    townspace: Client, module_database: str, tmp_path: Path
) -> None:
    """All of them are refused on record, and no workflow task was ever broken off."""
    stream = "gemeente-waterdam:zwaar"
    mail = MailServer(Home(tmp_path / "home").mail)
    phases = [{"x": "y" * 40}] * 19_000
    command = {"compiled": {"method": {"phases": phases}}}
    async with (
        mail,
        make_pool(module_database) as pool,
        Keys(beside(module_database)) as keys,
    ):
        settings = MailSettings.read(mail.address, "Polder <polder@waterdam.example>")
        messenger = Messenger(pool, keys, settings)
        address = townspace.service_client.config.target_host
        desk = Desk(pool, keys, address, townspace.namespace)
        roles = {"process_director": [DIRECTOR.id]}
        start = {"method": METHOD, "title": "Parkzicht", "roles": roles}
        async with make_worker(townspace, pool, messenger):
            await desk.start(stream, start, DIRECTOR)
        handle = townspace.get_workflow_handle(stream)
        for number in range(MANY):
            stranger = {"id": "x", "role": "public"}
            told = {"id": f"zwaar-{number}", "actor": stranger, "command": command}
            data = json.dumps(told, separators=(",", ":")).encode()
            payload = Payload(metadata={"encoding": b"json/plain"}, data=data)
            await handle.signal("migrate_method", RawValue(payload))

        async def all_refused() -> bool:
            head = await handle.query("head")
            return head["recordedSeq"] > MANY

        async with make_worker(townspace, pool, messenger):
            await until(all_refused, within=60)
        past = await handle.fetch_history()
        name = "workflow_task_failed_event_attributes"
        assert not [each for each in past.events if each.HasField(name)]
