"""A mail server that delivers to a directory: one file per message, for real.

It speaks SMTP on loopback and keeps what it accepts; nothing leaves the machine. For
tests it can refuse recipients for good (550) or for now (451).

    python -m servers.mail --port 1025 --dir mail [--refuse PATTERN] [--defer PATTERN]
"""

from __future__ import annotations

import argparse
import asyncio
import fnmatch
import itertools
import os
import secrets
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from servers.embedded import ServerFailed
from servers.files import private_directory
from servers.lifecycle import ChildServer
from servers.ports import LOOPBACK, free_port

_ROOT = Path(__file__).parent.parent
_SIZE_LIMIT = 33_554_432


class MailServer(ChildServer):
    """A mail server whose messages are `*.eml` files in `directory`, oldest first.

    `refuse` and `defer` are shell patterns of recipients' addresses that are answered
    550 and 451. Port: `port` if it is free, else any.
    """

    name = "Mail"
    within = 30

    def __init__(
        self,
        directory: Path,
        *,
        port: int | None = None,
        refuse: Sequence[str] = (),
        defer: Sequence[str] = (),
    ) -> None:
        """Nothing happens before `start`."""
        super().__init__(directory)
        self._port = port
        self._patterns = [f"--refuse={pattern}" for pattern in refuse]
        self._patterns += [f"--defer={pattern}" for pattern in defer]

    @property
    def address(self) -> str:
        """Its address as `smtp://host:port`."""
        if self._port is None:
            raise ServerFailed(self.name, "it was never started")
        return f"smtp://{LOOPBACK}:{self._port}"

    def messages(self) -> list[Path]:
        """The files of the messages that it accepted, oldest first."""
        return sorted(self.directory.glob("*.eml"))

    def _spawn(self) -> list[int]:
        port = self._port = free_port(self._port)
        self._child.spawn(self._command(), environment=_environment())
        return [port]

    def _command(self) -> list[str | Path]:
        where = [f"--port={self._port}", "--dir", self.directory]
        return [sys.executable, "-m", "servers.mail", *where, *self._patterns]

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(LOOPBACK, self._port)
        except OSError:
            return False
        greeting = await reader.readline()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return greeting.startswith(b"220 ")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT)}


class Mailbox:
    """What aiosmtpd asks at each step of a message's arrival."""

    def __init__(self, directory: Path, refuse: list[str], defer: list[str]) -> None:
        """Keep messages in `directory`."""
        self._directory = directory
        self._refuse = refuse
        self._defer = defer
        self._count = itertools.count()

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Accept a recipient, or not."""
        if _matches(address, self._refuse):
            return "550 5.1.1 No such recipient"
        if _matches(address, self._defer):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, with its envelope as an MTA writes it (RFC 5321, 4.4)."""
        lines = [f"Return-Path: <{envelope.mail_from}>"]
        lines += [f"Delivered-To: {address}" for address in envelope.rcpt_tos]
        head = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
        content = envelope.original_content or b""
        name = await asyncio.to_thread(self._keep, head + content)
        # At this point the message is durable, and only now we take it over.
        return f"250 OK: kept as {name}"

    def _keep(self, message: bytes) -> str:
        chance = secrets.token_hex(4)
        name = f"{time.time_ns():020d}-{next(self._count):06d}-{chance}.eml"
        unfinished = self._directory / f".{name}"
        with unfinished.open("wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._directory / name)
        return name


def _matches(address: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(address.lower(), one.lower()) for one in patterns)


async def serve(port: int, mailbox: Mailbox) -> None:
    """Take mail on loopback until SIGTERM or SIGINT; raises `OSError` without port."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopped.set)

    def session() -> SMTP:
        return SMTP(
            mailbox,
            hostname="localhost",
            ident="Polder",
            enable_SMTPUTF8=True,
            data_size_limit=_SIZE_LIMIT,
            loop=loop,
        )

    server = await loop.create_server(session, LOOPBACK, port)
    await stopped.wait()
    server.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m servers.mail")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--refuse", action="append", default=[])
    parser.add_argument("--defer", action="append", default=[])
    given = parser.parse_args()
    private_directory(given.dir)
    asyncio.run(serve(given.port, Mailbox(given.dir, given.refuse, given.defer)))


if __name__ == "__main__":
    main()
