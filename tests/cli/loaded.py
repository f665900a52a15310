"""Commands whose process has its libraries loaded before it begins.

What a test that runs `polder` waits for longest is Python that reads the same libraries
again. So one process reads those, once, and nothing of Polder, and forks for each
command. What comes of that is a process of its own, with the words, directory,
environment and files that were given, which reads Polder's modules and is from there
what `python -m cli` is. It ends as that does: with a code, or by a signal.

It is for short commands. What goes on until it is stopped, and what is about how long
loading takes, is started as people start it.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, NamedTuple, NoReturn

ROOT: Final = Path(__file__).parents[2]
LIBRARIES: Final = (
    *("argparse", "asyncio", "concurrent.futures.thread", "email.message", "graphlib"),
    *("importlib.metadata", "importlib.readers", "tomllib", "zipfile", "zoneinfo"),
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
    *("holidays", "httpx", "psutil", "psycopg", "psycopg_pool", "pydantic.types"),
    *("pydantic.functional_serializers", "pydantic.plugin._loader", "rfc8785"),
    *("structlog", "temporalio.client", "temporalio.contrib.pydantic"),
    *("typer._adapters", "typer._click.decorators", "typer.main", "yaml"),
)
"""What commands load; none of it may start a thread, which a fork would lose."""

SETTINGS: Final = ("DATABASE_URL", "HOME", "KEYS_DATABASE_URL", "PATH", "SMTP_URL")
PREFIXES: Final = ("POLDER_", "TEMPORAL_")
"""With PYTHONPATH, what a library does not look at while it is loaded."""


class ForkingGone(Exception):
    """What forks for commands can't: this is no fault of the command."""


class Ended(NamedTuple):
    """How a command ended, as `subprocess` says it, and what it wrote."""

    code: int
    out: str
    err: str


def may_be(environment: Mapping[str, str]) -> bool:
    """Whether it is the same to libraries if they were loaded before they see this."""
    return all(
        name in {*SETTINGS, "PYTHONPATH"} or name.startswith(PREFIXES)
        for name in environment
    )


def run(
    words: Sequence[str],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    typed: str = "",
    patience: float = 120,
    module: str = "cli",
) -> Ended:
    """Run `python -m cli` with these words; who takes longer is killed, as an error."""
    hears = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    asked = {"module": module, "words": words, "cwd": str(cwd), "interruptible": hears}
    with ExitStack() as opened:
        files = [opened.enter_context(TemporaryFile()) for _ in range(3)]
        files[0].write(typed.encode())
        files[0].seek(0)
        ours, theirs = map(opened.enter_context, socket.socketpair())
        Forking.here().fork([*files, theirs])
        theirs.close()
        ours.sendall(json.dumps({**asked, "environment": dict(environment)}).encode())
        ours.shutdown(socket.SHUT_WR)
        code = _end_of(words, ours, patience)
        for file in files:
            file.seek(0)
        return Ended(code, *(file.read().decode() for file in files[1:]))


def _end_of(words: Sequence[str], line: socket.socket, patience: float) -> int:
    """Wait for a command; give its exit code."""
    line.settimeout(patience)
    with line.makefile("r", encoding="ascii") as told:
        pid = _number(told.readline())
        try:
            return _number(told.readline())
        except BaseException as error:
            os.kill(pid, signal.SIGKILL)
            if isinstance(error, TimeoutError):
                raise subprocess.TimeoutExpired(words, patience) from None
            raise


def _number(line: str) -> int:
    if not line:
        message = "the process that forks for commands is gone: see its standard error"
        raise ForkingGone(message)
    return int(line)


class Forking:
    """The process that forks, as the tests hold it: it ends when they do."""

    _here: Forking | None = None
    _starting = threading.Lock()

    def __init__(self) -> None:
        """Start it with nothing of whoever runs the tests but the PATH."""
        self._line, theirs = socket.socketpair()
        self._telling = threading.Lock()
        with theirs:
            told = str(theirs.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.loaded", told],
                env={name: os.environ[name] for name in SETTINGS if name in os.environ},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self._end)

    @classmethod
    def here(cls) -> Forking:
        """Give the one of this process of tests."""
        with cls._starting:
            cls._here = cls._here or cls()
            return cls._here

    def fork(self, files: Sequence[Any]) -> None:
        """Have it fork for a command that gets these files."""
        with self._telling:
            try:
                socket.send_fds(self._line, [b"!"], [each.fileno() for each in files])
            except OSError as error:
                message = f"the process that forks ended: {self._process.poll()}"
                raise ForkingGone(message) from error

    def _end(self) -> None:
        self._line.close()
        self._process.wait()


def _serve(line: socket.socket) -> None:
    """Fork for each that asks, until nobody can ask any more."""
    kept = {name: os.environ[name] for name in ("LC_CTYPE",) if name in os.environ}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in LIBRARIES:
        import_module(name)
    gc.freeze()
    while True:
        word, files, _flags, _sender = socket.recv_fds(line, 1, 4)
        if not word:
            break
        assert _threads() == 1, threading.enumerate()
        if not os.fork():
            line.close()
            _attend(files, kept)
        for file in files:
            os.close(file)
        _reap()
    _reap(0)


def _threads() -> int:
    """Count them, those of libraries that are not Python's too, where that can be."""
    ours = Path("/proc/self/task")
    return len([*ours.iterdir()]) if ours.is_dir() else threading.active_count()


def _reap(how: int = os.WNOHANG) -> None:
    """Take leave of those that ended; with 0, wait for all."""
    try:
        while os.waitpid(-1, how)[0]:
            pass
    except ChildProcessError:
        return


def _attend(files: list[int], kept: Mapping[str, str]) -> NoReturn:
    """Fork a command, and tell how it went."""
    line = socket.socket(fileno=files.pop())
    with line.makefile("r") as told:
        asked = json.load(told)
    pid = os.fork()
    if not pid:
        line.close()
        _become(asked, files, kept)
    line.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):  # who asked may have gone
        line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(
    asked: Mapping[str, Any], files: list[int], kept: Mapping[str, str]
) -> NoReturn:
    """Go on as `python -m cli` does once it has begun."""
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    if asked["interruptible"]:  # as whoever asks is now, who may hand on ignoring it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update({**kept, **asked["environment"]})
    more = asked["environment"].get("PYTHONPATH", "")
    sys.path[:1] = [asked["cwd"], *filter(None, more.split(os.pathsep))]
    sys.argv[1:] = asked["words"]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
    raise SystemExit(0)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asking:
        _serve(asking)
