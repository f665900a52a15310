"""What is wrong with what was sent, part by part, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from desk import malformed
from language import mark, translator

UNKNOWN: Final = mark("it does not belong here")
TWICE: Final = mark("it stands here more than once")
_NO_JSON: Final = mark("it is no JSON")
_PLACES: Final = {"body", "query", "header", "path", "cookie"}


class Mistake(NamedTuple):
    """One part that is off: where, and what it takes.

    ``place`` is body, query, header or path; ``name`` a parameter's name, or in a body
    a JSON pointer (RFC 6901). ``problem`` is a marked text, or what pydantic says.
    """

    place: str
    name: str
    problem: str
    code: str = "invalid"
    facts: Mapping[str, str] = MappingProxyType({})
    """What stands in the named places of ``problem``."""

    def told(self, lang: str) -> dict[str, str]:
        """Give it as JSON, in a language."""
        known = translator(lang)(self.problem)
        detail = known if known != self.problem else _in_words(self.problem, lang)
        detail = detail.format(**self.facts) if self.facts else detail
        where = "pointer" if self.place == "body" else "name"
        return {
            "in": self.place,
            where: self.name,
            "code": self.code,
            "detail": detail,
        }


def in_path(error: Mapping[str, Any]) -> bool:
    """Whether it is the address that can't be read."""
    return bool(error["loc"]) and error["loc"][0] == "path"


def mistakes(errors: Iterable[Mapping[str, Any]], place: str = "") -> list[Mistake]:
    """Give what pydantic found; ``place`` where its locations don't begin with one."""
    return list(_each(errors, place))


def _each(errors: Iterable[Mapping[str, Any]], place: str) -> Iterator[Mistake]:
    for error in errors:
        loc: Sequence[Any] = error["loc"]
        where = place or str(loc[0] if loc else "body")
        parts = loc if place else loc[1:]
        code, problem = str(error["type"]), str(error["msg"])
        if code == "json_invalid":
            parts, problem = (), _NO_JSON
        name = pointer(parts) if where == "body" else ".".join(map(str, parts))
        yield Mistake(where, name, problem, code)


def pointer(parts: Iterable[Any]) -> str:
    """Give a JSON pointer to a part of a body."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)


def _in_words(problem: str, lang: str) -> str:
    told = malformed.in_words(f"a member: {problem}", lang)
    return told.partition(": ")[2] or problem
