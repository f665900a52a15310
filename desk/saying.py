"""Errors in the reader's language: the name and the facts say it, not the message.

Some facts are themselves words of the code ("the dialogue is paused already"). They
are translated as a whole, or by the pattern they were made from.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from desk.errors import DeskError, Refused
from domain.errors import DomainError
from language import mark, translator

_WHOLE: Final = (
    mark("these items are complete already"),
    mark("these items are complete or waived already"),
    mark("these items are open already"),
    mark("nothing here waits to be reconfirmed"),
    mark("this outcome is on record already"),
    mark("the dialogue is paused already"),
    mark("this actor holds the role already"),
    mark("this actor does not hold the role"),
    mark("this is not the duration that the method gives"),
    mark("the window closes before its time"),
    mark("the window was extended or shortened meanwhile"),
    mark("the public has no addresses"),
    mark("nobody is silent"),
    mark("under way"),
    mark("waiting to be started again"),
    mark("the compiled method is not there"),
    mark("it is not the one that was asked for"),
    mark("it is for another country or time zone"),
    mark("it gave no answer"),
    mark("the dialogue was moving on to a new run"),
    mark("none"),
    mark("not started"),
    mark("running"),
    mark("paused"),
    mark("completed"),
    mark("cancelled"),
    mark("archived"),
    mark("skipped"),
    mark("started"),
    mark("voided"),
    mark("open"),
    mark("closed"),
)
_PATTERNS: Final = (
    mark("step {step} has started already"),
    mark("step {step} is complete already"),
    mark("Did you mean {near}?"),
    mark("An item's full id is step.item; the steps are {steps}."),
    mark("it is not written in that language, but in {languages}"),
    mark("this dialogue uses {calendar} in {zone}"),
    mark("the present calendar reaches {last}"),
    mark("messages that have not gone out yet ({messages})"),
    mark("there is no method {method}; choose from: {known}"),
    mark("{first} and {count} more"),
)
_WORDS: Final = (mark("or"), mark("and"))


def said(error: Exception, lang: str) -> str:
    """Say what the desk answered, in ``lang``; other errors as they are."""
    _ = translator(lang)
    if isinstance(error, Refused) and error.name in DomainError.kinds:
        template = DomainError.kinds[error.name].template()
    elif isinstance(error, DeskError):
        template = error.template
    else:
        return str(error)
    facts = {name: _fact(value, _) for name, value in error.facts.items()}
    try:
        return _(template).format(**facts) if facts else _(template)
    except (KeyError, IndexError):
        return str(error)


def _fact(value: str | int, _: Callable[[str], str]) -> str | int:
    if isinstance(value, int):
        return value
    if value in _WHOLE:
        return _(value)
    for pattern in _PATTERNS:
        found = _expression(pattern).fullmatch(value)
        if found:
            return _(pattern).format(
                **{name: _joined(text, _) for name, text in found.groupdict().items()}
            )
    return value


def _joined(text: str, _: Callable[[str], str]) -> str:
    for word in _WORDS:
        text = text.replace(f" {word} ", f" {_(word)} ")
    return text


def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", pattern)
    found = (
        f"(?P<{part}>.+)" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile("".join(found))
