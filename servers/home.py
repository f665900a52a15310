"""A home: one directory with everything embedded, and the note of what runs in it.

Whoever runs `polder up` writes the addresses into `servers.json`; every other command
with the same home reads them there, and believes them only while those very processes
live.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from servers import ground
from servers.embedded import HomeInUse, NotRunning
from servers.files import private_directory, write_whole
from servers.process import ProcessId


class Addresses(BaseModel):
    """Where the servers are; None is nowhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str | None = None
    """URL of the PostgreSQL database, with a password."""
    keys: str | None = None
    """URL of the database with the vault's keys, where it is not beside that one."""
    temporal: str | None = None
    """Host and port of the Temporal service."""
    namespace: str = "default"
    """The namespace in it."""
    temporal_ui: str | None = None
    """URL of Temporal's pages."""
    smtp: str | None = None
    """Where mail goes, as `smtp://host:port`."""
    http: str | None = None
    """URL of Polder's own API."""

    def need(self, *names: str) -> Addresses:
        """Itself; raises `NotRunning` unless the named ones are all known."""
        lacking = [name for name in names if getattr(self, name) is None]
        if lacking:
            raise NotRunning(
                f"No address for {' and '.join(lacking)}. Start the servers with "
                "`polder up` and the same POLDER_HOME, or set DATABASE_URL and "
                "TEMPORAL_ADDRESS."
            )
        return self


class Running(BaseModel):
    """What `servers.json` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: Addresses
    processes: dict[str, ProcessId]
    """By the server's name; `up` is the one that watches over the others."""


class Home:
    """The directory with all embedded data: `pg/`, `temporal/`, `mail/`."""

    def __init__(self, path: Path | str) -> None:
        """Nothing is made before it is needed."""
        self.path = Path(path).absolute()

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Home:
        """The home that `POLDER_HOME` names, else `.polder` in the current directory.

        Example: `Home.of(os.environ)`.
        """
        return cls(environment.get("POLDER_HOME") or ".polder")

    @property
    def pg(self) -> Path:
        """PostgreSQL's directory."""
        return self.path / "pg"

    @property
    def temporal(self) -> Path:
        """Temporal's directory."""
        return self.path / "temporal"

    @property
    def mail(self) -> Path:
        """The directory with the messages that were sent."""
        return self.path / "mail"

    def running(self) -> Addresses | None:
        """Where the servers of this home are, or None unless all of them live."""
        try:
            noted = Running.model_validate_json(self._note.read_bytes())
        except (OSError, ValidationError):
            return None
        live = all(process.lives() for process in noted.processes.values())
        return noted.addresses if live else None

    def note(self, addresses: Addresses, pids: Mapping[str, int]) -> None:
        """Tell others what runs; the file is there whole or not at all."""
        processes = {name: ProcessId.of(pid) for name, pid in pids.items()}
        noted = Running(addresses=addresses, processes=processes)
        write_whole(self._note, json.dumps(noted.model_dump(mode="json"), indent=2))

    def forget(self) -> None:
        """Tell others that nothing runs."""
        self._note.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Generator[None]:
        """Keep the home to ourselves; raises `HomeInUse` when someone else has it.

        The lock goes with the process that holds it, however it ends.
        """
        private_directory(self.path)
        with (self.path / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeInUse(
                    f"{self.path} is in use by another `polder up`. "
                    "Stop that one, or set POLDER_HOME to another directory."
                ) from None
            yield

    def destroy(self) -> None:
        """Remove the home and what it has elsewhere; nothing may run in it."""
        with self.alone():
            ground.forget(self.pg)
            shutil.rmtree(self.path)

    @property
    def _note(self) -> Path:
        return self.path / "servers.json"


def addresses(
    environment: Mapping[str, str],
    home: Home,
    *,
    database: str | None = None,
    temporal: str | None = None,
    namespace: str | None = None,
    smtp: str | None = None,
) -> Addresses:
    """Each address from the flag, else the environment, else the running home.

    The variables are `DATABASE_URL`, `KEYS_DATABASE_URL`, `TEMPORAL_ADDRESS`,
    `TEMPORAL_NAMESPACE` and `SMTP_URL`. Never fails: what is needed is for the caller
    to say, with `need`.
    """
    found = home.running() or Addresses()
    given = {
        "database": database or environment.get("DATABASE_URL"),
        "keys": environment.get("KEYS_DATABASE_URL"),
        "temporal": temporal or environment.get("TEMPORAL_ADDRESS"),
        "namespace": namespace or environment.get("TEMPORAL_NAMESPACE"),
        "smtp": smtp or environment.get("SMTP_URL"),
    }
    said = {name: value for name, value in given.items() if value}
    if "database" in said:
        # Another record has other keys.
        said = {"keys": None, **said}
    if "temporal" in said:
        # The embedded server's pages do not show another server's dialogues.
        said = {"temporal_ui": None, "namespace": "default", **said}
    return found.model_copy(update=said)
