"""The words of the report, in two languages, and days as people write them."""

from __future__ import annotations

import textwrap
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from pydantic import TypeAdapter

from examples.acts import Language, Text

WIDTH: Final = 88
_TABLE: Final = TypeAdapter(dict[str, Text])


@cache
def table() -> dict[str, Text]:
    """Give every text by its key."""
    text = files("examples").joinpath("words", "report.yaml").read_text("utf-8")
    return _TABLE.validate_python(yaml.safe_load(text))


class _Facts(dict[str, object]):
    """A fact that is not known, of a check that broke off, is a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"


class Words:
    """The report's texts in one language."""

    def __init__(self, lang: Language) -> None:
        """Speak ``lang``."""
        self.lang: Language = lang

    def __call__(self, key: str, **facts: object) -> str:
        """Give a text with its facts filled in; for one of ``n`` the singular."""
        single = f"{key}_1"
        one = next((facts[name] for name in ("n", "dialogues") if name in facts), None)
        chosen = single if one == 1 and single in table() else key
        return table()[chosen].in_(self.lang).format_map(_Facts(facts))

    def has(self, key: str) -> bool:
        """Whether there is a text for this key."""
        return key in table()

    def day(self, when: datetime) -> str:
        """Give a day in the form ``wo 19 feb 2020``, always as wide."""
        weekday = self("weekdays").split()[when.weekday()]
        month = self("months").split()[when.month - 1]
        return f"{weekday} {when.day:>2} {month} {when.year}"


def folded(text: str, *, first: str = "", rest: str | None = None) -> str:
    """Fold a text at words; ``first`` and ``rest`` go before its lines."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
