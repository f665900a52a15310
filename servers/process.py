"""One child process: started tied to us, remembered on disk, ended for certain.

Its id lies in a file beside its data, with the moment it started, since ids are used
again: so a later parent can tell a process that was left behind from a stranger's.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from servers.embedded import ServerFailed
from servers.files import write_whole

_CHILD = Path(__file__).with_name("child.py")
_LOG_LIMIT = 10_000_000
_POLL = 0.02


class ProcessId(BaseModel):
    """A process, told apart from a later one with the same id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    created: float
    """Seconds since the epoch at which it started, as the system tells it."""

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """The process that has this id now; raises `psutil.NoSuchProcess`."""
        return cls(pid=pid, created=psutil.Process(pid).create_time())

    @classmethod
    def read(cls, path: Path) -> ProcessId | None:
        """What `path` remembers, or None when it holds nothing usable."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None

    def lives(self) -> bool:
        """Whether this very process still runs."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.created) >= 1:
                return False
            # The first thread of a dying process is a zombie while others still run.
            ended = process.status() == psutil.STATUS_ZOMBIE
            return not ended or process.num_threads() > 1
        except psutil.NoSuchProcess:
            return False


class ChildProcess:
    """A server's process, with a log file and a pid file in `directory`."""

    def __init__(self, name: str, directory: Path, *, stop: signal.Signals) -> None:
        """Name it for messages; `stop` is the signal that ends it cleanly."""
        self.name = name
        self.directory = directory
        self._stop = stop
        self._process: subprocess.Popen[bytes] | None = None
        self._log_begin = 0

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    @property
    def log(self) -> Path:
        """The file that has what it wrote."""
        return self.directory / "log"

    def words(self) -> str:
        """What it has written since it was started."""
        try:
            with self.log.open(errors="replace") as log:
                log.seek(self._log_begin)
                return log.read(_LOG_LIMIT)
        except OSError:
            return ""

    def last_words(self) -> str:
        """The end of what it has written, for a message."""
        return "\n".join(self.words().splitlines()[-8:])

    async def end_left_behind(self) -> None:
        """End what a parent that was killed left running here."""
        left = ProcessId.read(self.directory / "pid")
        if left and left.lives():
            await end(left, self.name, self._stop)
        (self.directory / "pid").unlink(missing_ok=True)

    def spawn(
        self,
        program: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        account: str | None = None,
    ) -> None:
        """Start the program; it dies with us where the platform allows (Linux)."""
        self._keep_log_short()
        with self.log.open("ab") as log:
            self._log_begin = log.tell()
            self._process = subprocess.Popen(
                in_between(program, self._stop, account),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                # Ctrl-C is for us alone: we stop the servers, in order.
                start_new_session=True,
            )
        remembered = ProcessId.of(self._process.pid).model_dump_json()
        write_whole(self.directory / "pid", remembered)
        atexit.register(self._end_at_exit)

    async def until_ready(
        self, answers: Callable[[], Awaitable[bool]], *ports: int, within: float
    ) -> None:
        """Wait until it answers, and it is really this process that has the ports.

        Of two servers that were started on one port at the same moment the one that
        lost may live on for a second, while the other answers in its place. Raises
        `ServerFailed` when the process ends, or after `within` seconds.
        """
        deadline = time.monotonic() + within
        while not (await answers() and self._listens_on(ports)):
            if self.pid is None:
                raise ServerFailed(self.name, "it did not start", self.last_words())
            if time.monotonic() > deadline:
                problem = f"no answer within {within:.0f} s"
                raise ServerFailed(self.name, problem, self.last_words())
            await asyncio.sleep(2 * _POLL)

    async def stop(self) -> None:
        """End it cleanly, less cleanly when it will not, and wait until it is gone."""
        await self._end(self._stop)

    async def kill(self) -> None:
        """End it at once, and wait until it is gone."""
        await self._end(signal.SIGKILL)

    def _listens_on(self, ports: Sequence[int]) -> bool:
        try:
            sockets = psutil.Process(self.pid or 0).net_connections(kind="tcp")
        except psutil.AccessDenied:
            return True  # The system does not tell (macOS, for another account).
        except psutil.NoSuchProcess:
            return False
        listening = {s.laddr.port for s in sockets if s.status == psutil.CONN_LISTEN}
        return listening.issuperset(ports)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        atexit.unregister(self._end_at_exit)
        if process.poll() is None:
            await end(ProcessId.of(process.pid), self.name, how, process)
        (self.directory / "pid").unlink(missing_ok=True)

    def _end_at_exit(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(self._stop)
            process.wait(timeout=30)

    def _keep_log_short(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".1"))


def in_between(
    program: Sequence[str | Path], death: signal.Signals, account: str | None
) -> list[str | Path]:
    """The command line that starts a program by way of `servers/child.py`."""
    interpreter = [sys.executable, "-I", "-S", _CHILD]
    settings = [str(os.getpid()), str(int(death)), account or "-"]
    return [*interpreter, *settings, *program]


async def end(
    process: ProcessId,
    name: str,
    how: signal.Signals,
    child: subprocess.Popen[bytes] | None = None,
) -> None:
    """Send `how`, then SIGKILL after 30 seconds; return when the process is gone.

    A `child` of our own is gone once its exit code is collected.
    """
    for sign, patience in ((how, 30.0), (signal.SIGKILL, 10.0)):
        deadline = time.monotonic() + patience
        try:
            os.kill(process.pid, sign)
        except ProcessLookupError:
            return
        while time.monotonic() < deadline:
            if child.poll() is not None if child else not process.lives():
                return
            await asyncio.sleep(_POLL)
    raise ServerFailed(name, f"process {process.pid} does not end")
