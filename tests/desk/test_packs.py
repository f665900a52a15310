"""Who may make a pack, for whom, and what the desk answers where there can be none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from desk.checks import verify
from desk.desk import Desk, Sender, open_desk
from desk.errors import NotFound, Refused, Unreachable
from desk.packs import (
    Packed,
    log_keys,
    make_pack,
    newest_checkpoint,
    publish_checkpoint,
    rotate_key,
)
from desk.private import commit
from desk.reads import reads
from desk.verdicts import UnusableKey
from desk.withholding import NoSuchPath
from domain.commands import CompleteItems, SkipStep
from evidence.verdict import Verdict
from evidence.verify import examine
from storage import logkey
from storage.ownlog import append as append_own
from storage.projecting import Projections
from storage.record import append
from tests.storage.dialogues import Play
from tests.storage.planting import plant

REASON = "De zaal was niet vrij."


@dataclass(frozen=True)
class Office:
    """A desk with one dialogue on record, and where the log's key lies."""

    desk: Desk
    database: str
    key: Path
    play: Play

    @property
    def stream(self) -> str:
        """The dialogue."""
        return self.play.stream

    async def pack(
        self,
        reader: str | None = None,
        stream: str | None = None,
        withhold: tuple[str, ...] = (),
    ) -> Packed:
        """Make a pack, as somebody or as nobody in particular."""
        return await make_pack(
            self.desk,
            self.database,
            self.key,
            stream or self.stream,
            created_by=reader or "director",
            reader=Sender(reader) if reader else None,
            withhold=withhold,
        )


@pytest_asyncio.fixture
async def office(database: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A dialogue that p-1 steers, with one private text."""
    key = tmp_path / "keys" / "log.key"
    logkey.create(key, "waterdam")
    play = Play()
    async with open_desk(database, "nowhere") as desk:
        projections = Projections()
        await append(desk.pool, play.batch(play.starts()), projections)
        body = {"step": "opdracht", "reason": REASON}
        told = await commit(
            desk.pool,
            desk.keys,
            play.stream,
            "skip_step",
            body,
            command_id="r",
            sender="p-1",
        )
        play.does(SkipStep.model_validate(told), cause="r")
        await append(desk.pool, play.batch(play.sealed[1:]), projections)
        await append_own(desk.pool, "org:gemeente-waterdam", "x", {}, cause="x-1")
        yield Office(desk, database, key, play)


async def test_who_asks_in_nobody_s_name_gets_it_whole(office: Office) -> None:
    """They hold the log's key. The pack is judged before it is handed over."""
    made = await office.pack()
    assert made.document["sound"]
    assert made.document["private"] == {"opened": 1, "withheld": 0, "erased": 0}
    assert not made.barred
    report = examine(made.content, [made.document["key"]])
    assert report.as_json()["created_by"] == "director"


async def test_who_has_a_pack_has_read_it(office: Office) -> None:
    """The log of reads says who made it, of what, and whether texts went along."""
    await office.pack("p-1")
    await office.pack("p-1", withhold=("all",))
    second, first = await reads(office.desk, target=office.stream)
    assert (first.who, first.what, first.rows, first.opened) == ("p-1", "pack", 2, True)
    assert (second.filters, second.opened) == ({"withhold": ["all"]}, False)
    assert second.size is not None


@pytest.mark.parametrize(("reader", "barred"), [("p-1", False), ("p-2", True)])
async def test_a_reader_gets_what_they_may_read(
    office: Office, reader: str, *, barred: bool
) -> None:
    """Who steers reads private texts, and nobody else."""
    made = await office.pack(reader)
    assert made.document["sound"]
    assert made.barred == barred
    assert (REASON.encode() in made.content) != barred


async def test_texts_of_an_organisation_are_for_no_reader_in_particular(
    office: Office,
) -> None:
    """Its stream is packed all the same."""
    made = await office.pack("p-1", "org:gemeente-waterdam")
    assert made.document["sound"]
    assert made.document["events"] == 1


async def test_a_slip_in_what_to_withhold_makes_no_pack(office: Office) -> None:
    """A path that is none is wrong use."""
    with pytest.raises(NoSuchPath, match="reason"):
        await office.pack(withhold=("reason",))


async def test_a_dialogue_that_is_not_there_is_not_found(office: Office) -> None:
    """As everywhere at the desk."""
    with pytest.raises(NotFound):
        await office.pack(stream="gemeente-waterdam:nergens")


async def test_without_the_log_s_key_there_is_no_pack(office: Office) -> None:
    """Where it is not, and where it is another log's."""
    office.key.rename(office.key.with_name("away"))
    with pytest.raises(Unreachable, match=r"log\.key"):
        await office.pack()
    office.key.with_name("away").rename(office.key)
    await office.pack()
    for name in ("log.key", "log.key.pub"):
        office.key.with_name(name).unlink()
    logkey.create(office.key, "elders")
    with pytest.raises(Unreachable, match="elders"):
        await office.pack()


async def test_a_changed_record_gives_a_pack_that_says_so_at_once(
    office: Office,
) -> None:
    """Its maker is the first to know; it is made, so that others see it as well."""
    await office.pack()
    change = "UPDATE audit.event SET body = body || ' ' WHERE seq = 2"
    await plant(office.database, change)
    made = await office.pack()
    assert not made.document["sound"]
    assert {found["check"] for found in made.document["failures"]} >= {"canonical"}


async def test_what_the_sealer_left_out_is_shown_all_the_same(office: Office) -> None:
    """An event that was changed before it got its leaf: the census contradicts it."""
    await publish_checkpoint(office.database, office.key)
    play = office.play
    new = play.does(CompleteItems(items=("context.partijen",)))
    await append(office.desk.pool, play.batch(new), Projections())
    change = "UPDATE audit.event SET body = body || ' '"
    await plant(office.database, f"{change} WHERE seq = {new[0].seq}")
    made = await office.pack()
    checks = {found["check"] for found in made.document["failures"]}
    assert {"canonical", "proof", "head"} <= checks
    assert made.document["events"] == len(play.sealed)


async def test_a_damaged_log_is_not_signed_any_more(office: Office) -> None:
    """Refused, with where to look."""
    await office.pack()
    await plant(office.database, "DELETE FROM audit.leaf WHERE leaf_index = 0")
    with pytest.raises(Refused, match="verify --all") as refused:
        await office.pack()
    assert refused.value.name == "LogDamaged"


async def test_a_cosignature_that_is_none_is_named_and_makes_no_pack(
    office: Office,
) -> None:
    """What a witness is said to have signed is no line of a note: refused."""
    await office.pack()
    await plant(
        office.database,
        "INSERT INTO audit.cosignature (size, key_name, line)"
        " SELECT max(size) + 1, 'w', 'no line' FROM audit.checkpoint",
    )
    with pytest.raises(Refused, match="verify --all"):
        await office.pack()
    found = await verify(office.database, log_key=office.key)
    assert [one["check"] for one in found.findings] == ["witness"]


async def test_a_checkpoint_is_given_once_there_is_one(office: Office) -> None:
    """The newest that was published, which the whole record continues."""
    with pytest.raises(NotFound):
        await newest_checkpoint(office.desk)
    await publish_checkpoint(office.database, office.key)
    point = await newest_checkpoint(office.desk)
    kept = office.key.with_name("kept.txt")
    kept.write_bytes(point.note)
    await office.pack()
    found = await verify(office.database, since=str(kept), log_key=office.key)
    assert (found.verdict, found.findings) == (Verdict.SOUND, [])
    assert found.facts["log"]["since"] == point.document["size"]


async def test_a_checkpoint_of_a_longer_log_finds_what_was_cut(
    office: Office,
) -> None:
    """An old backup put back is sound in itself, and not to who kept a newer one."""
    await publish_checkpoint(office.database, office.key)
    cut = (await newest_checkpoint(office.desk)).document["size"]
    await publish_checkpoint(office.database, office.key)
    kept = office.key.with_name("kept.txt")
    kept.write_bytes((await newest_checkpoint(office.desk)).note)
    await plant(
        office.database,
        "DELETE FROM audit.event WHERE stream = 'polder:log' AND seq > 1",
        "UPDATE audit.stream s SET seq = e.seq, head = e.hash FROM audit.event e"
        " WHERE s.stream = 'polder:log' AND e.stream = s.stream",
        f"DELETE FROM audit.leaf WHERE leaf_index >= {cut}",
        f"DELETE FROM audit.checkpoint WHERE size > {cut}",
    )
    alone = await verify(office.database, log_key=office.key)
    assert alone.verdict == Verdict.SOUND
    found = await verify(office.database, since=str(kept), log_key=office.key)
    assert [one["check"] for one in found.findings] == ["since"]
    assert found.verdict == Verdict.NOT_SOUND


async def test_a_checkpoint_that_the_log_never_signed_is_not_believed(
    office: Office,
) -> None:
    """By a key that was not named; and without any key nothing can be said."""
    await publish_checkpoint(office.database, office.key)
    kept = office.key.with_name("kept.txt")
    kept.write_bytes((await newest_checkpoint(office.desk)).note)
    other = str(logkey.create(office.key.with_name("other.key"), "waterdam").vkey)
    found = await verify(office.database, keys=[other], since=str(kept))
    assert {one["check"] for one in found.findings} == {"since", "signature"}
    with pytest.raises(UnusableKey, match="--key"):
        await verify(office.database, since=str(kept))


async def test_a_rotated_key_is_shown_beside_the_one_before(office: Office) -> None:
    """Whatever the older one signed can still be checked."""
    await office.pack()
    (old,) = log_keys(office.key)["keys"]
    keys = (await rotate_key(office.database, office.key))["keys"]
    assert [key["signs"] for key in keys] == [False, True]
    assert keys[0]["vkey"] == old["vkey"]
    found = await verify(office.database, log_key=office.key)
    assert (found.verdict, found.findings) == (Verdict.SOUND, [])
