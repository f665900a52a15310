"""A finding: what is wrong with a method, where, and what would help.

Here is also what all checks look with: places, ids given twice, unknown names.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from domain.method import Method, Step

Path: TypeAlias = tuple[str | int, ...]

_MOST_NAMES: Final = 100
"""Among how many names a remedy looks for the one that was meant."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong; where, as the members and indexes that lead there; what helps."""

    path: Path
    message: str
    remedy: str


def placed_steps(method: Method) -> Iterator[tuple[Path, Step]]:
    """Give every step with its place."""
    for p, phase in enumerate(method.phases):
        for s, step in enumerate(phase.steps):
            yield ("phases", p, "steps", s), step


def twice(
    what: str, placed: Iterable[tuple[Path, str]], where: str
) -> Iterator[Finding]:
    """Find ids that something else has already."""
    seen: set[str] = set()
    for path, name in placed:
        if name in seen:
            message = f"another {what} {where} has the id {name!r}"
            yield Finding((*path, "id"), message, "Give each an id of its own")
        seen.add(name)


def listed(
    path: Path, member: str, parts: Iterable[BaseModel]
) -> list[tuple[Path, str]]:
    """Give the ids of a list of parts, each with its place."""
    return [
        ((*path, member, n), cast("str", getattr(part, "id")))  # noqa: B009 (no common type)
        for n, part in enumerate(parts)
    ]


def unknown(
    path: Path, what: str, name: str | None, known: Iterable[str]
) -> Iterator[Finding]:
    """Find a name that is none of those known, with what may have been meant."""
    if name is None or name in (names := tuple(known)):
        return
    names = names[:_MOST_NAMES]
    remedy = f"Choose from: {', '.join(names)}" if names else f"Define a {what} first"
    if close := get_close_matches(name, names, n=1):
        remedy = f"Did you mean {close[0]}?"
    yield Finding(path, f"{name!r} is no {what}", remedy)
