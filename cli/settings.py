"""Where a command finds its servers: flags, then the environment, then the home."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.speech import _, lang

if TYPE_CHECKING:
    from desk.desk import Desk, Sender
    from polder_client import AsyncPolder
    from servers import Addresses, Home

ANYBODY: Final = "director"
"""In whose name a command is sent when nobody is named."""


class Usage(Exception):
    """The command was not used as it is meant to be; the message says how."""


@dataclass(frozen=True)
class Call:
    """What every command was told: servers, language and form of the answer."""

    home_path: str | None = None
    database: str | None = None
    temporal: str | None = None
    namespace: str | None = None
    json: bool = False
    server: str | None = None
    token: str | None = None

    @property
    def remote(self) -> str | None:
        """The Polder that is asked over HTTP (POLDER_SERVER); None for one's own.

        Who names a home or a database means that, whatever the environment says.
        """
        own = self.home_path or self.database or self.temporal
        return self.server or (None if own else os.environ.get("POLDER_SERVER")) or None

    @asynccontextmanager
    async def polder(self) -> AsyncGenerator[AsyncPolder]:
        """Open a client of that Polder, with the token that was given."""
        from polder_client import AsyncPolder

        token = self.token or os.environ.get("POLDER_TOKEN") or None
        client = AsyncPolder(self.remote or "", token, language=lang())
        async with client:
            yield client

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment, with what the flags say in it."""
        told = {
            "POLDER_HOME": self.home_path,
            "DATABASE_URL": self.database,
            "TEMPORAL_ADDRESS": self.temporal,
            "TEMPORAL_NAMESPACE": self.namespace,
        }
        said = {name: value for name, value in told.items() if value}
        return {**os.environ, **said}

    @cached_property
    def home(self) -> Home:
        """The home of this call; it need not exist."""
        from servers.home import Home

        return Home.of(self.environment)

    @cached_property
    def addresses(self) -> Addresses:
        """Where the servers are."""
        from servers.home import addresses

        return addresses(self.environment, self.home)

    @property
    def log_key(self) -> Path:
        """Where the log's key lies: `POLDER_LOG_KEY`, else in the home."""
        told = self.environment.get("POLDER_LOG_KEY")
        return Path(told) if told else self.home.path / "keys" / "log.key"

    @property
    def desk_key(self) -> Path:
        """Where the desk's key lies: `POLDER_DESK_KEY`, else beside the log's."""
        told = self.environment.get("POLDER_DESK_KEY")
        return Path(told) if told else self.log_key.with_name("desk.key")

    @property
    def day(self) -> int | None:
        """How long a day of the demo clock takes, in milliseconds; None for real days.

        `POLDER_DAY` says it, of this command or else of the `polder up` of this home.
        Raises `desk.demo_clock.BadDay`.
        """
        told = self.environment.get("POLDER_DAY")
        if not told and self.home.running() is not None:
            told = DayNote(self.home.path).read()
        if not told:
            return None
        from desk.demo_clock import day_ms

        return day_ms(told)

    @asynccontextmanager
    async def desk(self, *also: str) -> AsyncGenerator[Desk]:
        """Open a desk on the record; ``also`` names other servers that are needed.

        Raises `servers.NotRunning`.
        """
        from desk.desk import open_desk
        from desk.signs import found as signing

        told = self.environment.get
        signer = signing(
            told("POLDER_DESK_KEY"), self.desk_key, told("POLDER_UNSIGNED")
        )
        found = self.addresses.need("database", *also)
        async with open_desk(
            found.database or "",
            found.temporal or "",
            found.namespace,
            keys=found.keys,
            signer=signer,
        ) as desk:
            yield desk


class DayNote:
    """What the `polder up` of a home was told about the length of a day."""

    def __init__(self, home: Path) -> None:
        """The note lies in the home."""
        self._file = home / "day"

    def read(self) -> str | None:
        """Give what `POLDER_DAY` was, or None."""
        try:
            return self._file.read_text("utf-8").strip() or None
        except OSError:
            return None

    def write(self, told: str | None) -> None:
        """Note it, or take the note of an earlier time away."""
        if told:
            self._file.write_text(f"{told}\n", "utf-8")
        else:
            self._file.unlink(missing_ok=True)


def sender(named: str | None) -> Sender:
    """Read ``ACTOR[/ROLE]``, or take `POLDER_AS`, or else `ANYBODY`."""
    from desk.desk import Sender

    actor, _slash, role = (named or os.environ.get("POLDER_AS") or ANYBODY).partition(
        "/"
    )
    if not actor:
        raise Usage(_("--as takes ACTOR or ACTOR/ROLE."))
    return Sender(_opaque(actor), role or None, via="cli")


def reader(named: str | None) -> str | None:
    """Give the actor for whom something is read, or None for nobody in particular."""
    told = (named or os.environ.get("POLDER_AS") or "").partition("/")[0]
    return _opaque(told) if told else None


def asker(named: str | None) -> Sender | None:
    """Give the same with the role they name, or None for nobody in particular."""
    return sender(named) if reader(named) else None


def _opaque(actor: str) -> str:
    """Refuse what can be no id: it would go on record, and is perhaps a name."""
    from desk.ids import is_id

    if not is_id(actor):
        text = _(
            "{actor} is no id: use letters without accents, digits, and . _ : - (at "
            "most 200), and nobody's name."
        )
        raise Usage(text.format(actor=actor))
    return actor


def read_text(path: str) -> str:
    """Read the file that an ``@file`` names; ``@-`` is standard input."""
    import sys

    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(
            _("The file {path} can't be read: {problem}.").format(
                path=path, problem=error
            )
        ) from error
