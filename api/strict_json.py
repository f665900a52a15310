"""A body in which a member stands twice is refused: two readers would read two things.

RFC 8259 leaves open which of the two counts, and so what is signed, checked and carried
out could differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, cast

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

from api.mistakes import TWICE, Mistake, pointer
from api.problems import bad_input

_MOST: Final = 20
"""How many are told at most."""


class StrictRequest(Request):
    """A request whose JSON is read once, with no member twice."""

    async def read(self) -> None:
        """Read the body. Raises the problem 400 for members that stand twice.

        What is no JSON at all is for whoever reads it next to tell.
        """
        try:
            body = await self.body()
        except ClientDisconnect as error:
            raise HTTPException(400) from error
        doubles: list[_Doubled] = []
        try:
            self._json = json.loads(body, object_pairs_hook=_made(doubles))
        except (ValueError, RecursionError):
            return
        if doubles:
            raise bad_input(*_told(self._json)[:_MOST])


class _Doubled(dict[str, Any]):
    """An object with members that stand in it more than once."""

    twice: tuple[str, ...] = ()


def _made(doubles: list[_Doubled]) -> Any:  # noqa: ANN401 (what json takes)
    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        names = [name for name, _ in pairs]
        doubled = _Doubled(found)
        doubled.twice = tuple(n for n in found if names.count(n) > 1)
        doubles.append(doubled)
        return doubled

    return made


def _told(value: object) -> list[Mistake]:
    return [
        Mistake("body", pointer(place), TWICE, "duplicate") for place in _places(value)
    ]


def _places(value: object, *above: str) -> Iterator[tuple[str, ...]]:
    if isinstance(value, _Doubled):
        yield from ((*above, name) for name in value.twice)
    if isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            yield from _places(each, *above, name)
    if isinstance(value, list):
        for number, each in enumerate(cast("list[object]", value)):
            yield from _places(each, *above, str(number))
