"""What tests keep in memory is gone with them, however they end."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import psutil
import pytest

from tests import memory
from tests.memory import in_memory


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a little be enough, whatever this machine has."""
    monkeypatch.setattr(memory, "ENOUGH", 1)


def test_it_is_gone_afterwards(tmp_path: Path) -> None:
    """With all that lies in it, also after a failure."""

    def fail() -> None:
        with in_memory(tmp_path / "otherwise", tmp_path) as own:
            (own / "data").mkdir()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("locked", [True, False])
def test_what_a_killed_run_left_goes_with_the_next(
    tmp_path: Path, *, locked: bool
) -> None:
    """What is another's, who still lives, stays, however old it is."""
    left = tmp_path / "polder-tests-left"
    (left / "data").mkdir(parents=True)
    if locked:
        Path(f"{left}.lock").touch()
    hour_ago = time.time() - 3600
    os.utime(left, (hour_ago, hour_ago))
    otherwise = tmp_path / "otherwise"
    with in_memory(otherwise, tmp_path) as one:
        os.utime(one, (hour_ago, hour_ago))
        assert not left.exists()
        with in_memory(otherwise, tmp_path) as two:
            assert one.is_dir()
            assert one != two
    assert not [*tmp_path.iterdir()]


def test_who_just_began_is_left_alone(tmp_path: Path) -> None:
    """It may not hold its lock yet."""
    young = tmp_path / "polder-tests-young"
    young.mkdir()
    Path(f"{young}.lock").touch()
    with in_memory(tmp_path / "otherwise", tmp_path):
        assert young.exists()


def test_there_has_to_be_room_for_every_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them looks before any has begun."""
    free = min(shutil.disk_usage(tmp_path).free, psutil.virtual_memory().available)
    monkeypatch.setattr(memory, "ENOUGH", free // 2)
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "1")
    with in_memory(tmp_path / "otherwise", tmp_path) as found:
        assert found.parent == tmp_path
        assert found.name.startswith("polder-tests-")
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "4")
    with in_memory(tmp_path / "otherwise", tmp_path) as found:
        assert found == tmp_path / "otherwise"


def test_without_room_it_lies_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine with little memory, and on one without such a place."""
    otherwise = tmp_path / "otherwise"
    with in_memory(otherwise, tmp_path / "nowhere") as found:
        assert found == otherwise
    monkeypatch.setattr(memory, "ENOUGH", 1 << 60)
    with in_memory(otherwise, tmp_path) as found:
        assert found == otherwise
