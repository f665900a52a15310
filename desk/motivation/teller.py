"""Makes sentences in one language: short ones, with their days and their events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from desk.motivation.document import Sentence
from desk.motivation.record import Known, Record
from desk.titles import Titles
from domain.happenings import Happened
from domain.method import Text
from domain.plan_facts import PlanAmended
from language import dates, mark, translator

REASON: Final = mark("The reason: “{words}”")
_ERASED: Final = mark("The reason has been erased.")
_KEPT: Final = mark("The reason is confidential.")
_MISSING: Final = mark("The reason could not be read.")

Events = Iterable[int | Known[Any]]


class Teller:
    """Tells of a record in ``lang``."""

    def __init__(self, record: Record, lang: str) -> None:
        """Speak of ``record``; its days are those of the dialogue's own clock."""
        self.record = record
        self.lang = lang
        self.zone = ZoneInfo(record.state.zone)
        self.titles = Titles(record.state.plan, lang)
        self._ = translator(lang)
        self._gone: dict[str, Text] = {}
        for each in record.all(PlanAmended):
            self._gone |= each.fact.parts

    def text(self, text: str, **facts: str | int) -> str:
        """Give a text of the code in the reader's language."""
        said = self._(text)
        return said.format(**facts) if facts else said

    def say(self, text: str, events: Events, **facts: str | int) -> Sentence:
        """Make a sentence that rests on these events."""
        seqs = {each if isinstance(each, int) else each.seq for each in events}
        if not seqs:
            message = f"a sentence needs an event: {text}"
            raise ValueError(message)
        return Sentence(self.text(text, **facts), tuple(sorted(seqs)), text, facts)

    def on(self, event: Known[Any], text: str, **facts: str | int) -> Sentence:
        """Say what happened with an event, on its ``day``."""
        return self.say(text, [event], day=self.day(event.at), **facts)

    def many(
        self, number: int, one: str, more: str, events: Events, **facts: str | int
    ) -> Sentence:
        """Make a sentence that is about one, or about ``n`` of them."""
        return self.say(one if number == 1 else more, events, n=number, **facts)

    def silent(self, text: str, **facts: str | int) -> Sentence:
        """Say that the record is silent, up to and including its last event."""
        return self.say(text, [self.record.head], **facts)

    def why(self, event: Known[Any], name: str = "reason") -> list[Sentence]:
        """Give the reason of an event, where it was asked for; say if it is gone."""
        found = self.record.words(event, name)
        match found.standing:
            case "given":
                return [self.say(REASON, [event], words=flat(found.text))]
            case "erased":
                return [self.say(_ERASED, [event, found.said_by or event.seq])]
            case "kept":
                return [self.say(_KEPT, [event])]
            case "missing":
                return [self.say(_MISSING, [event])]
            case "none" | "not_asked":
                return []

    def local(self, at: datetime) -> datetime:
        """Give an instant on the dialogue's wall clock."""
        return at.astimezone(self.zone)

    def day(self, at: datetime | date) -> str:
        """Write the day of an instant: Friday 4 December 2026."""
        local = self.local(at).date() if isinstance(at, datetime) else at
        return dates.day(self.lang, local)

    def moment(self, at: datetime) -> str:
        """Write a moment, to the minute."""
        return dates.moment(self.lang, self.local(at))

    def until(self, at: datetime) -> str:
        """Write until when something is open that closes at this instant."""
        return dates.until(self.lang, self.local(at))

    def exactly(self, at: datetime) -> str:
        """Write an instant to the second, with its offset."""
        return self.local(at).isoformat(timespec="seconds")

    def span(self, begins: datetime, ends: datetime) -> str:
        """Write from when until when."""
        return dates.span(self.lang, self.local(begins), self.local(ends))

    def happened(self, when: Happened) -> str:
        """Write when something happened, as precisely as is known."""
        if when.until is None:
            return self._dated(when.date)
        first, last = self._dated(when.date), self._dated(when.until)
        return self.text(mark("between {first} and {last}"), first=first, last=last)

    def _dated(self, written: str) -> str:
        match len(written):
            case 4:
                return written
            case 7:
                first = date.fromisoformat(f"{written}-01")
                return dates.day(self.lang, first).split(" ", 2)[2]
            case 10:
                return self.day(date.fromisoformat(written))
            case _:
                return self.moment(datetime.fromisoformat(written))

    def listed(self, words: Sequence[str]) -> str:
        """Write words as people list them: a, b and c."""
        if len(words) <= 1:
            return "".join(words)
        first = ", ".join(words[:-1])
        return self.text(mark("{first} and {last}"), first=first, last=words[-1])

    def part(self, name: str) -> str:
        """Give the title of a step, item or window, also of one that went."""
        found = self.titles.part(name)
        if found == name and name in self._gone:
            return self.titles.text(self._gone[name])
        return found

    def opening(self, window: str, run: int) -> str:
        """Name an opening of a window; the first one by the window's title alone."""
        title = self.part(window)
        if run == 1:
            return title
        return self.text(mark("{window}, opening {run}"), window=title, run=run)

    def quoted(self, names: Iterable[str]) -> str:
        """Write titles of parts as people list them, each in quotes."""
        told = [self.text(mark("“{words}”"), words=self.part(name)) for name in names]
        return self.listed(told)

    def kind(self, name: str | None) -> str | None:
        """Give the title of a kind of stakeholder."""
        for kind in self.record.state.plan.stakeholder_kinds:
            if kind.id == name:
                return self.titles.text(kind.title)
        return name


def flat(text: str) -> str:
    """Write a text of several lines on one."""
    return " ".join(text.split())


def percent(part: int, whole: int) -> int:
    """Give a share in whole per cent, downwards: 100 means all of it."""
    return 100 * part // whole


def joined(every: Sequence[Sentence]) -> Sentence:
    """Make one of sentences that belong together, with the events of all."""
    events = sorted({seq for each in every for seq in each.events})
    text = " ".join(each.text for each in every)
    return every[0]._replace(text=text, events=tuple(events))
