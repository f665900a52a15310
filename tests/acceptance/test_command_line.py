"""A process director's story on a real `polder up`, by the command line alone.

Every step is a process of its own, as people and scripts run it; the demo clock makes
a day of a second. Then an operator's story: Temporal's data is lost.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psutil

from servers import Home
from tests.cli.running import ROOT, Said, polder, settings

STREAM = "gemeente-waterdam:parkzicht"
WINDOW = "verslag.reactie"
METHOD = Path(__file__).with_name("korte-aanpak.yaml")
LATEST = 60.0
"""Seconds within which the demo clock brings what is waited for."""


@dataclass
class Town:
    """A home with a running `polder up`, and what may be done in it."""

    home: Home
    process: Process
    first_line: dict[str, Any]

    async def do(self, *words: str, code: int = 0) -> Said:
        """Run a command in this home; it must end with this code."""
        said = await asyncio.to_thread(polder, *words, environment=self.environment)
        assert said.code == code, f"{words}: {said}"
        return said

    async def dialogue(self, verb: str, *words: str, code: int = 0) -> dict[str, Any]:
        """Run a command on the dialogue; give its JSON document."""
        said = await self.do("dialogue", verb, STREAM, *words, "--json", code=code)
        return said.document

    async def until(self, wanted: str, *, status: str = "closed") -> dict[str, Any]:
        """Wait until the last run of a window has this status; give the state."""
        deadline = time.monotonic() + LATEST
        while True:
            state = await self.dialogue("show")
            if state["windows"][wanted][-1]["status"] == status:
                return state
            assert time.monotonic() < deadline, f"{wanted} is not {status}"
            # Each look is a process, which takes the time of those that are waited for.
            await asyncio.sleep(2)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing but the home tells a command where the servers are."""
        return settings(POLDER_HOME=str(self.home.path))

    async def stop(self) -> int:
        """Stop it as Ctrl-C or an init system does; give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 60)


@asynccontextmanager
async def up(home: Home) -> AsyncGenerator[Town]:
    """Run `polder up` in a home."""
    told = settings(POLDER_HOME=str(home.path), POLDER_DAY="1")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "up", "--json", "--headless"),
        env=told,
        cwd=ROOT,
        stdout=PIPE,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 90)
        yield Town(home, process, json.loads(line))
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 60)


def left_behind(home: Home) -> list[str]:
    """Processes that still have to do with a home."""
    found: list[str] = []
    for process in psutil.process_iter(["cmdline"]):
        words: list[str] = process.info["cmdline"] or []
        if any(str(home.path) in word for word in words):
            found.append(" ".join(words))
    return found


async def a_worker_dies(town: Town) -> None:
    """It is replaced while commands go on: the next one waits for it."""
    pid = json.loads((town.home.path / "worker" / "pid").read_text())["pid"]
    psutil.Process(pid).kill()


async def somebody_starts_it_again(town: Town) -> None:
    """A home that runs is not taken twice."""
    taken = await town.do("up", code=4)
    assert "POLDER_HOME" in taken.err


async def director_publishes(town: Town) -> None:
    """A method of their own."""
    new = await town.do("method", "publish", str(METHOD), "--as", "p-1", "--json")
    assert new.document["new"]


async def director_begins(town: Town) -> None:
    """A dialogue with that method, and the refusals that people meet."""
    began = await town.dialogue(
        *("start", "--method", "korte-aanpak", "--title", "Parkzicht"),
        *("--role", "regisseur=p-1", "--as", "p-1", "--id", "start-1"),
    )
    assert began["recorded"]
    assert [event["type"] for event in began["events"]] == ["dialogue_started"]
    done = ("complete", "--step", "1", "--as", "p-1", "--id", "c-1")
    first = await town.dialogue(*done)
    again = await town.dialogue(*done)
    assert again["events"] == first["events"]
    state = await town.dialogue("show")
    assert (state["status"], state["version"]) == ("running", 3)
    assert state["clock"]["day_ms"] == 1_000
    other = await town.dialogue("complete", "verslag.concept", *done[3:], code=4)
    assert other["error"]["name"] == "IdReused"
    strange = await town.dialogue("complete", "--step", "2", "--as", "x-1", code=4)
    assert strange["error"]["name"] == "NotHolder"
    wrong = ("complete", "verslag.koncept", "--as", "p-1")
    nowhere = await town.dialogue(*wrong, code=4)
    assert nowhere["error"]["name"] == "UnknownItem"
    assert "verslag.concept" in nowhere["error"]["message"]
    closed = await town.do("dialogue", "complete-step", STREAM, "vraag", "--as", "p-1")
    assert f"dialogue complete {STREAM} verslag.concept --as p-1" in closed.out


async def director_holds_a_window(town: Town) -> None:
    """A window with a response and a silence, closed by the clock."""
    me = ("--as", "p-1")
    for who in ("k-1", "k-2"):
        address = ("--name", who.title(), "--address", f"{who}@example.org")
        await town.dialogue("assign-role", "klankbordgroep", who, *address, *me)
    await town.dialogue("complete", "concept", *me)
    await town.dialogue("open-window", "reactie", *me)
    await town.dialogue(
        *("respond", WINDOW, "--respondent", "k-1", "--text", "Akkoord, met bankjes"),
        *("--as", "k-1/klankbordgroep"),
    )
    reason = await town.do("dialogue", "shorten-window", STREAM, WINDOW, code=2)
    assert "--reason" in reason.err
    today = (await town.do("today", *me, "--json")).document["tasks"]
    silent = next(task for task in today if task["target"] == WINDOW)
    assert silent["silent"] == ["k-2"]
    assert silent["command"].startswith(f"polder dialogue remind {STREAM}")
    await shorten(town)
    state = await town.until(WINDOW)
    run = state["windows"][WINDOW][-1]
    assert (run["on_time"], run["responded"]) == (1, ["k-1"])
    await town.dialogue("complete-step", "verslag", *me)


async def shorten(town: Town) -> None:
    """Let the window close in ten days of the demo clock, counted from now."""
    clock = (await town.dialogue("show"))["clock"]
    started = datetime.fromisoformat(clock["start"])
    soon = started + (datetime.now(UTC) - started) * 86_400 + timedelta(days=10)
    await town.dialogue(
        *("shorten-window", WINDOW, "--until", soon.date().isoformat()),
        *("--reason", "De zomer is voorbij", "--as", "p-1"),
    )


async def director_goes_back(town: Town) -> None:
    """A revisit is shown before it happens, and its story can be read afterwards."""
    me = ("--as", "p-1")
    shown = await town.do("dialogue", "preview-revisit", STREAM, "1")
    assert "het verslag intrekken: Reactie op het concept → k-1, k-2" in shown.out
    why = "De vraag bleek te smal"
    went = await town.dialogue("revisit", "vraag", "--reason", why, *me)
    types = [event["type"] for event in went["events"]]
    assert types == [
        "step_revisited",
        "step_voided",
        "window_voided",
        "compensation_planned",
        "compensation_started",
    ]
    page = await town.do("dialogue", "show", STREAM)
    assert f"dialogue reconfirm {STREAM} --step vraag" in page.out
    assert "ronde 2" in page.out
    await town.dialogue("reconfirm", "--step", "1", *me)
    private = await town.do("dialogue", "history", STREAM, "--private", *me)
    assert why in private.out
    assert "Akkoord, met bankjes" in private.out
    await town.do("dialogue", "history", STREAM, "--private", "--as", "k-1", code=4)
    told = await town.dialogue("history")
    assert why not in json.dumps(told)
    assert [event["seq"] for event in told["events"]] == [
        *range(1, len(told["events"]) + 1)
    ]


async def auditor_checks(town: Town) -> None:
    """The record is sound, and folding it again changes nothing."""
    assert (await town.do("audit", "verify", "--all", "--json")).document["sound"]
    assert (await town.do("audit", "rebuild", "--json")).document["findings"] == []
    listed = (await town.do("dialogue", "list", "--json")).document["dialogues"]
    assert [row["stream"] for row in listed] == [STREAM]
    shown = (await town.do("audit", "show", STREAM, "--json")).document
    assert shown["events"][1]["prev"] == shown["events"][0]["hash"]
    assert (await town.do("doctor", "--json")).document["well"]


async def auditor_takes_it_home(town: Town) -> None:
    """A pack is judged by its own program, and holds to the checkpoint kept before."""
    place = town.home.path.parent
    pack, public, kept = (str(place / name) for name in ("p.zip", "r.zip", "c.txt"))
    await town.do("audit", "checkpoint", "--publish", "--out", kept)
    made = await town.do("audit", "pack", STREAM, "--out", pack, "--json")
    assert (made.document["sound"], made.document["private"]["withheld"]) == (True, 0)
    key = made.document["key"]
    judge = ("--key", key, "--since", kept, "--json")
    told = (await town.do("audit", "verify", pack, *judge)).document
    history = (await town.dialogue("history"))["events"]
    assert (told["sound"], told["events"]) == (True, len(history))
    with ZipFile(pack) as archive:
        archive.extract("verify.py", place)
    alone = [sys.executable, "-I", "-S", str(place / "verify.py"), pack, *judge]
    process = await asyncio.create_subprocess_exec(*alone, stdout=PIPE)
    assert process.stdout is not None
    out = await process.stdout.read()
    assert (await process.wait(), json.loads(out)["events"]) == (0, len(history))
    await town.do("audit", "pack", STREAM, "--out", public, "--redacted", "--json")
    told = (await town.do("audit", "verify", public, *judge)).document
    assert told["private"]["opened"] == 0
    assert b"Akkoord, met bankjes" in Path(pack).read_bytes()
    assert b"Akkoord, met bankjes" not in Path(public).read_bytes()
    stranger = await town.do(
        "audit", "pack", STREAM, "--out", public, "--as", "k-1", "--json"
    )
    assert stranger.document["private"]["opened"] == 0
    whole = await town.do("audit", "verify", "--all", "--since", kept, "--json")
    assert whole.document["log"]["since"] is not None


async def auditor_sees_the_key_change(town: Town) -> None:
    """What the old key signed stays checkable; a pack by the new one needs the new."""
    place = town.home.path.parent
    before, after = str(place / "p.zip"), str(place / "after.zip")
    (old,) = (await town.do("audit", "key", "show", "--json")).document["keys"]
    keys = (await town.do("audit", "key", "rotate", "--json")).document["keys"]
    assert [key["signs"] for key in keys] == [False, True]
    new = keys[1]["vkey"]
    await town.do("audit", "pack", STREAM, "--out", after)
    await town.do("audit", "verify", before, "--key", old["vkey"])
    await town.do("audit", "verify", after, "--key", old["vkey"], code=1)
    since = ("--since", str(place / "c.txt"))
    await town.do("audit", "verify", after, "--key", old["vkey"], "--key", new, *since)


async def operator_restores(town: Town) -> None:
    """After Temporal lost everything, reading goes on, and restoring brings it back."""
    before = await town.dialogue("show")
    lost = await town.do(
        "dialogue", "complete-step", STREAM, "1", "--as", "p-1", code=5
    )
    assert f"polder dialogue restore {STREAM}" in lost.err
    await town.do("dialogue", "restore", "--all")
    again = await town.dialogue("restore", code=4)
    assert again["error"]["name"] == "DialogueRuns"
    await town.dialogue("complete-step", "1", "--as", "p-1")
    after = await town.dialogue("show")
    assert after["version"] > before["version"]
    assert after["steps"]["vraag"][-1]["status"] == "completed"
    assert (await town.do("audit", "verify", "--all", "--json")).document["sound"]


async def test_the_story_of_a_director_an_auditor_and_an_operator(home: Home) -> None:
    """Everything is done with commands that help shows, and nothing is left behind."""
    async with up(home) as town:
        assert set(town.first_line) == {"home", "http", "temporal", "database"}
        await director_publishes(town)
        await a_worker_dies(town)
        await director_begins(town)
        await somebody_starts_it_again(town)
        await director_holds_a_window(town)
        await director_goes_back(town)
        await auditor_checks(town)
        await auditor_takes_it_home(town)
        await auditor_sees_the_key_change(town)
        assert await town.stop() == 0
    assert left_behind(home) == []
    gone = await asyncio.to_thread(
        polder, "dialogue", "list", environment=town.environment
    )
    assert (gone.code, "polder up" in gone.err) == (5, True)
    shutil.rmtree(home.temporal)
    async with up(home) as town:
        await operator_restores(town)
        assert await town.stop() == 0
    assert left_behind(home) == []


def test_a_home_with_a_day_that_is_too_short_does_not_start(tmp_path: Path) -> None:
    """Wrong use, before any server is started."""
    told = settings(POLDER_HOME=str(tmp_path / "home"), POLDER_DAY="0.2")
    said = polder("up", environment=told)
    assert (said.code, "POLDER_DAY" in said.err) == (2, True)
    assert not (tmp_path / "home" / "pg").exists()
