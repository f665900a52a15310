"""`polder demo`: dialogues from start to finish, broken on purpose, then verified.

Needs nothing that runs and leaves nothing running. It exits 0 only if every check
held, and says for each that did not what was expected and what was seen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from desk.demo_clock import BadDay, day_ms
from desk.desk import open_desk
from examples.acts import Language
from examples.checks import check_all, look_up, nothing_left
from examples.play import Player
from examples.played import Played
from examples.report import Outcome, document, readable
from examples.scenario import Scenario, ScenarioInvalid, cases, read_file, shipped
from examples.stage import stage
from examples.wording import Words
from servers import Home, ServersError

SOUND: Final = 0
UNSOUND: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 5
INTERRUPTED: Final = 130

_DAY_MS: Final = 1_000

_AFTER: Final = 3
"""Days that a scenario goes on after the last date it names, about."""


async def run_demo(
    home: Home | None = None,
    *,
    scenarios: Sequence[Scenario] | None = None,
    as_json: bool = False,
    lang: Language = "nl",
    keep: bool = False,
    day_ms: int = _DAY_MS,
) -> int:
    """Play, verify and report; return the exit code.

    Without a ``home`` in a directory of its own. The home is removed afterwards, unless
    ``keep`` is said or something did not hold. The report goes to standard output,
    progress to standard error.
    """
    words = Words(lang)
    own = home or Home(tempfile.mkdtemp(prefix="polder-demo-"))
    told = Progress(words)
    told("starting")
    try:
        with _ending_on_sigterm():
            chosen = shipped() if scenarios is None else scenarios
            outcome = await _run(own, chosen, told, day_ms)
        # What did not hold is kept, so that somebody can look why.
        keep = keep or bool(outcome.failed)
    except ServersError as error:
        told.line(str(error))
        return UNREACHABLE
    finally:
        if not keep and own.path.exists():
            own.destroy()
    outcome = replace(outcome, kept=own.path if keep else None)
    _print(outcome, words, as_json=as_json)
    return UNSOUND if outcome.failed else SOUND


class Progress:
    """Tells on standard error what is going on, with the seconds that have passed."""

    def __init__(self, words: Words) -> None:
        """The clock begins now."""
        self.words = words
        self.began = time.time()
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._start

    def __call__(self, key: str, **facts: object) -> None:
        """Tell a text of the words."""
        self.line(self.words(key, **facts))

    def line(self, text: str) -> None:
        """Tell a text as it is."""
        sys.stderr.write(f"[{self.seconds:3.0f} s] {text}\n")
        sys.stderr.flush()


async def _run(
    home: Home, scenarios: Sequence[Scenario], told: Progress, day_ms: int
) -> Outcome:
    async with stage(home) as ours:
        takes = max(_days(one) * (one.day_ms or day_ms) for one in scenarios)
        told("playing", n=len(scenarios), seconds=round(takes / 1_000))
        addresses = ours.addresses.need("database", "temporal")
        database, temporal = addresses.database or "", addresses.temporal or ""
        async with open_desk(database, temporal) as desk:
            player = Player(desk, ours, day_ms=day_ms, tell=told)
            plays = [_play(player, one, told) for one in scenarios]
            played = await asyncio.gather(*plays)
            told("checking")
            found = [await look_up(desk, one) for one in played]
            checks = await check_all(desk, ours, found)
        told("stopping")
    checks.append(nothing_left(ours))
    return Outcome(
        found=found,
        checks=checks,
        stage=ours,
        day_ms=day_ms,
        began=told.began,
        seconds=told.seconds,
        kept=None,
    )


async def _play(player: Player, scenario: Scenario, told: Progress) -> Played:
    played = await player.play(scenario)
    if played.missed:
        told("missed", problem=played.missed)
    else:
        told("ended", title=scenario.title.in_(told.words.lang))
    return played


def _days(scenario: Scenario) -> int:
    """Give about how many days a scenario takes; after its last date it goes on."""
    return (scenario.last_day - scenario.begins.date()).days + _AFTER


def _print(outcome: Outcome, words: Words, *, as_json: bool) -> None:
    if as_json:
        text = json.dumps(document(outcome, words), ensure_ascii=False, indent=2)
        sys.stdout.write(f"{text}\n")
    else:
        sys.stdout.write(readable(outcome, words))
    sys.stdout.flush()


@contextmanager
def _ending_on_sigterm() -> Generator[None]:
    """Let SIGTERM end the demonstration as Ctrl-C does: in order."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


def choose(names: Iterable[str], files: Iterable[Path]) -> tuple[Scenario, ...]:
    """Give the scenarios with these ids and files: examples, and real cases.

    All that ship where none is named. Raises `ScenarioInvalid`.
    """
    wanted, known, real = list(names), shipped(), cases()
    chosen = [one for one in (*known, *real) if one.id in wanted]
    have = {one.id for one in chosen}
    unknown = [name for name in wanted if name not in have]
    if unknown:
        there = ", ".join(one.id for one in (*known, *real))
        message = f"There is no example {unknown[0]}. Choose from: {there}."
        raise ScenarioInvalid(message)
    own = [read_file(file) for file in files]
    return tuple(chosen + own) or known


async def demonstrate(argv: Sequence[str] | None = None) -> int:
    """Run the demonstration with these arguments; return the exit code."""
    given = _arguments().parse_args(argv)
    try:
        scenarios = choose(given.case, given.file)
        home = _new_home(given.home) if given.home else None
        milliseconds = day_ms(given.day)
    except (ScenarioInvalid, BadDay) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    return await run_demo(
        home,
        scenarios=scenarios,
        as_json=given.json,
        lang=given.lang,
        keep=given.keep,
        day_ms=milliseconds,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demonstration as a program of its own; Ctrl-C ends it in order."""
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        return asyncio.run(demonstrate(argv))
    return INTERRUPTED


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="polder demo", description=__doc__)
    add = parser.add_argument
    add("--case", action="append", default=[], help="only this example, by id or case")
    add("--file", action="append", default=[], type=Path, help="an example of your own")
    add("--home", type=Path, help="a new directory for the data")
    add("--keep", action="store_true", help="keep the data, and say how to look inside")
    add("--lang", choices=["nl", "en"], default="nl", help="language of the report")
    add("--json", action="store_true", help="one JSON document")
    seconds = os.environ.get("POLDER_DAY") or "1"
    add("--day", default=seconds, help="seconds in a day (POLDER_DAY; 1 or more)")
    return parser


def _new_home(path: Path) -> Home:
    """Take a directory that is empty or not there: the demo removes it again."""
    if path.exists() and any(path.iterdir()):
        message = f"{path} is not empty. Name a new directory."
        raise ScenarioInvalid(message)
    return Home(path)


if __name__ == "__main__":
    sys.exit(main())
