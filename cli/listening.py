"""Listening to events on this machine: to see them come before anything is built."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from cli.frame import command
from cli.page import Page, write_json
from cli.settings import Call, Usage, read_text
from cli.speech import _
from language import mark

PORT: Final = 9090

_TAKEN: Final = 204
_NOT_GENUINE: Final = 401
_KNOWN: Final = 100_000
"""Ids that are remembered, to see a repeat."""


@command(
    "events",
    "listen",
    mark("Receive events on this machine, check who sent them, and print each."),
    "polder events listen",
    "polder events listen --port 9090 --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
)
async def listen(
    call: Call,
    *,
    port: Annotated[
        int,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help=mark("Where.")),
    ] = PORT,
    secret: Annotated[
        list[str] | None,
        typer.Option(
            "--secret",
            metavar="SECRET",
            help=mark("That of the subscription, or @file; a fresh one otherwise."),
        ),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            "--count", metavar="N", min=1, help=mark("Stop after so many events.")
        ),
    ] = None,
) -> int:
    """Listen until Ctrl-C, or until so many events came."""
    from desk.subscribing import fresh_secret
    from servers.receiver import receiving

    secrets = secrets_in(secret) or [fresh_secret()]
    hearing = _Hearing(secrets, as_json=call.json, count=count)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, hearing.done.set)
    try:
        with receiving(port, hearing.answer) as at:
            _say(at, None if secret else secrets[0])
            await hearing.done.wait()
            # The last answer is on its way from a thread of its own.
            await asyncio.sleep(0.1)
    except OSError as error:
        raise Usage(
            _("Port {port} can't be used: {problem}.").format(
                port=port, problem=error.strerror or error
            )
        ) from None
    return 0


def secrets_in(told: list[str] | None) -> list[str]:
    """Read secrets, from a file where `@` and its path stand."""
    words = [read_text(t[1:]) if t.startswith("@") else t for t in told or ()]
    return " ".join(words).split()


def _say(port: int, secret: str | None) -> None:
    """Say on stderr where, so that stdout has events and nothing else."""
    lines = [_("Listening on {url}").format(url=f"http://127.0.0.1:{port}/")]
    if secret:
        lines.append(_("The secret is {secret}").format(secret=secret))
        lines.append(
            f"  polder subscription create --organisation ORG --secret {secret} "
            f"--target http://127.0.0.1:{port}/"
        )
    sys.stderr.write("\n".join([*lines, ""]))
    sys.stderr.flush()


class _Hearing:
    """Checks and prints what comes; called from the threads of the receiver."""

    def __init__(self, secrets: list[str], *, as_json: bool, count: int | None) -> None:
        self.done = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._secrets = secrets
        self._as_json = as_json
        self._count = count
        self._ids: dict[str, None] = {}

    def answer(self, headers: Mapping[str, str], body: bytes) -> int:
        from polder_client.webhooks import NotGenuine, verified

        try:
            event = verified(self._secrets, headers, body)
        except (NotGenuine, ValueError) as error:
            sys.stderr.write(_("Not genuine: {problem}").format(problem=error) + "\n")
            sys.stderr.flush()
            return _NOT_GENUINE
        self._loop.call_soon_threadsafe(self._told, event)
        return _TAKEN

    def _told(self, event: dict[str, Any]) -> None:
        if self.done.is_set():
            return
        name = str(event.get("id"))
        again = name in self._ids
        self._ids[name] = None
        if len(self._ids) > _KNOWN:
            del self._ids[next(iter(self._ids))]
        if self._as_json:
            write_json(event)
        else:
            Page().line(_line(event, again=again))
        sys.stdout.flush()
        if self._count is not None:
            self._count -= 1
            if self._count == 0:
                self.done.set()


def _line(event: Mapping[str, Any], *, again: bool) -> str:
    """Give one line: when it came, what, of which dialogue, its number there."""
    now = datetime.now(UTC).strftime("%H:%M:%S")
    number = str(event.get("sequence", "")).lstrip("0")
    words = [now, event.get("type"), event.get("subject"), number]
    if again:
        words.append(_("(again)"))
    return "  ".join(str(word) for word in words if word)
