"""A command with its libraries loaded before is, to itself, a command as any other."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.cli import loaded
from tests.cli.running import ROOT, settings

ITSELF = """
import gc, json, locale, os, signal, sys, threading, time
files = [name for name in os.listdir("/dev/fd") if os.path.exists(f"/dev/fd/{name}")]
streams = sys.stdin, sys.stdout, sys.stderr
print(json.dumps({
    "name": __name__, "words": sys.argv, "cwd": os.getcwd(), "path": sys.path,
    "environment": dict(os.environ), "typed": sys.stdin.read(), "zone": time.tzname,
    "threads": threading.active_count(), "locale": locale.getlocale(),
    "streams": [(s.encoding, s.errors, s.isatty(), s.line_buffering) for s in streams],
    "signals": [str(signal.getsignal(each)) for each in signal.valid_signals()],
    "files": sorted(files), "flags": list(sys.flags), "gc": gc.get_threshold(),
    "mask": os.umask(0), "masked": list(signal.pthread_sigmask(0, [])),
}))
print("wel", file=sys.stderr)
sys.exit(3)
"""
LOADED = """
import sys
print(*(f"{name} {getattr(m, '__file__', None)}" for name, m in sys.modules.items()),
      sep="\\n")
"""
KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
STAYS = """
import os, pathlib, time
pathlib.Path("pid").write_text(str(os.getpid()))
time.sleep(60)
"""


def program(place: Path, text: str) -> dict[str, str]:
    """Write a program of that text; give the environment in which it is `shown`."""
    (place / "shown.py").write_text(text, "utf-8")
    return settings(POLDER_LANG="en", PYTHONPATH=f"{ROOT}:{place}")


def run(
    place: Path, text: str, *words: str, typed: str = "", patience: float = 60
) -> loaded.Ended:
    """Run a program of that text, with its libraries loaded before."""
    return loaded.run(
        words,
        environment=program(place, text),
        cwd=place,
        typed=typed,
        patience=patience,
        module="shown",
    )


def test_it_finds_itself_as_a_command_does_that_is_started_cold(
    tmp_path: Path,
) -> None:
    """What it was given, where it is, how it reads and writes, what a signal does."""
    environment = program(tmp_path, ITSELF)
    cold = subprocess.run(
        [sys.executable, "-m", "shown", "een", "twee drie"],
        env=environment,
        cwd=tmp_path,
        input="getypt é",
        capture_output=True,
        text=True,
        check=False,
    )
    warm = run(tmp_path, ITSELF, "een", "twee drie", typed="getypt é")
    assert json.loads(warm.out) == json.loads(cold.stdout)
    assert (warm.code, warm.err) == (cold.returncode, cold.stderr) == (3, "wel\n")


def test_nothing_of_polder_was_loaded_before(tmp_path: Path) -> None:
    """So each command reads Polder's own modules, in its own environment.

    But for the package of the tests, which has nothing in it.
    """
    lines = [line.split() for line in run(tmp_path, LOADED).out.splitlines()]
    libraries = {name for name, file in lines if "site-packages" in file}
    assert libraries > {"typer.main", "psycopg", "temporalio.client"}
    ours = {name for name, file in lines if file.startswith(f"{ROOT}/")}
    assert ours - libraries <= {"tests"}
    assert not (ROOT / "tests" / "__init__.py").read_text()


def test_it_ends_by_a_signal_or_a_fault_as_any_other(tmp_path: Path) -> None:
    """By what `subprocess` calls its code; why is on standard error."""
    assert run(tmp_path, KILLED).code == -signal.SIGTERM
    fault = run(tmp_path, "1 / 0")
    assert (fault.code, "ZeroDivisionError" in fault.err) == (1, True)
    assert run(tmp_path, "print(1)") == (0, "1\n", "")


def test_what_takes_too_long_is_killed_and_told(tmp_path: Path) -> None:
    """As `subprocess` does."""
    with pytest.raises(subprocess.TimeoutExpired):
        run(tmp_path, STAYS, patience=2)
    left = psutil.Process(int((tmp_path / "pid").read_text()))
    with suppress(psutil.NoSuchProcess):
        left.wait(10)


@pytest.mark.parametrize("name", ["LANG", "OTEL_SDK_DISABLED", "PYTHONUTF8", "TZ"])
def test_what_libraries_look_at_while_they_are_loaded_is_told_before(name: str) -> None:
    """A command with such a setting is started cold."""
    assert loaded.may_be(settings(POLDER_LANG="en", DATABASE_URL="postgresql://"))
    assert not loaded.may_be(settings(**{name: "x"}))
