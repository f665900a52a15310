"""`polder version`, `worker` and `doctor`: the program itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cli.frame import command
from cli.page import Cell, Page, Result
from cli.settings import Call
from language import mark

ROOT = Path(__file__).parent.parent


def program_version() -> str:
    """Give Polder's version, from the one place that says it."""
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


@command("", "version", mark("Tell the version of Polder."), "polder version --json")
async def version(call: Call) -> Result:  # noqa: ARG001  (as every command)
    """Tell versions without touching any server."""
    found = program_version()
    python = ".".join(map(str, sys.version_info[:3]))
    return Result(
        {"version": found, "python": python},
        lambda page: page.line(f"polder {found} (Python {python})"),
    )


@command(
    "",
    "worker",
    mark("Run a worker: it carries out dialogues, until Ctrl-C."),
    "DATABASE_URL=… TEMPORAL_ADDRESS=… polder worker",
)
async def worker(call: Call) -> int:
    """Become a worker on the servers that were found."""
    found = call.addresses.need("database", "temporal")
    settings = {
        "DATABASE_URL": found.database or "",
        "TEMPORAL_ADDRESS": found.temporal or "",
        "TEMPORAL_NAMESPACE": found.namespace,
        "PYTHONPATH": str(ROOT),
    }
    if found.smtp:
        settings["SMTP_URL"] = found.smtp
    environment = {**call.environment, **settings}
    sys.stdout.flush()
    os.execve(  # noqa: S606  (no shell is the point)
        sys.executable, [sys.executable, "-P", "-m", "worker"], environment
    )


@command(
    "",
    "doctor",
    mark("Look whether this machine and its servers are well."),
    "polder doctor",
)
async def doctor(call: Call) -> Result:
    """Examine; exit code 1 when something is not well."""
    from cli.examining import examine

    found = await examine(call)
    data = {
        "well": all(check.well is not False for check in found),
        "checks": [check._asdict() for check in found],
    }

    def show(page: Page) -> None:
        marks = {
            True: Cell("✓", "good"),
            False: Cell("✗", "alarm"),
            None: Cell("·", "quiet"),
        }
        page.table((marks[c.well], c.name, c.detail) for c in found)

    return Result(data, show, 0 if data["well"] else 1)
