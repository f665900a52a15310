"""One language for the whole run, chosen before anything is said.

Dutch, unless `--lang`, `POLDER_LANG` or the locale asks for another language that
there is a catalogue for. Options and commands keep their English names.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping, Sequence
from typing import Final

from language import languages, mark, spoken
from language.speaking import USUAL, Run, _, lang

__all__ = ["USUAL", "_", "choose", "in_help", "lang"]

# What typer itself says; it looks its words up by gettext.gettext.
_TYPER: Final = (
    mark("Arguments"),
    mark("Options"),
    mark("Commands"),
    mark("required"),
    mark("default: {default}"),
    mark("env var: {var}"),
    mark("Missing command."),
    mark("No such command {name!r}."),
    mark("Show this message and exit."),
    mark("Usage:"),
)


_HELP: Final = ("Usage:", "Show this message and exit.")
_TYPES: Final = re.compile(r" <(?:str|path|int|list\[str\])>")


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Choose the language of this run, and return it."""
    Run.lang = _wanted(arguments, environment)
    # Before typer is imported, so that it asks us for the words of its help pages.
    gettext.gettext = _
    return Run.lang


def in_help(text: str) -> str:
    """Put into words what typer's help pages say without asking gettext."""
    for words in _HELP:
        text = text.replace(words, _(words))
    # The types of Python mean nothing to whoever reads this; the columns stay.
    return _TYPES.sub(lambda found: " " * len(found[0]), text)


def _wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--lang" and place + 1 < len(arguments):
            return _known(arguments[place + 1])
        if word.startswith("--lang="):
            return _known(word.removeprefix("--lang="))
    names = ("POLDER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    told = next((environment[n] for n in names if environment.get(n)), "")
    return _known(told)


def _known(tag: str) -> str:
    first = tag.replace("_", "-").partition("-")[0].lower()
    return spoken(tag) if first in languages() else USUAL
