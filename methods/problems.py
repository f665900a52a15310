"""What is wrong with a method's file, said so that its author can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it is, what it is and what to do.

    ``line`` and ``column`` count from 1. ``path`` names parts by their id where they
    have one, else by their place from 1: ``phases[before].steps[2].title.nl``.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Give one line in the manner of compilers, so that editors can jump to it."""
        where = f"{self.file}:{self.line}:{self.column}"
        what = f"{self.path}: {self.message}" if self.path else self.message
        end = "" if self.remedy.endswith((".", "?")) else "."
        return f"{where}: {what}. {self.remedy}{end}"


class MethodInvalid(Exception):
    """The file is not a method yet; ``problems`` says all that is wrong at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in the order of the file."""
        self.problems = tuple(sorted(problems, key=lambda p: (p.line, p.column)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MethodUnknown(LookupError):
    """No method that Polder ships has this id."""

    def __init__(self, method_id: str, known: Sequence[str]) -> None:
        """Name the id that was asked for and those that there are."""
        self.method_id = method_id
        self.known = tuple(known)
        names = ", ".join(known)
        super().__init__(f"there is no method {method_id!r}; choose from: {names}")
