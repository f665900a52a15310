"""A short form of a command of the domain: its name, what it takes, what help says."""

from __future__ import annotations

from typing import Final, NamedTuple

from cli.words import Word


class Act(NamedTuple):
    """A short form: ``name`` on the command line, ``kind`` in the domain."""

    name: str
    kind: str
    help: str
    takes: tuple[Word, ...]
    examples: tuple[str, ...]


_DEMO: Final = "gemeente-waterdam:parkzicht"


def act(name: str, kind: str, text: str, *takes: Word, example: str = "") -> Act:
    """Make a short form; its example is about the dialogue of the demo."""
    shown = f"polder dialogue {name} {_DEMO} {example}".rstrip()
    return Act(name, kind, text, takes, (shown,))
