"""A pack holds what the record says; whoever changed the record is found out by it."""

from __future__ import annotations

import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
import pytest_asyncio

from domain.commands import AssignRole, CompleteItems, SkipStep, StartStep
from domain.facts import Private
from evidence.event import event_hash
from evidence.pack import write_pack
from evidence.verify import Report, examine
from storage import logkey, ownlog, proofs, rotation
from storage.errors import LogDamaged, UnknownStream
from storage.keys import Keys
from storage.logkey import LogKey
from storage.packing import Withheld, contents
from storage.pool import Pool, connection
from storage.projecting import Projections
from storage.record import append
from storage.sealing import seal
from storage.vault import PrivateField, put
from tests.storage.dialogues import Play
from tests.storage.planting import plant
from tests.storage.streams import batch, events

PARK = "gemeente-waterdam:parkzicht"
HOUSE = "org:gemeente-waterdam"
NAME, REASON = "Anna de Vries", "De zaal was niet vrij."
NAMED, SKIPPED = 2, 3
"""The events that keep a name and an address, and a reason."""

NOTHING = Withheld()
ALL = Withheld(everything=True)


class House(NamedTuple):
    """A record with its vault and log, and what made it."""

    url: str
    pool: Pool
    keys: Keys
    log_key: Path
    play: Play

    @property
    def key(self) -> LogKey:
        """The key that signs now."""
        return logkey.read(self.log_key)

    async def publish(self) -> int:
        """Publish a checkpoint; return its size."""
        sealed = await seal(self.pool, self.key, publish=True)
        assert sealed is not None
        return sealed.size

    async def note(self, size: int) -> bytes:
        """Return the signed note of a checkpoint."""
        async with connection(self.pool) as conn:
            return await proofs.checkpoint_note(conn, size)

    async def pack(
        self, size: int, stream: str = PARK, withheld: Withheld = NOTHING
    ) -> bytes:
        """Make a pack at a checkpoint, signed by the key of now."""
        key = self.key
        async with connection(self.pool) as conn:
            found = await contents(
                conn,
                self.keys,
                stream,
                size,
                key.vkey,
                created_by="a-1",
                withheld=withheld,
            )
        return write_pack(found, key.private)

    def judged(self, pack: bytes, since: bytes | None = None) -> Report:
        """Judge a pack by all keys of the log."""
        return examine(pack, [str(key) for key in self.key.vkeys], since=since)


@pytest_asyncio.fixture
async def house(url: str, pool: Pool, keys: Keys, tmp_path: Path) -> House:
    """Record a dialogue with private texts, another one, and an organisation's own."""
    projections = Projections()
    other = Play("elders")
    await append(pool, other.batch(other.starts()), projections)
    play = Play()
    await append(pool, play.batch(play.starts()), projections)
    house = House(url, pool, keys, tmp_path / "log.key", play)
    logkey.create(house.log_key, "waterdam")
    await house.publish()
    await _private_texts(house, projections)
    play.does(StartStep(step="context"))
    await append(pool, play.batch(play.sealed[1:]), projections)
    await ownlog.append(pool, HOUSE, "token_created", {"n": 1}, cause="t-1")
    return house


async def _private_texts(house: House, projections: Projections) -> None:
    fields = [
        PrivateField("/name", "p-9", NAME),
        PrivateField("/address", "p-9", "anna@example.org"),
    ]
    made = await put(house.pool, house.keys, PARK, "anna", fields)
    anna = AssignRole(
        role="facilitator",
        actor="p-9",
        name=Private(commitment=made["/name"]),
        address=Private(commitment=made["/address"]),
    )
    house.play.does(anna, cause="anna")
    why = [PrivateField("/reason", "p-1", REASON)]
    made = await put(house.pool, house.keys, PARK, "r", why)
    skip = SkipStep(step="opdracht", reason=Private(commitment=made["/reason"]))
    house.play.does(skip, cause="r")


def file_of(pack: bytes, name: str) -> str:
    """Return a text file of a pack."""
    with ZipFile(BytesIO(pack)) as archive:
        return archive.read(name).decode()


def found(report: Report) -> set[tuple[int | None, str]]:
    """Return place and check of each failure."""
    return {(one.seq, one.check) for one in report.failures}


async def erase(house: House, *fields: tuple[int, str]) -> None:
    """Destroy values and say so, as an erasure does."""
    for _, path in fields:
        await plant(house.url, f"DELETE FROM vault.value WHERE path = '{path}'")
    await ownlog.append(
        house.pool,
        PARK,
        "personal_data_erased",
        {"paths": [list(field) for field in fields]},
        cause="polder:erasure:1",
        projections=Projections(),
    )


async def test_a_real_dialogue_verifies(house: House) -> None:
    """All events to its head, every private text opened, and an older checkpoint."""
    older = await house.note(await house.publish())
    pack = await house.pack(await house.publish())
    report = house.judged(pack, older)
    assert (report.verdict, report.failures, report.undecided) == (0, [], [])
    told = report.as_json()
    assert told["events"] == len(house.play.sealed)
    assert told["private"] == {"opened": 3, "withheld": 0, "erased": 0}
    assert told["since"] is not None
    assert NAME in file_of(pack, "openings.jsonl")


async def test_the_same_checkpoint_gives_the_same_bytes(house: House) -> None:
    """Also when the log has grown since, and the dialogue went on."""
    size = await house.publish()
    first = await house.pack(size)
    assert await house.pack(size) == first
    play = house.play
    new = play.does(CompleteItems(items=("context.partijen",)))
    await append(house.pool, play.batch(new), Projections())
    assert await house.publish() > size
    assert await house.pack(size) == first


async def test_a_pack_ends_where_its_census_says(house: House) -> None:
    """What was recorded after the census is for the next pack."""
    size = await house.publish()
    play = house.play
    new = play.does(CompleteItems(items=("context.partijen",)))
    await append(house.pool, play.batch(new), Projections())
    earlier = house.judged(await house.pack(size))
    later = house.judged(await house.pack(await house.publish()))
    assert (earlier.verdict, later.verdict) == (0, 0)
    count = len(play.sealed)
    assert earlier.as_json()["events"] == count - len(new)
    assert later.as_json()["events"] == count


async def test_a_redacted_pack_verifies_and_says_what_it_leaves_out(
    house: House,
) -> None:
    """No private text is in it; each is reported as withheld, and as not verified."""
    pack = await house.pack(await house.publish(), withheld=ALL)
    for text in (NAME, REASON, "anna@example.org"):
        assert text.encode() not in pack
    report = house.judged(pack)
    assert report.verdict == 0
    told = report.as_json()
    assert told["private"] == {"opened": 0, "withheld": 3, "erased": 0}
    assert "What 3 withheld private fields say" in told["notVerified"][0]


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (["/name"], [[NAMED, "/name"]]),
        ([f"{NAMED}:/name", "9:/reason"], [[NAMED, "/name"]]),
        (["/name", "/reason"], [[NAMED, "/name"], [SKIPPED, "/reason"]]),
        (["/nothing"], []),
    ],
)
async def test_some_texts_can_be_withheld(
    house: House, told: list[str], left: list[list[object]]
) -> None:
    """By the place they have in every event, or in one; the others are opened."""
    pack = await house.pack(await house.publish(), withheld=Withheld.read(told))
    report = house.judged(pack)
    assert (report.verdict, report.examination.manifest["withheld"]) == (0, left)
    assert report.as_json()["private"]["opened"] == 3 - len(left)


@pytest.mark.parametrize("told", ["name", "0:/name", "x:/name", "ALL"])
def test_a_path_that_is_none_is_refused(told: str) -> None:
    """A slip must not put a name into a publication."""
    with pytest.raises(ValueError, match=told):
        Withheld.read(["/reason", told])


async def test_what_was_erased_is_never_opened(house: House) -> None:
    """The pack verifies, and names the event that says so; so does a redacted one."""
    before = await house.publish()
    await erase(house, (NAMED, "/name"), (NAMED, "/address"))
    size = await house.publish()
    for withheld, opened in ((NOTHING, 1), (ALL, 0)):
        report = house.judged(await house.pack(size, withheld=withheld))
        assert (report.verdict, report.failures) == (0, [])
        told = report.as_json()["private"]
        assert told == {"opened": opened, "withheld": 1 - opened, "erased": 2}
    # At a checkpoint from before the erasure nobody may see it any more.
    report = house.judged(await house.pack(before))
    assert (report.verdict, len(report.examination.withheld)) == (0, 2)


async def test_what_is_about_to_be_erased_is_not_shown(house: House) -> None:
    """Once it is decided, though no event says so yet, nobody sees it any more."""
    size = await house.publish()
    await plant(
        house.url,
        "INSERT INTO vault.erasure VALUES ('gemeente-waterdam', 'e-1', 'p-9')",
        "INSERT INTO vault.erasing SELECT stream, seq, path, 'c', 'gemeente-waterdam',"
        " 'e-1' FROM vault.value WHERE subject = 'p-9'",
    )
    pack = await house.pack(size)
    assert NAME.encode() not in pack
    told = house.judged(pack).as_json()
    assert told["sound"]
    assert told["private"] == {"opened": 1, "withheld": 2, "erased": 0}


async def test_a_text_taken_from_the_vault_is_missed(house: House) -> None:
    """Nobody said that it was erased, so that a reader with full access sees it."""
    size = await house.publish()
    await plant(house.url, "DELETE FROM vault.value WHERE path = '/reason'")
    assert found(house.judged(await house.pack(size))) == {(SKIPPED, "opening")}


async def test_a_text_changed_in_the_vault_is_missed(house: House) -> None:
    """What does not open any more is as good as taken away."""
    size = await house.publish()
    change = "UPDATE vault.value SET value = sha256(value) WHERE path = '/reason'"
    await plant(house.url, change)
    assert found(house.judged(await house.pack(size))) == {(SKIPPED, "opening")}


WHERE = f"WHERE stream = '{PARK}' AND seq"
CHANGES: list[tuple[str, set[tuple[int | None, str]]]] = [
    (
        (
            "UPDATE audit.event SET body = convert_to(replace("
            f"convert_from(body, 'UTF8'), 'context', 'contexX'), 'UTF8') {WHERE} = 4"
        ),
        {(4, "proof"), (None, "head")},
    ),
    (
        (
            "UPDATE audit.event SET body = convert_to(replace("
            f"convert_from(body, 'UTF8'), 'p-9', 'p-8'), 'UTF8') {WHERE} = 2"
        ),
        {(2, "proof"), (3, "prev")},
    ),
    (f"UPDATE audit.event SET body = body || ' ' {WHERE} = 4", {(4, "canonical")}),
    (f"DELETE FROM audit.event {WHERE} = 4", {(None, "head")}),
    (
        f"DELETE FROM audit.event {WHERE} = 3",
        {(3, "seq"), (3, "prev"), (None, "head")},
    ),
    (
        (
            f"UPDATE audit.event SET seq = 103 {WHERE} = 3;"
            f"UPDATE audit.event SET seq = 3 {WHERE} = 4;"
            f"UPDATE audit.event SET seq = 4 {WHERE} = 103"
        ),
        {(3, "seq"), (4, "seq"), (3, "proof"), (4, "proof"), (None, "head")},
    ),
    # The other events lean on this leaf; its own event does not.
    (f"UPDATE audit.leaf SET hash = sha256('x') {WHERE} = 2", {(3, "proof")}),
]


@pytest.mark.parametrize(("change", "checks"), CHANGES, ids=range(len(CHANGES)))
async def test_a_changed_record_gives_a_pack_that_does_not_verify(
    house: House, change: str, checks: set[tuple[int | None, str]]
) -> None:
    """Whatever its owner changes, the pack shows it, and where."""
    size = await house.publish()
    await plant(house.url, *change.split(";"))
    report = house.judged(await house.pack(size))
    assert report.verdict == 1
    assert checks <= found(report)


async def test_a_rewritten_event_gives_a_pack_that_does_not_verify(
    house: House,
) -> None:
    """The last one, with columns, leaf and head that fit: the root was signed."""
    size = await house.publish()
    last = house.play.sealed[-1]
    body = last.body.replace(b"context", b"contexx")
    digest = event_hash(body)
    where = f"WHERE stream = '{PARK}'"
    await plant(
        house.url,
        f"UPDATE audit.event SET body = '\\x{body.hex()}', hash = '\\x{digest}'"
        f" {where} AND seq = {last.seq}",
        f"UPDATE audit.leaf SET hash = '\\x{digest}' {where} AND seq = {last.seq}",
        f"UPDATE audit.stream SET head = '\\x{digest}' {where}",
    )
    report = house.judged(await house.pack(size))
    # The heads are read from the leaves, so the census knows none of them any more.
    assert (None, "census") in found(report)


async def test_a_log_with_holes_gives_no_pack(house: House) -> None:
    """Nothing can be proved then: `verify --all` says what is wrong."""
    size = await house.publish()
    await plant(house.url, f"DELETE FROM audit.leaf {WHERE} = 2")
    with pytest.raises(LogDamaged):
        await house.pack(size)


@pytest.mark.parametrize("stream", [HOUSE, "polder:log", "gemeente-waterdam:elders"])
async def test_every_stream_can_be_packed(house: House, stream: str) -> None:
    """An organisation's own, and the log's: that is where mandates and censuses are."""
    report = house.judged(await house.pack(await house.publish(), stream))
    assert (report.verdict, report.failures) == (0, [])
    assert report.as_json()["stream"] == stream


async def test_a_stream_that_the_log_lacks_has_no_pack(house: House) -> None:
    """Neither one that is not there, nor one that came after the checkpoint."""
    size = await house.publish()
    await append(house.pool, batch(events(1, stream="gemeente-waterdam:nieuw")))
    for stream in ("gemeente-waterdam:nergens", "gemeente-waterdam:nieuw"):
        with pytest.raises(UnknownStream, match=stream):
            await house.pack(size, stream)
    await plant(house.url, f"DELETE FROM audit.event WHERE stream = '{PARK}'")
    with pytest.raises(UnknownStream, match="not one event"):
        await house.pack(size)


async def test_an_older_checkpoint_has_a_proof_in_the_pack(house: House) -> None:
    """Each published one; of a newer one nothing can be said."""
    older = [await house.publish() for _ in range(3)]
    pack = await house.pack(older[-1])
    for size in older:
        report = house.judged(pack, await house.note(size))
        assert (report.verdict, report.examination.compared) == (0, size)
    newer = await house.note(await house.publish())
    assert house.judged(pack, newer).verdict == 6


async def test_a_checkpoint_of_another_log_is_no_older_one(
    house: House, tmp_path: Path
) -> None:
    """It is signed by a key that the reader did not name."""
    size = await house.publish()
    note = await house.note(size)
    key = logkey.create(tmp_path / "other" / "log.key", "elders")
    report = examine(await house.pack(size), [str(key.vkey)], since=note)
    assert {"key", "since"} <= {check for _, check in found(report)}


async def test_a_rotated_key_leaves_older_packs_and_checkpoints_sound(
    house: House,
) -> None:
    """Each pack verifies by the key that signed it; with both, across the rotation."""
    size = await house.publish()
    note, before = await house.note(size), await house.pack(size)
    old = str(house.key.vkey)
    await rotation.rotate(house.pool, house.log_key)
    new = str(house.key.vkey)
    after = await house.pack(await house.publish())
    assert [examine(before, [old]).verdict, examine(after, [new]).verdict] == [0, 0]
    assert [examine(before, [new]).verdict, examine(after, [old]).verdict] == [1, 1]
    assert examine(after, [old, new], since=note).verdict == 0
    assert examine(after, [new], since=note).verdict == 1


async def test_a_thousand_events_are_packed_and_verified_in_time(
    house: House, tmp_path: Path
) -> None:
    """Made within two seconds, verified within one by the pack's own `verify.py`.

    The best of three: other programs may be at work on this machine.
    """
    made = events(1_000, stream="gemeente-waterdam:lang")
    for start in range(0, 1_000, 100):
        before = made[start - 1] if start else None
        await append(house.pool, batch(made[start : start + 100], before))
    making: list[float] = []
    verifying: list[float] = []
    file, verifier = tmp_path / "pack.zip", tmp_path / "verify.py"
    for _ in range(3):
        began = time.perf_counter()
        pack = await house.pack(await house.publish(), "gemeente-waterdam:lang")
        making.append(time.perf_counter() - began)
        file.write_bytes(pack)
        verifier.write_text(file_of(pack, "verify.py"), "utf-8")
        began = time.perf_counter()
        program = [sys.executable, verifier, file, "--key", str(house.key.vkey)]
        subprocess.run(program, check=True, capture_output=True)
        verifying.append(time.perf_counter() - began)
    assert min(making) <= 2
    assert min(verifying) <= 1
