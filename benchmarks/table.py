"""The figures as a table for people, and as one JSON document."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from benchmarks.figures import Figure

_MANY: Final = 1_000
"""From here on a value has no decimals."""


def line(figure: Figure) -> str:
    """Give one line: what, value and interval, bound and verdict."""
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f"{figure.low:.2f}–{figure.high:.2f}"
    bound = ""
    if figure.bound is not None:
        bound = f"{'≥' if figure.at_least else '≤'} {_short(figure.bound)}"
    value = f"{_short(figure.value)} {figure.unit}"
    return (
        f"{figure.name:<11} {figure.what:<62} {value:>18}  {interval:<11}"
        f" {bound:<7} {figure.verdict:<9} {figure.note}"
    ).rstrip()


def _short(number: float) -> str:
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.0f}" if number >= _MANY else f"{number:.2f}"


def machine() -> dict[str, Any]:
    """Say on what it was measured, and how busy that was."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": list(os.getloadavg()),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "temporalio": version("temporalio"),
        "psycopg": version("psycopg"),
    }


def document(figures: list[Figure], **told: object) -> dict[str, Any]:
    """Give everything as one JSON object."""
    rows = [{**asdict(figure), "verdict": figure.verdict} for figure in figures]
    return {**told, "figures": rows}
