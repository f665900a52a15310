"""A refusal as a page says it: without the commands that it names for systems.

The words of the domain end in what would help, with the command for it in brackets; a
page has a place for that, and links to it.
"""

from __future__ import annotations

import re
from typing import Final

_COMMANDS: Final = re.compile(
    r" \((?:mapping|[a-z]+(?:_[a-z]+)+(?: [^()]*)?)\)|(?<=\w) \(polder [^()]*\)"
)


def plainly(text: str) -> str:
    """Leave out what stands in brackets for systems."""
    return _COMMANDS.sub("", text)
