"""Make .venv hold exactly what a lock names: once, whole, and by one process at a time.

Runs on any Python from 3.11 with the standard library only. bin/environment.sh calls
it when the stamp of the last time is not there or no longer right.

    bootstrap.py runtime|dev
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

INCLUDES = {"runtime": ("runtime",), "dev": ("dev", "runtime")}
"""What is there too once a lock is installed: the tools' lock names all that runs."""

ELSEWHERE = {"PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER"}
"""Settings of a person's own pip that would put the packages in another place."""


def stamp(lock: str) -> str:
    """What a stamp says: the place, and the lock (bin/environment.sh compares both)."""
    return f"{ROOT}\n{(ROOT / 'requirements' / f'{lock}.txt').read_text()}"


def is_stamped(lock: str) -> bool:
    """Whether this lock was installed here, to the end."""
    path = VENV / f"{lock}.stamp"
    return PYTHON.exists() and path.exists() and path.read_text() == stamp(lock)


def is_usable() -> bool:
    """Whether .venv is whole, made here, and of a Python that is still there."""
    stamps = list(VENV.glob("*.stamp"))
    moved = any(path.read_text().split("\n", 1)[0] != str(ROOT) for path in stamps)
    if moved or not PYTHON.exists():
        return False
    asked = [PYTHON, "-I", "-m", "pip", "--version"]
    try:
        return not subprocess.run(asked, capture_output=True, check=False).returncode
    except OSError:
        return False


@contextmanager
def alone() -> Generator[None]:
    """Wait for another bootstrap in this tree; its lock goes when it ends."""
    with (ROOT / ".venv.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of .venv …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def say(line: str, end: str = "\n") -> None:
    """Tell how it goes, on stderr: stdout belongs to the command that follows."""
    print(f"polder: {line}", end=end, file=sys.stderr, flush=True)


def install(lock: str) -> None:
    """Install every file of a lock after checking its hash.

    Files that were built elsewhere only: building one would run code without a hash.
    """
    packages = ROOT / "requirements" / f"{lock}.txt"
    flags = ("--require-hashes", "--no-deps", "--only-binary=:all:")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    command = [PYTHON, "-I", "-m", "pip", "install", *quiet, *flags, "-r", packages]
    kept = {k: v for k, v in os.environ.items() if k not in ELSEWHERE}
    with (VENV / "pip.log").open("w+") as log:
        code = subprocess.run(
            command, env=kept, stdout=log, stderr=log, check=False
        ).returncode
        if code:
            log.seek(0)
            sys.stderr.write(log.read()[-4000:])
            say(
                f"the packages of requirements/{lock}.txt could not be installed "
                "(see above). Is the package index reachable? Then try again."
            )
            sys.exit(1)


def timed(work: Callable[[], None], what: str) -> None:
    """One line: what is being done, and how long it took."""
    began = time.monotonic()
    on_terminal = sys.stderr.isatty()
    say(f"{what} …", end="" if on_terminal else "\n")
    work()
    seconds = f"done in {time.monotonic() - began:.0f} s"
    sys.stderr.write(f" {seconds}\n" if on_terminal else f"polder: {seconds}\n")


def bootstrap(lock: str) -> None:
    """Bring .venv to what the lock names, and stamp it."""
    if not is_usable():
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True, symlinks=True)
    for old in VENV.glob("*.stamp"):
        old.unlink()
    install(lock)
    # At this point all is installed; a crash before it leaves no stamp, and the next
    # run installs again.
    for name in INCLUDES[lock]:
        unfinished = VENV / f".{name}.stamp"
        unfinished.write_text(stamp(name))
        unfinished.replace(VENV / f"{name}.stamp")


def main() -> None:
    """Do what is needed, if anything is."""
    lock = sys.argv[1]
    with alone():
        if not is_stamped(lock):
            what = f"setting up .venv from requirements/{lock}.txt, about a minute"
            timed(lambda: bootstrap(lock), what)


if __name__ == "__main__":
    main()
