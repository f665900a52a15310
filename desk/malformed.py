"""What is wrong with the members of a command, in the reader's language.

pydantic says it in English, and for an expression with the expression itself.
"""

from __future__ import annotations

import re
from typing import Final

from language import mark, translator

_EXPRESSIONS: Final = (
    ("^[A-Za-z0-9._:-]", mark("an id: letters, digits and . _ : - without spaces")),
    (
        "^[a-z0-9][a-z0-9-]{1,62}:",
        mark("organisation:name, in small letters, digits and -"),
    ),
    ("^[a-z0-9][a-z0-9_", mark("an id: small letters, digits, _ and - without spaces")),
    ("^[^\\x00", mark("it can't be empty, and takes one line")),
    ("^[0-9a-f]{64}", mark("64 hexadecimal digits")),
    ("^[0-9]{1,7}(-", mark("numbers, such as 1-40,52")),
)
"""What an expression asks for, by how it begins."""

_SAYINGS: Final = (
    (r"Input should be greater than or equal to (.+)", mark("it is {0} or more")),
    (r"Input should be less than or equal to (.+)", mark("it is {0} or less")),
    (r"Input should be greater than (.+)", mark("it is more than {0}")),
    (r"Input should be less than (.+)", mark("it is less than {0}")),
    (r"Input should be a valid integer.*", mark("a whole number")),
    (r"Input should be a valid boolean.*", mark("yes or no")),
    (r"Input should be a valid date or datetime.*", mark("a day, such as 2026-12-04")),
    (r"Input should be a valid date.*", mark("a day, such as 2026-12-04")),
    (r"Input should be a valid time.*", mark("a time, such as 21:30")),
    (
        r"Value error, Invalid isoformat string.*",
        mark("a day or a moment, such as 2026-12-04 or 2026-12-04T19:30"),
    ),
    (r"Input should be a valid dictionary.*", mark("an object with members")),
    (r"Input should be (.+)", mark("one of these: {0}")),
    (r"String should have at most (.+) characters?", mark("at most {0} characters")),
    (r"String should have at least (.+) characters?", mark("at least {0} characters")),
    (r"\w+ should have at least (\d+) items?.*", mark("at least {0}")),
    (r"\w+ should have at most (\d+) items?.*", mark("at most {0}")),
    (r"Field required", mark("it is missing")),
    (r"Extra inputs are not permitted", mark("it does not belong here")),
    (r"Value error, text or a commitment", mark("text or a commitment")),
    (r"Value error, (.+)", "{0}"),
)
"""What pydantic says, as an expression, and how people are told it."""

_A_MEMBER: Final = "a member"
_EXPRESSION: Final = re.compile(r"String should match pattern '(.*)'", re.DOTALL)
_NEXT: Final = re.compile(r"; (?=[a-z_.0-9 ]+: [A-Z])")


def in_words(problem: str, lang: str) -> str:
    """Say which members are off, and what each takes; what is not known stays."""
    return "; ".join(_one(part, lang) for part in _NEXT.split(problem))


def _one(part: str, lang: str) -> str:
    place, colon, said = part.partition(": ")
    if not colon:
        return part
    _ = translator(lang)
    member = _(mark("a member")) if place == _A_MEMBER else place
    return f"{member}: {_told(said, lang)}"


def _told(said: str, lang: str) -> str:
    _ = translator(lang)
    expression = _EXPRESSION.fullmatch(said)
    if expression is not None:
        asked = (
            text for start, text in _EXPRESSIONS if expression[1].startswith(start)
        )
        return _(next(asked, mark("it is not of the right form")))
    for pattern, text in _SAYINGS:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found is not None:
            groups = (each.replace(" or ", f" {_('or')} ") for each in found.groups())
            return _(text).format(*groups)
    return said
