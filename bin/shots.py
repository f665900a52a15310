"""Pictures of every page: `bin/shots` makes them, so that people can look at them.

What is shown is the table of ``tests/pages``, over the town that is staged there.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from playwright.async_api import Browser

from tests.desk.town_hall import town_hall
from tests.pages.house import NO_BROWSER, Site, browsing, chromium, house, visitor
from tests.pages.staged import RICH, staged
from tests.pages.table import GUEST, TABLE, State
from tests.services import (
    connect,
    create_database,
    own_namespace,
    postgres_running,
    temporal_running,
)

FOLDER: Final = Path(__file__).parent.parent / "docs" / "pages"
_NEIGHBOUR: Final = "nm-bewoner-1"
_TALLEST: Final = 1100


class Look(NamedTuple):
    """How a page is looked at."""

    name: str
    width: int
    height: int
    dark: bool = False


LOOKS: Final = (
    Look("light", 1100, 800),
    Look("dark", 1100, 800, dark=True),
    Look("phone", 390, 800),
)


class Shown(NamedTuple):
    """One state of a page, to be looked at."""

    name: str
    route: str
    state: State


def shown(words: Sequence[str]) -> Iterator[Shown]:
    """Give every state of which there is a picture."""
    for route, states in TABLE.items():
        for state in states:
            name = _name(route, state)
            if state.shot and (not words or any(word in name for word in words)):
                yield Shown(name, route, state)


def _name(route: str, state: State) -> str:
    place = re.sub(r"[{}]", "", route).strip("/").replace("/", "-") or "first"
    special = "" if state.name == "usual" else f"-{state.name.replace(' ', '-')}"
    return f"{place}{special}"


async def main(words: Sequence[str]) -> int:
    """Make them; give the exit code."""
    program = chromium()
    if program is None:
        print(NO_BROWSER)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="polder-shots-") as directory:
        home = Path(directory)
        async with (
            postgres_running(home / "postgres") as postgres,
            temporal_running(home / "temporal") as temporal,
        ):
            database = await create_database(postgres.address, "shots")
            client = await own_namespace(await connect(temporal), "shots")
            async with (
                town_hall(client, database, home) as hall,
                house(hall) as site,
                browsing(program) as browser,
            ):
                facts = await staged(site.desk)
                await hall.quiet(RICH)
                await hall.seals()
                for each in shown(words):
                    await _pictures(browser, site, each, facts)
    _make_small()
    _write_list()
    return 0


async def _pictures(
    browser: Browser, site: Site, each: Shown, facts: Mapping[str, str]
) -> None:
    role = each.state.role
    stream, actor = (RICH, _NEIGHBOUR) if role == GUEST else (None, "p-1")
    page = await visitor(browser, site, role, actor=actor, stream=stream)
    try:
        for look in LOOKS:
            await page.emulate_media(color_scheme="dark" if look.dark else "light")
            await page.set_viewport_size({"width": look.width, "height": look.height})
            await page.goto((each.state.address or each.route).format(**facts))
            tall = int(await page.evaluate("document.documentElement.scrollHeight"))
            height = min(tall, _TALLEST)
            await page.set_viewport_size({"width": look.width, "height": height})
            await page.screenshot(path=FOLDER / f"{each.name}.{look.name}.png")
        print(each.name, flush=True)
    finally:
        await page.context.close()


def _make_small() -> None:
    """Have each picture make do with few colours, where there is what does that."""
    program = shutil.which("pngquant")
    pictures = [str(path) for path in sorted(FOLDER.glob("*.png"))]
    if program is not None and pictures:
        few = [program, "--force", "--ext", ".png", "--strip", "40", *pictures]
        subprocess.run(few, check=True)


def _write_list() -> None:
    """Write the page that shows them all."""
    lines = ["# What the pages look like", "", "Made by `bin/shots`.", ""]
    for each in shown(()):
        where = (each.state.address or each.route).replace("{", "").replace("}", "")
        lines += [f"## `{where}`", ""]
        pictures = [
            f"![{where}, {look.name}]({each.name}.{look.name}.png)" for look in LOOKS
        ]
        lines += [*pictures, ""]
    (FOLDER / "README.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
