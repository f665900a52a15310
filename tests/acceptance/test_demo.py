"""The demonstration needs nothing, leaves nothing, and says no where it has to.

It is run as people run it: as a process. The short scenario of the tests takes about
eight days of a dialogue; the five that ship take weeks, and so their test is slow.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
import pytest
import yaml

from servers import Home
from tests.examples.scenarios import SHORT, SHORT_FILE, changed

ROOT: Final = Path(__file__).parent.parent.parent
DEMO: Final = [sys.executable, "-m", "examples.demo"]


@dataclass
class Ran:
    """What a run answered, and the processes that it had started."""

    code: int
    out: str
    err: str
    children: list[psutil.Process]

    @property
    def left(self) -> list[psutil.Process]:
        """Those that still run."""
        _, alive = psutil.wait_procs(self.children, timeout=5)
        return alive


def run(
    *arguments: str | Path, interrupt_after: str | None = None, patience: float = 150
) -> Ran:
    """Run the demonstration; once it tells ``interrupt_after``, press Ctrl-C."""
    process = subprocess.Popen(
        [*DEMO, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_can_be_interrupted,  # noqa: PLW1509 - we have no threads
    )
    children: dict[int, psutil.Process] = {}
    told = ""
    if interrupt_after is not None and process.stderr is not None:
        while interrupt_after not in told:
            told += process.stderr.readline()
        children = _children(process.pid)
        process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + patience
    while interrupt_after is None and time.monotonic() < deadline:
        children |= _children(process.pid)
        if _ends_within(process, 0.5):
            break
    try:
        out, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Ran(process.returncode, out, told + err, [*children.values()])


def _can_be_interrupted() -> None:
    """Hear Ctrl-C also where the tests themselves run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _ends_within(process: subprocess.Popen[str], seconds: float) -> bool:
    time.sleep(seconds)
    return process.poll() is not None


def _children(pid: int) -> dict[int, psutil.Process]:
    try:
        found = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return {}
    return {child.pid: child for child in found}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """The short scenario, played once for the tests below."""
    home = tmp_path_factory.mktemp("demo") / "home"
    return run("--file", SHORT_FILE, "--home", home, "--json"), home


def test_every_check_holds_and_the_exit_code_says_so(played: tuple[Ran, Path]) -> None:
    """A dialogue whose worker was killed is played, verified, and found sound."""
    ran, _ = played
    report: dict[str, Any] = json.loads(ran.out)
    problems = [check["problems"] for check in report["checks"] if not check["held"]]
    assert (ran.code, problems, report["held"]) == (0, [], True)
    assert [check["id"] for check in report["checks"]] == [
        "played",
        "survived",
        "once",
        "sound",
        "states",
        "projections",
        "letters",
        "private",
        "packs",
        "gone",
    ]


def test_the_worker_really_died_while_a_command_was_under_way(
    played: tuple[Ran, Path],
) -> None:
    """The report names two processes, and the command is on record once."""
    report: dict[str, Any] = json.loads(played[0].out)
    (death,) = report["deaths"]
    assert death["pid"] != death["successor"]
    told = [line["text"] for line in report["dialogues"][0]["timeline"]]
    assert sum("belangen op tafel: afgerond" in line for line in told) == 1


def test_the_story_tells_what_happened(played: tuple[Ran, Path]) -> None:
    """Refused, late and reminded are told in words, with the dialogue's own dates."""
    report: dict[str, Any] = json.loads(played[0].out)
    (dialogue,) = report["dialogues"]
    told = "\n".join(line["text"] for line in dialogue["timeline"])
    for words in ("GEWEIGERD", "TE LAAT", "De klok sluit", "SIGKILL", "brieven"):
        assert words in told
    assert dialogue["refusals"] == ["StepIncomplete"]
    assert all(line["at"].startswith("2026-03") for line in dialogue["timeline"])


def test_nothing_is_left(played: tuple[Ran, Path]) -> None:
    """Neither a process nor the directory survives the demonstration."""
    ran, home = played
    assert len(ran.children) >= 5
    assert ran.left == []
    assert not home.exists()


def test_an_expectation_that_is_wrong_is_told_and_fails(
    tmp_path: Path, home: Home
) -> None:
    """A command that is obeyed where a refusal is expected: exit 1, and what was seen.

    The data is kept then, so that somebody can look why.
    """
    acts: list[dict[str, Any]] = yaml.safe_load(SHORT)["acts"][:1]
    acts[0]["refused"] = "StepNotReady"
    file = tmp_path / "wrong.yaml"
    file.write_text(changed(acts=acts), "utf-8")
    ran = run("--file", file, "--home", home.path, "--lang", "en")
    assert ran.code == 1, ran.err
    told = " ".join(ran.out.split())
    assert "expected the refusal StepNotReady, seen that it was obeyed" in told
    assert "[DOES NOT HOLD]" in ran.out
    assert "the data was kept" in told
    assert ran.left == []
    assert list(home.temporal.glob("temporal.db"))


def test_ctrl_c_ends_everything_in_order(tmp_path: Path) -> None:
    """An interrupted demonstration leaves no process and no directory behind."""
    home = tmp_path / "home"
    ran = run("--file", SHORT_FILE, "--home", home, interrupt_after="draaien")
    assert ran.code == 130, ran.err
    assert "Traceback" not in ran.err
    assert len(ran.children) >= 4
    assert ran.left == []
    assert not home.exists()


def test_a_directory_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """The demonstration removes its directory, so it takes none that is in use."""
    (tmp_path / "mine").write_text("mine")
    ran = run("--home", tmp_path)
    assert ran.code == 2
    assert "is not empty" in ran.err
    assert (tmp_path / "mine").exists()


def test_a_day_that_is_too_short_is_refused() -> None:
    """Timers of less than a second are not to be had, so a day takes one at least."""
    ran = run("--day", "0.5")
    assert (ran.code, ran.out) == (2, "")
    assert "at least 1" in ran.err


@pytest.mark.slow
def test_five_dialogues_in_ninety_seconds() -> None:
    """All that ships is played and verified, in Dutch, within the promised time."""
    began = time.monotonic()
    ran = run()
    took = time.monotonic() - began
    assert ran.code == 0, ran.out[-4_000:] + ran.err
    assert ran.out.count("\nDIALOOG ") == 5
    assert "UITKOMST: alle 10 controles kloppen" in ran.out
    assert ran.left == []
    assert took < 90
