"""What every embedded server promises, and how it fails."""

from __future__ import annotations

from typing import Protocol, Self


class EmbeddedServer(Protocol):
    """A server as a child process of this one, with its data in one directory.

    Durable: what it acknowledged survives `stop`, `kill` and the death of its parent;
    a later `start` on the same directory serves it again. `start` first ends what an
    earlier parent left running on that directory, so two processes never share data.
    One object may be started and stopped many times, and keeps its port as long as
    nobody else takes it; it is not meant for two tasks at once. On Linux it ends with
    the *thread* that started it: start it where the program's main loop runs. Each
    member can raise `ServerFailed`.
    """

    @property
    def name(self) -> str:
        """The server's name for people, such as `PostgreSQL`."""
        ...

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        ...

    @property
    def address(self) -> str:
        """Where clients reach it; fails when it was never started."""
        ...

    async def start(self) -> str:
        """Start, wait until it answers, and return its address."""
        ...

    async def stop(self) -> None:
        """Stop cleanly and wait until it is gone; nothing if it does not run."""
        ...

    async def kill(self) -> None:
        """End it as a power cut would (SIGKILL) and wait until it is gone."""
        ...

    async def __aenter__(self) -> Self:
        """Start."""
        ...

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        ...


class ServersError(Exception):
    """A server that Polder brings along can't do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class ServerFailed(ServersError):
    """A server did not start, or did not stop."""

    def __init__(self, name: str, problem: str, log: str = "") -> None:
        """Tell which server, what is wrong, and the last lines that it logged."""
        last = f"\nIts last words:\n{log}" if log else ""
        super().__init__(f"{name}: {problem}{last}")
        self.name = name
        self.problem = problem
        self.log = log


class HomeInUse(ServersError):
    """Another `polder up` already runs with this home."""


class NotRunning(ServersError):
    """A command needs servers, and none are running."""
