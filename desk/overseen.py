"""One dialogue of many as people look at it: where it is, and what falls due next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from desk.reading import method_of
from desk.titles import Titles
from domain.clock import Clock, to_dialogue_time
from domain.method import Method
from domain.plan_applying import amended
from domain.plan_facts import Amendment
from storage.pool import Source
from storage.portfolio import Row

__all__ = ["Row", "Seen", "plan_of", "seen"]

_AMENDMENTS: Final = TypeAdapter(tuple[Amendment, ...])


class Seen(NamedTuple):
    """One dialogue of the list, in a reader's words.

    ``lang`` is that of the method's titles. ``due`` is the last day of what falls due
    next, on the dialogue's own wall clock;
    """

    row: Row
    titles: Titles
    lang: str
    now: datetime
    """The dialogue's present moment, in UTC."""

    @property
    def method(self) -> str:
        """The title of its method."""
        return self.titles.text(self.titles.plan.title)

    @property
    def phase(self) -> str:
        """The title of the phase it is in."""
        return self.titles.phase(self.row.phase)

    @property
    def step(self) -> str | None:
        """The number and the title of the step it is at."""
        known = self.titles.plan.steps.get(self.row.step or "")
        if known is None:
            return self.row.step
        return f"{known.number} {self.titles.text(known.title)}"

    @property
    def due(self) -> date | None:
        """The last day of what falls due next."""
        if self.row.next_deadline is None:
            return None
        last = self.row.next_deadline - timedelta(microseconds=1)
        return self.local(last).date()

    def local(self, moment: datetime) -> datetime:
        """Give a moment on the dialogue's wall clock."""
        return moment.astimezone(ZoneInfo(self.row.zone))

    @property
    def days(self) -> int | None:
        """How many days away that is; negative when it has passed."""
        if self.due is None:
            return None
        return (self.due - self.local(self.now).date()).days

    @property
    def due_what(self) -> str:
        """What falls due next: a window by its title, or a date by its own."""
        target = self.row.target or ""
        return target if self.row.kind == "date" else self.titles.window(target)


async def seen(conn: Source, row: Row, lang: str, now: datetime) -> Seen:
    """Give a dialogue of a list in a reader's words, at a real moment."""
    plan = await plan_of(conn, row.method_hash, row.amendments)
    clock = Clock.model_validate(row.clock)
    return Seen(
        row, Titles(plan, lang), _told_in(plan, lang), to_dialogue_time(clock, now)
    )


def _told_in(plan: Method, lang: str) -> str:
    """Give the language in which a method's titles come, for who asks for this one."""
    return next((each for each in plan.languages if each == lang), plan.languages[0])


async def plan_of(
    source: Source, digest: str, amendments: Sequence[Mapping[str, Any]]
) -> Method:
    """Give the plan of a dialogue: its method, by hash, with what was amended."""
    plan = await method_of(source, digest)
    if not amendments:
        return plan
    made = _AMENDMENTS.validate_python(amendments)
    return amended(plan, (change for each in made for change in each.changes))
