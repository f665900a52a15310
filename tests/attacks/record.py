"""The record that is attacked, and all who have something to hold against it.

Two dialogues, a person who was erased from one of them by decision, an organisation
with so many events that the log has a full tile, a checkpoint that somebody kept since
long and one of just now, and a tail that the sealer has not come to yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from desk.checks import fold_again, verify
from desk.desk import Desk, open_desk
from desk.executing import digest_of
from desk.packs import make_pack
from domain.commands import AssignRole, CompleteItems, WaiveItems
from domain.facts import Private
from evidence import verify as alone
from evidence.verdict import Verdict
from storage import erasing
from storage.logkey import LogKey
from storage.ownlog import append as note
from storage.pool import connect
from storage.projecting import Projections
from storage.record import append
from storage.sealing import seal
from storage.vault import PrivateField, put
from tests.attacks.owner import keep
from tests.desk.sealed import town
from tests.storage.dialogues import Play
from tests.storage.streams import batch, events
from tests.storage.test_erasing import ACTOR, granted, named

Found: TypeAlias = set[tuple[str, int | None, str]]
"""Stream, number of the event, and check of each finding."""

PARK = "gemeente-waterdam:parkzicht"
DIJK = "gemeente-waterdam:dijk"
HOUSE = "org:gemeente-waterdam"
CROWD = "org:gemeente-elders"
LOG = "polder:log"

SEALED, RECORDED = 6, 8
"""Up to where the log has Parkzicht, and up to where the record has it."""

ERASED = 4
"""The event of the dike that says what was erased."""


class Record(NamedTuple):
    """A database, the key of its log, and checkpoints that lie elsewhere."""

    url: str
    key: LogKey
    key_file: Path
    old: Path
    new: Path
    elsewhere: Path
    """A directory to which the owner of the database does not come."""

    async def found(self, since: Path | None = None) -> Found:
        """Give what `polder audit verify --all` finds."""
        checked = await verify(
            self.url, log_key=self.key_file, since=str(since) if since else None
        )
        assert checked.facts["vaultChecked"]
        assert checked.facts["log"]["signaturesChecked"]
        assert (checked.verdict == Verdict.SOUND) == (not checked.findings)
        return {(f["stream"], f["seq"], f["check"]) for f in checked.findings}

    async def rebuilt(self) -> Found:
        """Give what `polder audit rebuild` finds, and puts right."""
        done = await fold_again(self.url)
        return {(f["stream"], f["seq"], f["check"]) for f in done.findings}

    async def pack(self, stream: str = PARK, withhold: Sequence[str] = ()) -> bytes:
        """Have a pack made, by whoever has the key of the log."""
        async with open_desk(self.url, "nowhere") as desk:
            made = await make_pack(
                desk,
                self.url,
                self.key_file,
                stream,
                created_by="director",
                withhold=withhold,
            )
        return made.content

    def judged(self, pack: bytes, since: Path | None = None) -> tuple[int, set[str]]:
        """Give the verdict of `polder audit verify PACK`, and by which checks."""
        held = since.read_bytes() if since else None
        report = alone.examine(pack, [str(self.key.vkey)], since=held)
        found = report.as_json()
        checks = {one["check"] for one in (*found["failures"], *found["undecided"])}
        return report.verdict, checks

    async def seals(self, *, publish: bool = False) -> bytes:
        """Have all that is on record sealed; give the note."""
        async with await connect(self.url, role="polder_sealer") as conn:
            sealed = await seal(conn, self.key, publish=publish)
        assert sealed is not None
        return sealed.note


async def make_record(url: str, directory: Path) -> Record:
    """Put everything on record, and keep a copy of it."""
    elsewhere = directory / "elsewhere"
    elsewhere.mkdir()
    async with town(url, directory) as opened:
        file = directory / "keys" / "log.key"
        record = Record(
            url, opened.key, file, elsewhere / "old", elsewhere / "new", elsewhere
        )
        park = await opened.dialogue()
        await _dike(opened.desk)
        record.old.write_bytes(await record.seals(publish=True))
        crowd = events(270, stream=CROWD)
        for start in range(0, len(crowd), 90):
            before = crowd[start - 1] if start else None
            await append(opened.desk.pool, batch(crowd[start : start + 90], before))
        reason = Private(commitment=await opened.says(park, "waive-2", "Te duur"))
        waived = WaiveItems(items=("opdracht.beslissers",), reason=reason)
        await opened.plays(park, waived, cause="waive-2")
        await opened.plays(park, CompleteItems(items=("opdracht.scope",)))
        record.new.write_bytes(await record.seals(publish=True))
        for item in ("opdracht.aanleiding", "opdracht.budget"):
            await opened.plays(park, CompleteItems(items=(item,)))
    await keep(url)
    return record


async def _dike(desk: Desk) -> None:
    """Two people get a role at the dike; one of them is erased, by decision."""
    play = Play("dijk")
    await append(desk.pool, play.batch(play.starts()), Projections())
    for who, role in (("p-9", "facilitator"), ("p-8", "speaker")):
        told = [PrivateField("/name", who, f"Naam van {who}")]
        told.append(PrivateField("/address", who, f"{who}@example.org"))
        made = await put(desk.pool, desk.keys, play.stream, f"assign-{who}", told)
        kept = {path[1:]: Private(commitment=made[path]) for path in made}
        command = AssignRole(role=role, actor=who, **kept)
        new = play.does(command, cause=f"assign-{who}")
        await append(desk.pool, play.batch(new), Projections())
    job = await granted(desk.pool, desk.keys)
    await erasing.prepare(desk.pool, job)
    for part in await erasing.parts(desk.pool, job=job):
        await named(desk.pool, part)
    await desk.keys.destroy(job.organisation, job.subject)
    done = await erasing.made(desk.pool, job.organisation, "polder:erased:e1:")
    executed = {"erasure": "e1", "events_hash": digest_of(done)}
    await note(
        desk.pool, HOUSE, "erasure_executed", executed, cause="done", actor=ACTOR
    )
