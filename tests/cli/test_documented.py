"""What the documents and the help tell people to type can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from cli.frame import build
from cli.groups import load

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "docs/auditors.md",
    "docs/exports.md",
    "docs/integrators.md",
    "docs/methods.md",
    "docs/operations.md",
    "docs/procesregisseur.md",
)
_BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PROGRAM = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:bin/)?polder (?P<words>.+)$")
_GAP = re.compile(r"[<…]|\bORG:SLUG\b")


@cache
def program() -> Any:  # noqa: ANN401  (typer keeps its type to itself)
    """The whole program as click sees it; nothing it parses is carried out."""
    load()
    return get_command(build(lambda _answer: 0))


def documented() -> Iterator[tuple[str, str]]:
    """Every command in a block of code, with the page it is on."""
    for page in PAGES:
        for block in _BLOCK.findall((ROOT / page).read_text()):
            for line in block.replace("\\\n", " ").splitlines():
                found = _PROGRAM.match(line.split("  #")[0].strip())
                if found and not _GAP.search(found["words"]):
                    yield page, found["words"]


def helped() -> Iterator[tuple[str, str]]:
    """Every example in the help of a command."""
    ahead: list[tuple[str, Any]] = [("", program())]
    while ahead:
        name, command = ahead.pop()
        children = getattr(command, "commands", {})
        ahead.extend((f"{name} {n}".strip(), c) for n, c in children.items())
        for line in (command.epilog or "").splitlines():
            found = _PROGRAM.match(line.strip())
            if found:
                yield f"help of {name}", found["words"]


def parse(words: str) -> None:
    """Parse a command line to its end, without carrying it out."""
    words = words.split(" > ", 1)[0]  # where the answer goes is for the shell
    command, name = program(), "polder"
    arguments: list[str] = shlex.split(words)
    context = None
    while hasattr(command, "commands") and arguments:
        context = command.make_context(name, [], parent=context, resilient_parsing=True)
        name, arguments = arguments[0], arguments[1:]
        assert name in command.commands, f"there is no {name} in: {words}"
        command = command.commands[name]
    command.make_context(name, arguments, parent=context)


@pytest.mark.parametrize(("where", "words"), [*documented(), *helped()])
def test_what_is_documented_can_be_typed(where: str, words: str) -> None:
    """Each command in a document or a help text is understood by the program."""
    parse(words)


def test_there_are_examples() -> None:
    """The search above finds the commands of the README, and of the help."""
    assert len([1 for page, _ in documented() if page == "README.md"]) > 10
    assert len(list(helped())) > 20
