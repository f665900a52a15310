"""A name is looked up in a thread of its own, never for long, and on one's own account.

The system's resolver waits as long as a name server lets it, and nobody can call it
back. In the threads that everything else uses, a few hosts whose name servers say
nothing would stop all that goes out. Here each of those on whose behalf is looked up
has two threads: whoever has both taken waits, and others notice nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any, Final, NamedTuple
from weakref import WeakValueDictionary

from aiohttp.abc import AbstractResolver, ResolveResult

AT_ONCE: Final = 2
"""Hosts that are looked up on one's behalf at the same time."""

IN_ALL: Final = 64
"""Threads that may wait for a name server, on whosever behalf."""

SECONDS: Final = 5.0
"""How long is waited for a name; its thread may take longer."""

_NUMERIC: Final = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

Found = list[tuple[Any, ...]]
"""What ``socket.getaddrinfo`` gives."""

Lookup = Callable[[str, int, socket.AddressFamily], Found]


class NoName(OSError):
    """The name was not found in time, or is not looked up now."""


class _Asked(NamedTuple):
    """One question: whoever asks the same meanwhile gets the same answer."""

    whose: str
    host: str
    port: int
    family: socket.AddressFamily


def look_up(host: str, port: int, family: socket.AddressFamily) -> Found:
    """Ask the system's resolver; takes as long as that takes."""
    kind, flags = socket.SOCK_STREAM, socket.AI_ADDRCONFIG
    return [*socket.getaddrinfo(host, port, family=family, type=kind, flags=flags)]


class Names:
    """Looks names up; one for all on whose behalf that is done."""

    def __init__(self, lookup: Lookup = look_up, seconds: float = SECONDS) -> None:
        """``lookup`` may block; it runs in a thread that nobody waits for."""
        self._lookup = lookup
        self._seconds = seconds
        self._under_way: dict[_Asked, asyncio.Future[Found]] = {}
        self._slots = WeakValueDictionary[str, asyncio.Semaphore]()

    def resolver(self, whose: str) -> AbstractResolver:
        """Give what looks names up on somebody's behalf."""
        slots = self._slots.setdefault(whose, asyncio.Semaphore(AT_ONCE))
        return _Resolver(self, whose, slots)

    async def find(self, asked: _Asked, slots: asyncio.Semaphore) -> Found:
        """Give the addresses of a host. Raises ``OSError``, at the latest in time."""
        with _in_time(asked.host, self._seconds):
            async with asyncio.timeout(self._seconds):
                if asked not in self._under_way:
                    await slots.acquire()
                    self._begin(asked, slots)
                return await asyncio.shield(self._under_way[asked])

    def _begin(self, asked: _Asked, slots: asyncio.Semaphore) -> None:
        """Ask in a thread, which has one of the slots until it ends."""
        if asked in self._under_way or len(self._under_way) >= IN_ALL:
            slots.release()
            if asked in self._under_way:
                return
            message = f"{asked.host} is not looked up: too many names don't answer"
            raise NoName(message)
        loop = asyncio.get_running_loop()
        found = self._under_way[asked] = loop.create_future()

        def end(answer: Found | Exception) -> None:
            slots.release()
            del self._under_way[asked]
            if isinstance(answer, Exception):
                found.set_exception(answer)
                found.exception()  # there may be nobody left who waits for it
            else:
                found.set_result(answer)

        def work() -> None:
            answer = self._answer(asked)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(end, answer)

        Thread(target=work, name="polder-lookup", daemon=True).start()

    def _answer(self, asked: _Asked) -> Found | Exception:
        try:
            return self._lookup(asked.host, asked.port, asked.family)
        except UnicodeError:
            return NoName(f"{asked.host} is no name of a host")
        except Exception as error:  # noqa: BLE001  (whoever waits gets it)
            return error


@contextmanager
def _in_time(host: str, seconds: float) -> Generator[None]:
    try:
        yield
    except TimeoutError:
        message = f"the name {host} was not found in {seconds:.0f} s"
        raise NoName(message) from None


class _Resolver(AbstractResolver):
    """One's own way to look names up, as aiohttp wants it."""

    def __init__(self, names: Names, whose: str, slots: asyncio.Semaphore) -> None:
        self._names = names
        self._whose = whose
        self._slots = slots

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """Give the addresses of a host."""
        asked = _Asked(self._whose, host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=str(place[0]),
                port=int(place[1]),
                family=kind,
                proto=protocol,
                flags=_NUMERIC,
            )
            for kind, _type, protocol, _name, place in await self._names.find(
                asked, self._slots
            )
        ]

    async def close(self) -> None:
        """Nothing is held open."""
