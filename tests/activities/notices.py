"""Notices and the people they go to, on record as a dialogue leaves them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from activities.contracts import Notice
from activities.smtp import MailSettings
from evidence.event import ZERO_HASH, Sealed, seal
from storage.batch import Batch
from storage.keys import Keys
from storage.pool import Pool
from storage.record import append
from storage.vault import PrivateField, put

STREAM = "gemeente-waterdam:parkzicht"
FROM = "Polder <polder@waterdam.example>"
CLOSES = datetime(2026, 12, 4, 23, tzinfo=UTC)

People = Mapping[str, tuple[str | None, str | None]]
"""Name and address by opaque id; None where there is none."""


def notice(*recipients: str, **changes: object) -> Notice:
    """A window that opens, told to these people; ``changes`` make it another notice."""
    members: dict[str, object] = {
        "stream": STREAM,
        "effect": "e12",
        "notice": "window_opened",
        "attempt": 1,
        "recipients": recipients,
        "language": "nl",
        "title": "Parkzicht",
        "question": "Hoe wordt het park ingericht?",
        "step": "Verslag",
        "heading": "Reactie op het conceptverslag",
        "closes": CLOSES,
        "closes_local": "2026-12-05T00:00:00",
        "zone": "Europe/Amsterdam",
    }
    return Notice.model_validate({**members, **changes})


def settings(url: str) -> MailSettings:
    """Mail goes to ``url``."""
    return MailSettings.read(url, FROM)


async def register(
    pool: Pool, keys: Keys, people: People, stream: str = STREAM
) -> None:
    """Put names and addresses in the vault, and the roles they belong to on record."""
    sealed: list[Sealed] = []
    for subject, (name, address) in people.items():
        given = {"/name": name, "/address": address}
        fields = [
            PrivateField(path, subject, value)
            for path, value in given.items()
            if value is not None
        ]
        command = f"assign-{len(sealed) + 1}"
        made = await put(pool, keys, stream, command, fields)
        sealed.append(_assigned(stream, sealed, subject, command, made))
    events = tuple(event.body for event in sealed)
    await append(pool, Batch(stream, 0, 0, ZERO_HASH, events))


def _assigned(
    stream: str, before: list[Sealed], subject: str, command: str, made: dict[str, str]
) -> Sealed:
    data = {"role": "participants", "actor": subject, "name": None, "address": None}
    return seal(
        stream=stream,
        seq=len(before) + 1,
        prev=before[-1].hash if before else ZERO_HASH,
        cause=command,
        position=0,
        type="role_assigned",
        at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        actor={"id": "p-0", "role": "process_director", "via": "update"},
        mandate=None,
        data=data,
        private=made,
    )
