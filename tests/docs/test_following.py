"""Somebody with only the page for integrators succeeds: it is typed, line by line.

On real servers of a home of its own. What the page says one sees is what is seen.
"""

from __future__ import annotations

import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from servers import Home
from tests.cli.running import ROOT, settings
from tests.docs.terminals import Step, Terminal, agrees, steps

PAGE = ROOT / "docs" / "integrators.md"
LANGUAGES = {"sh", "python", "json", "text", ""}


def free_port() -> int:
    """Give a port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Reader:
    """Somebody who follows a page; ports that it names may be taken here."""

    def __init__(self, directory: Path) -> None:
        """Work in a directory that looks as a clone does."""
        self._directory = directory
        self._ports = {"8080": str(free_port()), "9000": str(free_port())}
        self._terminals: dict[str, Terminal] = {}
        self.home = Home(directory / ".polder")
        (directory / "bin").mkdir()
        (directory / "bin" / "polder").symlink_to(ROOT / "bin" / "polder")
        (directory / ".venv").symlink_to(ROOT / ".venv")
        (directory / "polder_client").symlink_to(ROOT / "polder_client")

    def follow(self, step: Step) -> None:
        """Do what a step says, and see what it shows."""
        terminal = self._terminal(step.terminal)
        if step.kind == "Ctrl-C":
            terminal.interrupt()
            return
        code = self._here(step.code)
        if step.stays:
            terminal.type(code)
        elif step.kind != "look":
            terminal.run(code, step.kind)
        if step.shown:
            kind, text = step.shown
            shown = (kind, self._here(text))
            terminal.wait(lambda: agrees(shown, terminal.answer))

    def close(self) -> None:
        """Close every terminal, the newest first."""
        for terminal in reversed(self._terminals.values()):
            terminal.close()
        if self.home.path.exists():
            self.home.destroy()

    def _terminal(self, name: str) -> Terminal:
        if name not in self._terminals:
            told = settings(POLDER_PORT=self._ports["8080"], POLDER_LANG="en")
            told["PYTHONPATH"] = str(self._directory)
            self._terminals[name] = Terminal(self._directory, told)
        return self._terminals[name]

    def _here(self, text: str) -> str:
        for named, own in self._ports.items():
            text = text.replace(named, own)
        return text


@pytest.fixture
def reader(tmp_path: Path) -> Generator[Reader]:
    """Somebody with a clone, and nothing that runs."""
    found = Reader(tmp_path)
    try:
        yield found
    finally:
        found.close()


def test_who_follows_the_page_sees_what_it_shows(reader: Reader) -> None:
    """From the first line to the last, in order, in as many terminals as it says."""
    followed = list(steps(PAGE.read_text("utf-8")))
    assert len(followed) > 12
    assert {step.terminal for step in followed} >= {"terminal-1", "terminal-2"}
    for step in followed:
        try:
            reader.follow(step)
        except AssertionError as error:
            message = f"{PAGE.name}:{step.line}: {step.code}\n{error}"
            raise AssertionError(message) from error


def test_every_fence_is_of_a_kind_that_is_followed_or_is_none() -> None:
    """So no example is left out by a slip of the pen."""
    text = PAGE.read_text("utf-8")
    opened = [line for line in text.splitlines() if line.startswith("```")][::2]
    found = {(line.removeprefix("```").split() or [""])[0] for line in opened}
    assert found <= LANGUAGES


def test_what_is_seen_must_be_what_is_shown() -> None:
    """An example of a page can fail: by a text, by a member, by the number of items."""
    page = (
        "```sh\necho hallo\n```\nshows\n```text\nha…o\n```\n"
        "<!-- terminal-3: Ctrl-C -->\n```python\n1\n```\n```\nno code\n```\n"
        "<!-- terminal-3 shows -->\n```text\nx\n```\n"
        "```sh stays\ntrue\n```\n## Other\n```text\ny\n```\n"
    )
    first, second, third, fourth, last = steps(page)
    assert (last.stays, last.shown) == (True, None)
    assert (fourth.kind, fourth.terminal, fourth.shown) == (
        "look",
        "terminal-3",
        ("text", "x\n"),
    )
    assert (first.kind, first.shown, first.line) == ("sh", ("text", "ha…o\n"), 1)
    assert (second.kind, second.terminal) == ("Ctrl-C", "terminal-3")
    assert (third.kind, third.terminal, third.shown) == ("python", "terminal-2", None)
    assert agrees(("text", "ha…o\n"), "hallo\n")
    assert not agrees(("text", "ha…o\n"), "dag\n")
    seen = '{"a": [{"b": 1, "c": 2}], "d": "xyz"}'
    assert agrees(("json", '{"a": [{"b": 1}], "d": "x…"}'), f"noise\n{seen}\n")
    assert agrees(("json", '{"a": "…"}'), seen)
    assert agrees(("json", '{"b": 1}'), '{"a"\n{\n "b":\n 1}\n')
    for other in ('{"a": []}', '{"a": [{"b": 2}]}', '{"e": 1}', '{"d": "y…"}'):
        assert not agrees(("json", other), seen)
