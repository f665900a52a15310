"""A page of documentation as somebody follows it: terminals in which its code is typed.

Fences of `sh` are typed as they stand, each in the terminal that its info string names
(the second when it names none); those of `python` are run by Python there. What stays
in the foreground is marked `stays`. A fence of `text` or `json` right after it is what
the page says one sees; `…` stands for anything. `<!-- terminal-3: Ctrl-C -->` is what
it says, and before a fence of `text` `<!-- terminal-3 shows -->` says where to look.
What comes after a heading is no answer to what stands before it, and fences without a
language are no code to follow.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import psutil

LATEST: Final = 90.0
"""Seconds within which what the page shows has to appear."""

_FENCE: Final = re.compile(
    r"^```(?P<info>[a-z][^\n]*)?\n(?P<code>.*?)^```$|"
    r"^<!-- (?P<where>terminal-\d)(?P<what>: Ctrl-C| shows) -->$|"
    r"^(?P<heading>#+) ",
    re.MULTILINE | re.DOTALL,
)
_MARK: Final = "-- that was it:"


class Step(NamedTuple):
    """Something to do in a terminal, and what the page says one sees then."""

    kind: str
    """sh, python, Ctrl-C or look."""
    terminal: str
    stays: bool
    code: str
    line: int
    shown: tuple[str, str] | None = None
    """What is seen: json or text, and the text."""


def steps(page: str) -> Iterator[Step]:
    """Read what a page tells to do, in order."""
    step: Step | None = None
    for found in _FENCE.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        if found["heading"]:
            if step:
                yield step
            step = None
            continue
        if found["where"]:
            if step:
                yield step
            kind = "look" if found["what"] == " shows" else "Ctrl-C"
            step = Step(kind, found["where"], stays=False, code="", line=line)
            continue
        kind, *more = (found["info"] or "").split() or [""]
        if kind in {"json", "text"} and step and not step.shown:
            yield step._replace(shown=(kind, found["code"]))
            step = None
        elif kind in {"sh", "python"}:
            if step:
                yield step
            named = [word for word in more if word.startswith("terminal-")]
            where = named[0] if named else "terminal-2"
            step = Step(kind, where, "stays" in more, found["code"], line)
    if step:
        yield step


class Terminal:
    """A shell in which is typed, and what it has written."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        """Open it in a directory."""
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._written = bytearray()
        self.since = 0
        """Where the answer to what was typed last begins."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._shell.stdout is not None
        while chunk := os.read(self._shell.stdout.fileno(), 65_536):
            self._written += chunk

    @property
    def written(self) -> str:
        """Everything that it wrote."""
        return self._written.decode("utf-8", "replace")

    @property
    def answer(self) -> str:
        """What it wrote since something was typed."""
        return self.written[self.since :].replace(f"{_MARK}\n", "")

    def type(self, text: str) -> None:
        """Type some lines."""
        assert self._shell.stdin is not None
        self.since = len(self.written)
        self._shell.stdin.write(text.encode())
        self._shell.stdin.flush()

    def run(self, code: str, kind: str) -> None:
        """Type code and wait until it is done; each command has to succeed."""
        if kind == "python":
            code = f".venv/bin/python - <<'END OF CODE'\n{code}\nEND OF CODE\n"
        self.type(f"set -e\n{code}\nset +e\necho '{_MARK}'\n")
        self.wait(lambda: _MARK in self.written[self.since :])

    def wait(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; the shell must go on until then."""
        until = time.monotonic() + LATEST
        while not holds():
            ended = self._shell.poll() is not None
            assert not ended, f"a command failed: {self.answer}"
            assert time.monotonic() < until, f"nothing more came: {self.answer}"
            time.sleep(0.05)

    def interrupt(self) -> None:
        """Press Ctrl-C: what is in the foreground ends."""
        for child in psutil.Process(self._shell.pid).children():
            child.send_signal(signal.SIGINT)
            child.wait(60)

    def close(self) -> None:
        """End what runs in it, and the shell."""
        assert self._shell.stdin is not None
        if self._shell.poll() is None:
            self.interrupt()
        self._shell.stdin.close()
        self._shell.wait(60)
        self._reader.join()
        assert self._shell.stdout is not None
        self._shell.stdout.close()


def agrees(shown: tuple[str, str], seen: str) -> bool:
    """Whether what was seen is what the page shows."""
    kind, text = shown
    if kind == "json":
        return any(_like(json.loads(text), each) for each in _documents(seen))
    pattern = ".*".join(re.escape(part) for part in " ".join(text.split()).split("…"))
    return re.search(pattern, " ".join(seen.split())) is not None


def _documents(seen: str) -> Iterator[object]:
    """Give every JSON object that begins a line."""
    for place in re.finditer(r"^\{", seen, re.MULTILINE):
        with suppress(ValueError):
            yield json.JSONDecoder().raw_decode(seen[place.start() :])[0]


def _like(shown: object, seen: object) -> bool:
    """Whether all that is shown is seen; more may be."""
    if shown == "…":
        return True
    if isinstance(shown, dict) and isinstance(seen, dict):
        told, had = cast("dict[str, Any]", shown), cast("dict[str, Any]", seen)
        return all(name in had and _like(told[name], had[name]) for name in told)
    if isinstance(shown, list) and isinstance(seen, list):
        some, all_ = cast("list[Any]", shown), cast("list[Any]", seen)
        return len(some) == len(all_) and all(map(_like, some, all_))
    if isinstance(shown, str) and "…" in shown and isinstance(seen, str):
        pattern = ".*".join(map(re.escape, shown.split("…")))
        return re.fullmatch(pattern, seen, re.DOTALL) is not None
    return shown == seen
