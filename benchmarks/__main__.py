"""Measure: `python -m benchmarks [--short] [--only NAME …]`, and what `--help` tells.

Exits 1 when a bound is missed for certain: a count above it, or an interval that lies
wholly beyond it. On servers that the environment names, only counts can be missed: the
other bounds are for the embedded servers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.ground import Ground, ground
from benchmarks.measurements import ASKED_FOR, MEASUREMENTS
from benchmarks.sizes import FULL, SHORT, Sizes
from benchmarks.table import document, line, machine

_BY_NAME = {**MEASUREMENTS, **ASKED_FOR}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, small sizes")
    parser.add_argument(
        "--questions", type=int, metavar="N",
        help="how often a portfolio is asked; a third of it, each page (300)",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write JSON as well")
    parser.add_argument(
        "--only", nargs="+", choices=list(_BY_NAME), metavar="NAME",
        help=f"of {', '.join(_BY_NAME)}; by default all but {', '.join(ASKED_FOR)}",
    )  # fmt: skip
    return parser.parse_args()


async def measure(names: list[str], sizes: Sizes) -> tuple[list[Figure], bool]:
    """Take the measurements; give the figures, and whether servers were our own."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="polder-benchmark-") as directory:
        async with ground(Path(directory)) as here:
            for name in names:
                figures += await _one(name, here, sizes)
            return figures, here.embedded


async def _one(name: str, here: Ground, sizes: Sizes) -> list[Figure]:
    began = time.monotonic()
    found = await _BY_NAME[name](here, sizes)
    for figure in found:
        print(line(figure), flush=True)
    seconds = time.monotonic() - began
    said = f"{name}: {seconds:.0f} s" if found else f"{name}: not measured here"
    print(said, file=sys.stderr, flush=True)
    return found


def missed(figures: list[Figure], *, embedded: bool) -> list[Figure]:
    """Give the figures that miss their bound for certain."""
    return [
        figure
        for figure in figures
        if figure.verdict == "missed" and (embedded or figure.high is None)
    ]


def main() -> int:
    """Measure, print, and give the exit code."""
    asked = arguments()
    before = machine()
    sizes = SHORT if asked.short else FULL
    if asked.questions is not None:
        sizes = replace(sizes, questions=asked.questions)
    figures, embedded = asyncio.run(measure(asked.only or list(MEASUREMENTS), sizes))
    if asked.json:
        found = document(
            figures,
            before=before,
            after=machine(),
            embedded=embedded,
            short=asked.short,
        )
        asked.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    lost = missed(figures, embedded=embedded)
    for figure in lost:
        print(f"missed: {figure.what}", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
