"""The library finds methods, shipped or published, and compiles them for a start."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from activities.contracts import CompileRequest
from calendars import compile_calendar
from calendars.compilation import CalendarId
from domain.calendar import Calendar
from domain.commands import Compiled
from domain.errors import MethodUnfit
from evidence.canonical import content_hash
from methods.load import LoadedMethod, MethodUnknown, load_text, shipped
from storage.pool import Source
from storage.published import published, published_methods


class Library:
    """Methods in reach: those that ship, and those an organisation published."""

    def __init__(self, source: Source | None = None) -> None:
        """Use the record at ``source``; without one only what ships is in reach."""
        self._source = source

    async def find(self, method: str, digest: str | None = None) -> LoadedMethod:
        """Give a method by id, the one with this hash if one is named.

        A published method goes before a shipped one of the same id. Raises
        `methods.load.MethodUnknown`, naming those that there are.
        """
        if self._source is not None:
            text = await published(self._source, method, digest)
            if text is not None:
                return load_text(text, f"{method}.yaml")
        known = shipped().get(method)
        if known is not None and digest in {None, known.hash}:
            return known
        wanted = method if digest is None else f"{method}@{digest[:12]}"
        raise MethodUnknown(wanted, [each.method.id for each in await self.all()])

    async def all(self) -> list[LoadedMethod]:
        """Give every method in reach, by id; a published one instead of a shipped."""
        methods = dict(shipped())
        if self._source is not None:
            for each in await published_methods(self._source):
                methods[each.id] = load_text(each.text, f"{each.id}.yaml")
        return [methods[name] for name in sorted(methods)]

    async def compile(self, request: CompileRequest) -> Compiled:
        """Give what a start needs. Raises a `DomainError` that says what there is."""
        try:
            found = await self.find(request.method, request.method_hash)
        except MethodUnknown as error:
            raise MethodUnfit(problem=str(error)) from error
        calendar, digest = _calendar(request.calendar, request.zone, request.first_year)
        return Compiled(
            method=found.method,
            method_hash=found.hash,
            calendar=calendar,
            calendar_hash=digest,
        )


@lru_cache(maxsize=32)
def _calendar(country: str, zone: str, first_year: int) -> tuple[Calendar, str]:
    calendar = compile_calendar(cast("CalendarId", country), zone, first_year)
    return calendar, content_hash(calendar.model_dump(mode="json"))
