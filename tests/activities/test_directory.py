"""A directory has every published checkpoint, whole, and none is ever replaced."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.directory import Directory, add_once
from activities.target import Contradiction, NotPublished
from evidence.checkpoint import verify_checkpoint
from storage.publications import Timestamp, keep_cosignature, keep_timestamp
from tests.activities.checkpoints import Journal, journal
from tests.activities.witnesses import OUR_WITNESS, cosignature

__all__ = ["journal"]


async def test_each_published_checkpoint_has_its_file(
    journal: Journal, tmp_path: Path
) -> None:
    """The bytes are those that the log signed; what was missed comes too."""
    out = tmp_path / "out"
    first, second = await journal.grow(), await journal.grow(3)
    await Directory(out).publish(journal.pool, second)
    third = await journal.grow()
    await Directory(out).publish(journal.pool, third)
    for newest in (first, second, third):
        note = (out / f"{newest.size}.checkpoint").read_bytes()
        assert note == newest.note
        signed = verify_checkpoint(note, [journal.key.vkey])
        assert signed.checkpoint.size == newest.size
    assert (out / "latest.checkpoint").read_bytes() == third.note
    assert len(list(out.iterdir())) == 4


async def test_what_was_there_stays_as_it_was(journal: Journal, tmp_path: Path) -> None:
    """A second time writes nothing, whatever was added meanwhile by others."""
    out = tmp_path / "out"
    newest = await journal.grow()
    await Directory(out).publish(journal.pool, newest)
    (out / "README").write_text("theirs")
    before = {path: path.stat().st_ino for path in out.glob("[0-9R]*")}
    await Directory(out).publish(journal.pool, newest)
    assert {path: path.stat().st_ino for path in out.glob("[0-9R]*")} == before


async def test_another_checkpoint_of_the_same_size_is_a_contradiction(
    journal: Journal, tmp_path: Path
) -> None:
    """Nothing is overwritten: that file is the proof that something was rewritten."""
    out = tmp_path / "out"
    out.mkdir()
    newest = await journal.grow()
    file = out / f"{newest.size}.checkpoint"
    file.write_bytes(b"another")
    with pytest.raises(Contradiction, match=f"{newest.size}.checkpoint holds another"):
        await Directory(out).publish(journal.pool, newest)
    assert file.read_bytes() == b"another"


async def test_a_larger_checkpoint_there_says_that_an_old_record_was_put_back(
    journal: Journal, tmp_path: Path
) -> None:
    """The directory remembers what the record forgot."""
    out = tmp_path / "out"
    out.mkdir()
    newest = await journal.grow()
    (out / f"{newest.size + 9}.checkpoint").write_bytes(b"newer")
    with pytest.raises(Contradiction, match="was an older record put back"):
        await Directory(out).publish(journal.pool, newest)
    assert not (out / "latest.checkpoint").exists()


async def test_a_checkpoint_that_the_record_forgot_is_never_grown_past(
    journal: Journal, tmp_path: Path
) -> None:
    """An older record that grows beyond what was published meanwhile is still told."""
    out = tmp_path / "out"
    first = await journal.grow()
    await Directory(out).publish(journal.pool, first)
    (out / f"{first.size + 1}.checkpoint").write_bytes(b"published before the return")
    newest = await journal.grow(5)
    with pytest.raises(Contradiction, match=f"size {first.size + 1} that is not on"):
        await Directory(out).publish(journal.pool, newest)
    assert not (out / f"{newest.size}.checkpoint").exists()


async def test_two_logs_do_not_share_a_directory(
    journal: Journal, tmp_path: Path
) -> None:
    """Each size would be a file of the one or of the other."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "latest.checkpoint").write_bytes(b"polder/elders\n3\nAAAA\n\n")
    with pytest.raises(NotPublished, match="another log than polder/test"):
        await Directory(out).publish(journal.pool, await journal.grow())
    assert len(list(out.iterdir())) == 1


async def test_what_came_back_lies_beside_the_checkpoint(
    journal: Journal, tmp_path: Path
) -> None:
    """Timestamps in files of their own, cosignatures under the newest checkpoint."""
    out = tmp_path / "out"
    newest = await journal.grow()
    directory = Directory(out, ["tsa.example#1", "tsa.other:80#2"])
    await directory.publish(journal.pool, newest)
    line = cosignature(newest.note)
    await keep_cosignature(journal.pool, newest.size, OUR_WITNESS.name, line)
    for authority in ("tsa.example#1", "tsa.other:80#2"):
        stamp = Timestamp(authority, authority.encode(), datetime.now(UTC))
        await keep_timestamp(journal.pool, newest.size, stamp)
    await directory.publish(journal.pool, newest)
    assert (out / f"{newest.size}.tsr").read_bytes() == b"tsa.example#1"
    other = out / f"{newest.size}.tsa.other_80_2.tsr"
    assert other.read_bytes() == b"tsa.other:80#2"
    assert (out / f"{newest.size}.checkpoint").read_bytes() == newest.note
    assert (out / "latest.checkpoint").read_bytes() == newest.note + line.encode()


async def test_a_share_that_is_not_mounted_is_noticed(
    journal: Journal, tmp_path: Path
) -> None:
    """The directory is made, but not the place where it should be."""
    newest = await journal.grow()
    away = tmp_path / "not" / "mounted"
    with pytest.raises(NotPublished, match="No such file"):
        await Directory(away).publish(journal.pool, newest)
    assert not away.parent.exists()


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    """What is half written has another name; two writers agree or one is told."""
    path = tmp_path / "12.checkpoint"
    add_once(path, b"one")
    add_once(path, b"one")
    with pytest.raises(Contradiction):
        add_once(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_system_without_hard_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shares and object stores often have none."""

    def none(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", none)
    path = tmp_path / "12.checkpoint"
    add_once(path, b"one")
    with pytest.raises(Contradiction):
        add_once(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]
