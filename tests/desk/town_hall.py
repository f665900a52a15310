"""A town hall with a desk, a worker and a mail server, all of them real."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from typing import Any

from temporalio.client import Client

from activities.notify import Messenger
from activities.smtp import MailSettings
from desk.desk import Desk, Sender
from desk.erasing import Ruling, decide, request
from servers import Home, MailServer
from storage import logkey
from storage.keys import Keys, beside
from storage.pool import connect, make_pool
from storage.sealing import seal
from storage.verify import verify_all
from tests.services import until
from workers.dialogues import make_worker

ORGANISATION = "gemeente-waterdam"
HOUSE = f"org:{ORGANISATION}"
METHOD = "belangen-op-tafel"
DIRECTOR = Sender("p-1", "process_director")
OFFICER = Sender("fg-1", "privacy_officer")
ARCHIVIST = Sender("a-1", "archivist")
GRANTED = Ruling(granted=True, ground="objection", authority="besluit 7")
ANNA = {"name": "Anna de Vries-Zandstra", "address": "anna@zandstra.example"}
BRAM = {"name": "Bram van Bakkersdam", "address": "bram@bakkersdam.example"}
WORDS = "Mijn buurman zegt dat het plein te donker is"

_numbers = count(1)


@dataclass(frozen=True)
class TownHall:
    """What the tests act with."""

    desk: Desk
    client: Client
    database: str
    mail: MailServer
    messenger: Messenger
    home: Path

    async def dialogue(self, *, words: bool = True, **more: Any) -> str:  # noqa: ANN401
        """Start a dialogue in which Anna and Bram have a role; Anna has said things."""
        stream = f"{ORGANISATION}:d{next(_numbers)}"
        roles = {"process_director": ["p-1"], "parties": ["k-1", "k-2"]}
        start = {"method": METHOD, "title": "Parkzicht", "roles": roles}
        await self.desk.start(stream, start | more, DIRECTOR)
        for who, words_of in (("anna", ANNA), ("bram", BRAM)):
            body = {"role": "parties", "actor": who, **words_of}
            await self.does(stream, "assign_role", **body)
        if words:
            await self.says(stream, "anna")
        return stream

    async def says(self, stream: str, who: str, text: str = WORDS) -> None:
        """Have somebody report a signal of a party, in words of their own."""
        await self.desk.send(
            stream,
            "release_role",
            {"role": "parties", "actor": who, "reason": text},
            DIRECTOR,
        )

    async def does(self, stream: str, kind: str, **body: Any) -> None:  # noqa: ANN401
        """Have the process director do something."""
        await self.desk.send(stream, kind, body, DIRECTOR)

    async def ends(self, stream: str) -> None:
        """Cancel and archive a dialogue, and wait until its workflow has ended."""
        await self.does(stream, "cancel_dialogue", reason="het plan ging niet door")
        await self.does(stream, "archive_dialogue")
        await self.client.get_workflow_handle(stream).result()

    async def granted(self, name: str, subject: str = "anna") -> None:
        """Have the erasure of somebody asked for and granted."""
        await request(self.desk, ORGANISATION, subject, OFFICER, erasure=name)
        await decide(self.desk, ORGANISATION, name, OFFICER, GRANTED)

    async def seals(self) -> None:
        """Seal all that is on record, and publish a checkpoint."""
        key = logkey.create(self.home / "log.key", "test")
        async with await connect(self.database, role="polder_sealer") as conn:
            await seal(conn, key, publish=True)

    async def findings(self) -> list[str]:
        """Give what a check of the whole record finds."""
        async with await connect(self.database) as conn:
            report = await verify_all(conn, self.desk.keys)
        assert report.vault_checked
        return [f"{f.stream} {f.seq} {f.check}: {f.detail}" for f in report.findings]

    def letters(self) -> str:
        """Give all mail that went out, headers and words, as text."""
        found: list[str] = []
        for file in self.mail.messages():
            letter = message_from_bytes(file.read_bytes(), policy=policy.default)
            body = letter.get_body(("plain",))
            found += [f"{name}: {value}" for name, value in letter.items()]
            found.append(str(body.get_content()) if body else "")
        return "\n".join(found)

    async def quiet(self, stream: str) -> None:
        """Wait until a dialogue owes nobody a message, and that is on record."""
        handle = self.client.get_workflow_handle(stream)

        async def is_quiet() -> bool:
            state: dict[str, Any] = await handle.query("state")
            if any(e["status"] == "pending" for e in state["effects"].values()):
                return False
            head: dict[str, Any] = await handle.query("head")  # after: it covers that
            return head["seq"] == head["recordedSeq"]

        await until(is_quiet)


@asynccontextmanager
async def town_hall(
    client: Client, database: str, home: Path, *, defer: Sequence[str] = ()
) -> AsyncGenerator[TownHall]:
    """Open it on these servers; ``defer``: addresses that its mail server puts off."""
    mail = MailServer(Home(home / "home").mail, defer=defer)
    async with mail, make_pool(database) as pool, Keys(beside(database)) as keys:
        settings = MailSettings.read(mail.address, "Polder <polder@waterdam.example>")
        messenger = Messenger(pool, keys, settings)
        address = client.service_client.config.target_host
        desk = Desk(pool, keys, address, client.namespace)
        async with make_worker(client, pool, messenger):
            yield TownHall(desk, client, database, mail, messenger, home)
