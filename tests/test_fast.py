"""`bin/test --fast` starts no server, and leaves out nothing else."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"

SERVERS = re.compile(
    r"\b(PostgresServer|TemporalServer|MailServer|WorkerProcess|tests\.services"
    r"|postgres_server|temporal_server|temporal_client|(module_)?database: str"
    r"|benchmarks\.ground|servers import Home)\b"
)
"""What starts servers, the fixtures that give one, and the home that they live in."""


def left_out() -> set[str]:
    """The folders that `--fast` leaves out."""
    script = (ROOT / "bin" / "test").read_text(encoding="utf-8")
    loop = re.search(r"for folder in (.*?); do", script.replace("\\\n", " "))
    assert loop is not None
    return set(loop[1].split())


def needs_servers(folder: Path) -> bool:
    """Whether any file of a folder of tests starts servers or asks for them."""
    files = folder.rglob("*.py")
    return any(SERVERS.search(file.read_text(encoding="utf-8")) for file in files)


def test_fast_leaves_out_what_needs_servers() -> None:
    """The folders that are left out are those whose tests need a server."""
    folders = [path for path in TESTS.iterdir() if any(path.glob("test_*.py"))]
    assert left_out() == {path.name for path in folders if needs_servers(path)}


def test_no_test_beside_the_folders_needs_servers() -> None:
    """What lies in `tests` itself always runs, so it starts nothing."""
    loose = [path for path in TESTS.glob("test_*.py") if path != Path(__file__)]
    assert loose
    assert not [p.name for p in loose if SERVERS.search(p.read_text(encoding="utf-8"))]
