"""Root's PostgreSQL gets a copy of the programs that is whole, and shared."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli import examining
from servers import ServerFailed
from servers import ground as grounds
from servers.files import private_directory

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a place")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """An empty place that everybody can reach."""
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        one = Path(outer) / "place"
        monkeypatch.setattr(grounds, "PLACES", (one,))
        yield one


@pytest.fixture
def pg(tmp_path: Path) -> Path:
    """The directory of a home's PostgreSQL."""
    return private_directory(tmp_path / "home" / "pg")


def test_two_at_once_make_one_copy(place: Path, tmp_path: Path) -> None:
    """Starts at the same moment share one whole copy, and keep their data apart."""
    homes = [private_directory(tmp_path / name / "pg") for name in ("one", "two")]
    with ThreadPoolExecutor() as pool:
        one, two = pool.map(grounds.ground, homes)
    assert one.programs == two.programs
    assert one.directory != two.directory
    assert not list(place.glob("*.unfinished"))


def test_everybody_may_run_the_programs(place: Path, pg: Path) -> None:
    """Whatever the umask, the copy can be read and run, and changed by root only."""
    before = os.umask(0o077)
    try:
        found = grounds.ground(pg)
    finally:
        os.umask(before)
    for path in (place, found.programs, found.programs / "postgres"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_a_damaged_copy_is_made_again(place: Path, pg: Path) -> None:
    """A program that a crash cut short does not stay so."""
    program = grounds.ground(pg).programs / "postgres"
    size = program.stat().st_size
    os.truncate(program, 1000)
    grounds.ground(pg)
    assert program.stat().st_size == size


def test_a_new_home_at_an_old_path_finds_no_data(place: Path, pg: Path) -> None:
    """A home that was thrown away leaves nothing that the next one would use."""
    first = grounds.ground(pg).directory
    shutil.rmtree(pg.parent)
    assert grounds.ground(private_directory(pg)).directory != first


def test_what_a_deleted_home_leaves_is_known(
    place: Path, pg: Path, tmp_path: Path
) -> None:
    """The directory of a home that is gone is told, until it is removed or claimed."""
    left = grounds.ground(pg).directory
    assert grounds.left_behind() == {}
    shutil.rmtree(pg.parent)
    assert grounds.left_behind() == {left: pg.parent}
    other = grounds.ground(private_directory(pg)).directory
    assert grounds.left_behind() == {left: pg.parent}
    shutil.rmtree(left)
    assert grounds.left_behind() == {}
    pg.parent.rename(tmp_path / "moved")
    assert grounds.left_behind() == {other: pg.parent}
    grounds.ground(tmp_path / "moved" / "pg")
    assert grounds.left_behind() == {}


def test_the_doctor_tells_what_a_deleted_home_left(
    place: Path, pg: Path, tmp_path: Path
) -> None:
    """It is listed with the command that removes it, and makes nobody ill."""
    left = grounds.ground(pg).directory
    shutil.rmtree(pg.parent)
    (check,) = examining.left_behind()
    assert check.well is None
    assert str(pg.parent) in check.detail
    assert check.detail.endswith(f"rm -r {left}")


def test_the_same_home_keeps_its_directory(place: Path, pg: Path) -> None:
    """Every start of a home finds the directory of the start before."""
    assert grounds.ground(pg).directory == grounds.ground(pg).directory


def test_a_place_that_others_can_change_is_not_used(place: Path, pg: Path) -> None:
    """A directory that anybody may write in could hold anybody's programs."""
    place.mkdir()
    place.chmod(0o777)
    with pytest.raises(ServerFailed, match="no place"):
        grounds.ground(pg)


def test_a_place_behind_a_link_is_not_used(place: Path, pg: Path) -> None:
    """Nor is a link, which may lead anywhere tomorrow."""
    (place.parent / "real").mkdir()
    place.symlink_to(place.parent / "real")
    with pytest.raises(ServerFailed, match="no place"):
        grounds.ground(pg)


def test_data_of_someone_else_is_left_alone(place: Path, pg: Path) -> None:
    """Root does not take over the home of an ordinary user."""
    (pg / "data").mkdir()
    shutil.chown(pg / "data", "nobody")
    with pytest.raises(ServerFailed, match="belongs to nobody"):
        grounds.ground(pg)
